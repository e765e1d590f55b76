"""A sequence for each text, between the special tokens of a vocabulary."""

import pytest

from replications.corpora.batches.labelled_batches import Arranged
from replications.corpora.batches.text_by_text import (
    after_end_of_text,
    class_and_separator,
    each_text_alone,
)
from replications.errors import ReplicationError
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.wordpiece import SPECIAL, WordPiece

PIECES = WordPiece((*SPECIAL, *"abcd"))
PAIRS = ByteLevelBPE.learn(["a b a b"], merges=1)


@pytest.mark.parametrize(
    ("vocabulary", "around", "before", "after"),
    [
        (PIECES, class_and_separator, [PIECES.start], [PIECES.separator]),
        (PAIRS, after_end_of_text, [PAIRS.end_of_text], []),
    ],
)
def test_a_text_stands_between_its_special_tokens_and_is_read_at_the_last(
    vocabulary, around, before, after
):
    arrange = each_text_alone(vocabulary, None, around=around)
    ids = [*before, 5, 6, 7, *after]
    assert arrange([[5, 6, 7]]) == [Arranged(ids, [0] * len(ids), len(ids) - 1)]


def test_two_texts_keep_their_order_and_are_cut_apart():
    arrange = each_text_alone(PIECES, None, around=class_and_separator, max_length=4)
    assert (PIECES.start, PIECES.separator) == (2, 3)
    assert [row.ids for row in arrange([[1, 2, 3], [4]])] == [[2, 1, 2, 3], [2, 4, 3]]


def test_no_room_for_a_text_is_an_error():
    with pytest.raises(ReplicationError, match="give 3 or more"):
        each_text_alone(PIECES, None, around=class_and_separator, max_length=2)
