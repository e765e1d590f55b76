from __future__ import annotations

import random

import pytest

from replications.errors import ReplicationError
from replications.metrics.segmentation import compare_segmentations, segmentation
from replications.tokens.bpe import BytePairEncoding
from replications.tokens.shortlist import Shortlist

TRAIN = ["low low low", "lower new.", "low new"]


def test_words_are_counted_by_hand():
    found = segmentation(Shortlist.learn(TRAIN, size=9), TRAIN, ["low newer!", "lower"])
    # low, lower, new and the full stop; newer and the exclamation mark are unseen.
    assert found == {
        "tokens": 8,
        "tokens_per_word": 1,
        "types": 4,
        "symbols": 8,
        "unseen": 2,
        "unknown": 2,
    }


def test_characters_are_counted_by_hand():
    found = segmentation(BytePairEncoding.learn(TRAIN, merges=0), TRAIN, ["owl!"])
    # Four times low, twice new, once lower, and the full stop with its JOINER.
    assert found["tokens"] == 4 * 3 + 2 * 3 + 5 + 2
    assert found["tokens_per_word"] == 25 / 8
    # l o e n w, w and r and the full stop at the end of a word, the JOINER.
    assert found["types"] == len({*"loenw", "w</w>", "r</w>", ".</w>", "￭"})
    # l at the end of a word is written as two symbols, as is the unknown mark.
    assert (found["unseen"], found["unknown"]) == (3, 1)


def test_a_merged_symbol_that_training_texts_no_longer_hold_is_unseen_but_not_unknown():
    learned = BytePairEncoding.learn(["abc"] * 4, merges=2)
    assert learned.merges == (("a", "b"), ("ab", "c</w>"))
    found = segmentation(learned, ["abc"], ["abab"])
    assert found["types"] == 1
    assert (found["unseen"], found["unknown"]) == (3, 0)


def draw_texts(seed: int) -> list[str]:
    draw = random.Random(seed)
    stems, ends = "lamp wind farm hous sing wald".split(), "e er est ing ung en".split()
    return [
        " ".join(draw.choice(stems) + draw.choice(ends[: draw.randint(1, 6)]) for _ in range(6))
        for _ in range(40)
    ]


def test_merges_shorten_the_text_step_by_step_and_leave_nothing_unknown():
    train, held_out = draw_texts(0), ["singende lampe wandeln"]
    merges = [4, 16, 64]
    rows = compare_segmentations(train, held_out, merges=merges)
    assert list(rows) == ["words", "characters", *(f"{n} merges" for n in merges)]
    lengths = [row["tokens_per_word"] for row in rows.values()]
    assert lengths[0] == 1
    assert lengths[1:] == sorted(lengths[1:], reverse=True)
    assert lengths[1] > lengths[2] > lengths[3] > lengths[4] >= 1
    assert rows["words"]["unknown"] == 2
    assert [row["unknown"] for name, row in rows.items() if name != "words"] == [0, 0, 0, 0]


def test_byte_pairs_learned_from_more_texts_may_hold_types_that_this_side_lacks():
    english, german = ["a hat a hat"] * 3, ["der hut der hut"] * 3
    joint = BytePairEncoding.learn(english + german, merges=20)
    rows = compare_segmentations(english, ["hut"], merges=[20], learned=joint)
    assert rows["20 merges"]["types"] == 2
    assert (rows["20 merges"]["unseen"], rows["20 merges"]["unknown"]) == (1, 0)


@pytest.mark.parametrize("texts", [[], [" "]])
def test_texts_without_words_are_refused(texts):
    with pytest.raises(ReplicationError, match="no words"):
        segmentation(Shortlist.learn(TRAIN, size=2), texts, TRAIN)
    with pytest.raises(ReplicationError, match="no words"):
        compare_segmentations(texts, TRAIN, merges=[3])
