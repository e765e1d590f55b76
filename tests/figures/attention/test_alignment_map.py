"""Attention as a map of words: the model's weights, at the places of the words."""

import io
from dataclasses import replace

import pytest
import torch
from tiny_translation import LANGUAGES, model_of

from replications.decoding.translation import translate
from replications.errors import ReplicationError
from replications.figures.attention.alignment_map import Alignment, align, draw_alignments
from replications.models.transformer import Transformer
from replications.tokens.languages import reversed_order
from replications.tokens.special import BEGIN, END

TOKENS = len(LANGUAGES.source)


def transformer():
    torch.manual_seed(0)
    return Transformer(
        TOKENS, TOKENS, d_model=8, layers=2, heads=2, d_ff=8, dropout=0.5, max_length=64
    ).train()


def ids(text):
    return LANGUAGES.source.encode(text)


def manual(model, source, target):
    """The weights on words, END left out, each row summing to 1."""
    weights = model.eval().attention(
        torch.tensor([[*ids(source), END]]), torch.tensor([[BEGIN, *ids(target), END]])
    )[0][:, :, : len(ids(target)), : len(ids(source))]
    mean = weights.detach()
    return mean / mean.sum(-1, keepdim=True)


def test_a_row_is_the_attention_with_which_its_word_is_predicted_and_sums_to_one():
    model = transformer()
    found = align(model, LANGUAGES, "a b c", "d e", layer=1, head=0)
    assert (found.source, found.target) == (["a", "b", "c"], ["d", "e"])
    torch.testing.assert_close(found.weights, manual(model, "a b c", "d e")[1, 0])


def test_without_a_layer_all_layers_and_heads_are_averaged_before_words_are_made():
    model = transformer()
    found = align(model, LANGUAGES, "a  b c ", "d e")
    raw = (
        model.eval()
        .attention(torch.tensor([[*ids("a b c"), END]]), torch.tensor([[BEGIN, *ids("d e"), END]]))[
            0
        ]
        .mean((0, 1))[:2, :3]
    )
    torch.testing.assert_close(found.weights, (raw / raw.sum(-1, keepdim=True)).detach())


def test_a_source_that_is_read_backwards_is_drawn_forwards():
    model = transformer()
    backwards = replace(LANGUAGES, order=reversed_order)
    found = align(model, backwards, "a b c", "d e", layer=0, head=1)
    torch.testing.assert_close(found.weights, manual(model, "c b a", "d e")[0, 1].flip(-1))


def test_dropout_is_off_while_weights_are_read_and_on_again_after():
    model = transformer()
    first, second = (align(model, LANGUAGES, "a b", "c").weights for _ in range(2))
    assert torch.equal(first, second)
    assert model.training


def test_without_a_translation_the_models_own_is_drawn():
    model = transformer()
    (own,) = translate(model.eval(), LANGUAGES, ["a b c"])
    assert own
    assert align(model, replace(LANGUAGES, max_length=99), "a b c").target == own.split()


def test_models_layers_and_heads_that_are_not_there_are_errors():
    with pytest.raises(ReplicationError, match="TableTranslator has no attention"):
        align(model_of(0), LANGUAGES, "a", "b")
    with pytest.raises(ReplicationError, match="layer is 2, but .* has 2, counted from 0"):
        align(transformer(), LANGUAGES, "a", "b", layer=2)
    with pytest.raises(ReplicationError, match="head is -1"):
        align(transformer(), LANGUAGES, "a", "b", head=-1)


WEIGHTS = torch.tensor([[0.9, 0.1, 0.0], [0.0, 0.25, 0.75]])
SURE, POSSIBLE = {(0, 0)}, {(0, 0), (2, 1)}
ALIGNMENT = Alignment(WEIGHTS, ["$5", "a", "b￭"], ["x$", "y"], SURE, POSSIBLE, "one")


def test_the_source_stands_above_and_gold_links_are_squares_at_their_words():
    (ax,) = draw_alignments(ALIGNMENT).axes
    assert ax.xaxis.get_ticks_position() == "top"
    assert ax.images[0].get_array().tolist() == WEIGHTS.tolist()
    assert [text.get_text() for text in ax.get_yticklabels()] == [r"x\$", "y"]
    squares = {
        (round(p.get_x() + p.get_width() / 2), round(p.get_y() + p.get_height() / 2)): p
        for p in ax.patches
    }
    assert {place: p.get_linestyle() for place, p in squares.items()} == {
        (0, 0): "-",
        (2, 1): "--",
    }


def test_short_sentences_stand_two_in_a_row_and_one_long_one_has_a_row_to_itself():
    columns = [ax.get_subplotspec().colspan.start for ax in draw_alignments(*[ALIGNMENT] * 3).axes]
    assert columns == [0, 1, 0, 1]
    words = [f"word{n}" for n in range(25)]
    long = Alignment(torch.eye(25), words, words)
    figure = draw_alignments(long, ALIGNMENT)
    assert [ax.get_subplotspec().colspan.start for ax in figure.axes] == [0, 0]
    assert figure.get_figwidth() == 6


@pytest.mark.filterwarnings("error")
def test_the_font_has_all_signs_and_no_word_is_cut():
    figure = draw_alignments(ALIGNMENT, replace(ALIGNMENT, target=["extraordinarily", "y"]))
    figure.savefig(io.BytesIO())
    for ax in figure.axes:
        for text in [*ax.get_xticklabels(), *ax.get_yticklabels(), ax.title]:
            box = text.get_window_extent()
            assert box.x0 >= 0 and box.y0 >= 0
            assert box.x1 <= figure.bbox.width and box.y1 <= figure.bbox.height


def test_nothing_to_draw_and_weights_that_fit_no_sentence_are_errors():
    with pytest.raises(ReplicationError, match="no alignment to draw"):
        draw_alignments()
    with pytest.raises(ReplicationError, match=r"\(2, 3\) do not fit 1 target words and 3 source"):
        replace(ALIGNMENT, target=["x"])
