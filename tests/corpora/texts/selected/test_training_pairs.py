"""Training parts made of others."""

import pytest

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.parallel_text import Pairs, ParallelText
from replications.corpora.texts.selected.training_pairs import short_training, with_unlinked
from replications.errors import ReplicationError

IDENTITY = CorpusIdentity("mini", "train", "synthetic", "a" * 64, 3, "generated", True)
OTHER = CorpusIdentity("gold", "test", "synthetic", "b" * 64, 1, "generated", True)
THREE = Pairs(("a b c", "a b, c", "a b"), ("x", "y", "z"))


def text(seed):
    return ParallelText(THREE, THREE, THREE, identities=(IDENTITY,))


def test_long_sentences_are_kept_out_of_training_and_validation_and_not_of_the_test():
    found = short_training(0, text=text, max_words=3)
    # The comma counts as a word of its own.
    assert found.train == found.validation == Pairs(("a b c", "a b"), ("x", "z"))
    assert found.test == THREE


def test_no_sentence_that_is_short_enough_is_an_error():
    with pytest.raises(ReplicationError, match="training part has at most 1 words"):
        short_training(0, text=text, max_words=1)


def gold():
    link = frozenset({(0, 0)})
    return Pairs(("le",), ("the",), (link,), (link,)), OTHER


def test_further_pairs_are_read_without_their_links():
    found = with_unlinked(0, text=text, pairs=gold, copies=2)
    assert found.train.source == (*THREE.source, "le", "le")
    assert found.train.target == (*THREE.target, "the", "the")
    assert found.train.sure is None
    assert found.test == THREE
    assert found.identities == (IDENTITY, OTHER)


def test_no_copy_at_all_is_refused():
    with pytest.raises(ReplicationError, match="copies is 0"):
        with_unlinked(0, text=text, pairs=gold, copies=0)
