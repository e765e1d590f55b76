"""Sentences as points: the decoder's first state, and labels that can all be read."""

import itertools

import pytest
import torch
from tiny_translation import LANGUAGES

from replications.errors import ReplicationError
from replications.figures.words.sentence_vectors import draw_sentences, sentence_vectors
from replications.models.sequence_to_sequence import SequenceToSequence
from replications.tokens.special import END

TEXTS = [
    "I gave her a card in the garden",
    "In the garden , I gave her a card for $5 or $6",
    "She was given a card by me in the garden",
    "She gave me a card in the garden",
    "I was given a card by her in the garden",
    "A man rides a horse",
    "A horse rides a man",
]
GROUPS = ["I give"] * 3 + ["she gives"] * 2 + ["riding"] * 2


def vectors_of(crowd=0.1):
    vectors = crowd * torch.randn(7, 5, generator=torch.Generator().manual_seed(0))
    vectors[:3, 0] += 4
    vectors[3:5, 1] += 3
    return vectors


@torch.no_grad()
def test_a_sentences_vector_is_the_last_h_and_c_of_each_layer_whatever_stands_beside_it():
    torch.manual_seed(0)
    tokens = len(LANGUAGES.source)
    model = SequenceToSequence(tokens, tokens, embedding=4, hidden=3, layers=2, dropout=0.5)
    found = sentence_vectors(model, LANGUAGES, ["a b c d", "b"])
    assert model.training
    memory = model.eval().encode(torch.tensor([[*LANGUAGES.source.encode("b"), END]]))
    torch.testing.assert_close(found[1], torch.cat(memory, 1)[0])
    assert found.shape == (2, 2 * 2 * 3)


def labels_of(figure):
    return [text for text in figure.axes[0].texts if text.get_text()]


@pytest.mark.parametrize("crowd", [0.001, 0.1, 1.0])
def test_every_sentence_is_written_once_and_hides_no_other_and_none_is_cut(crowd):
    figure = draw_sentences(vectors_of(crowd), TEXTS, GROUPS)
    labels = labels_of(figure)
    written = [" ".join(text.get_text().split()).replace(r"\$", "$") for text in labels]
    assert written == TEXTS
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in labels]
    inside = figure.axes[0].get_window_extent()
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    assert all(box.x0 >= inside.x0 - 1 and box.x1 <= inside.x1 + 1 for box in boxes)
    assert all(box.y0 >= inside.y0 - 1 and box.y1 <= inside.y1 + 1 for box in boxes)


def test_groups_share_a_colour_and_are_named_below():
    figure = draw_sentences(vectors_of(), TEXTS, GROUPS)
    colours = [text.get_color() for text in labels_of(figure)]
    assert len(set(colours)) == 3 and colours[0] == colours[2] != colours[3]
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["I give", "she gives", "riding"]


def test_without_groups_there_is_no_legend():
    assert draw_sentences(vectors_of(), TEXTS).legends == []


def test_two_sentences_make_no_plane():
    with pytest.raises(ReplicationError, match="2 sentences make no plane"):
        draw_sentences(torch.eye(2), ["a", "b"])
