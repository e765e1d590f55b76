"""The n-grams that two texts share."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from replications.corpora.world.stories import make_stories
from replications.errors import ReplicationError
from replications.metrics.language.overlap import overlap, overlap_metrics

TRAIN = ["The cat sat on the mat, and slept.", "A dog ran."]


def by_hand(texts, train, n):
    """The same with Python's own sets."""

    def runs(text):
        kept = "".join(c if c.isalnum() else " " for c in text.lower()).split()
        return [tuple(kept[i : i + n]) for i in range(len(kept) - n + 1)]

    known = {run for text in train for run in runs(text)}
    found = [run in known for text in texts for run in runs(text)]
    return 100 * sum(found) / len(found)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("the CAT sat... on the mat!", 100),
        ("the cat sat on a mat", 50),
        ("mat and slept a dog ran", 50),
        ("nothing of it is there", 0),
    ],
)
def test_3_grams_are_found_whatever_their_case_and_punctuation(text, share):
    assert overlap({"it": [text]}, TRAIN, n=3) == {"it": share}


def test_no_n_gram_crosses_from_one_document_to_the_next():
    assert overlap({"it": ["slept a dog"]}, TRAIN, n=3) == {"it": 0}
    assert overlap({"it": ["the cat", "sat on the"]}, TRAIN, n=3) == {"it": 100}


def test_each_text_is_an_item_with_the_n_grams_that_were_found_and_all():
    tested = ["the cat sat on a mat", "a dog", "slept", "nothing of a dog ran", "the cat sat"]
    found = overlap({"it": tested}, TRAIN, n=3)["it"]
    assert found.items.values.tolist() == [[2, 4], [0, 0], [0, 0], [1, 3], [1, 1]]
    assert found == found.again() == 100 * 4 / 8


def test_it_is_what_sets_of_n_grams_give():
    draw = np.random.default_rng(0)
    words = [f"w{n}" for n in range(6)]
    text = [" ".join(draw.choice(words, 60)) for _ in range(12)]
    tested = {"one": text[:3], "two": text[3:5]}
    for n in (1, 2, 4, 8):
        expected = {name: by_hand(texts, text[5:], n) for name, texts in tested.items()}
        assert overlap(tested, text[5:], n=n) == pytest.approx(expected)
    assert 0 < by_hand(text[:3], text[5:], 3) < 100


def test_planted_stories_are_found_whole():
    world = make_stories(0, 60, test_stories=20, duplicate_share=0.5)
    parts = {
        "planted": [world.test[index].text for index in world.planted],
        "others": [story.text for n, story in enumerate(world.test) if n not in world.planted],
    }
    found = overlap(parts, [story.text for story in world.train])
    assert found["planted"] == 100 > 80 > found["others"]


def test_the_metric_names_the_domains_and_the_test_part():
    data = SimpleNamespace(
        eval_sets={"songs": SimpleNamespace(texts=["the cat sat"])},
        text=SimpleNamespace(train=TRAIN, test=["a dog ran off"]),
    )
    found = overlap_metrics(None, data, domains=("songs",), n=3)
    assert found == {"overlap:songs": 100, "overlap:test": 50}


def test_too_few_words_are_an_error():
    with pytest.raises(ReplicationError, match="short has no 8-gram of words"):
        overlap({"short": ["one two"]}, TRAIN)
    with pytest.raises(ReplicationError, match="n-grams of 0 words"):
        overlap({"it": ["one"]}, TRAIN, n=0)
