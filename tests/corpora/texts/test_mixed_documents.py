"""Sources in turn, by their shares of the characters."""

from __future__ import annotations

from functools import partial

import pytest

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.mixed_documents import mixed_documents
from replications.errors import ReplicationError
from replications.tokens.byte_level import ByteLevelBPE


def source(seed: int, *, letter: str, size: int, count: int) -> Documents:
    identity = CorpusIdentity(letter, "train", "synthetic", letter, count, "", True)
    part = [letter * size] * count
    return Documents(part, part, part, (identity,), key=f"{letter}{seed}")


def one_merge(documents: Documents) -> ByteLevelBPE:
    return ByteLevelBPE.learn(documents.train, merges=1)


LONG = partial(source, letter="a", size=30, count=10)
SHORT = partial(source, letter="b", size=5, count=1000)


def test_each_source_has_its_share_of_the_characters_and_none_is_read_twice():
    mix = mixed_documents(0, sources={"a": LONG, "b": SHORT}, shares={"a": 0.75, "b": 0.25})
    text = "".join(mix.train)
    assert text.count("a") == 300
    assert text.count("b") == pytest.approx(100, abs=10)
    # At every point of the text, but for one document.
    for end in range(60, len(text), 60):
        assert text[:end].count("a") / 0.75 == pytest.approx(text[:end].count("b") / 0.25, abs=45)


def test_the_mix_ends_where_the_source_whose_turn_it_is_has_none_left():
    few = partial(source, letter="b", size=5, count=4)
    mix = mixed_documents(0, sources={"a": LONG, "b": few}, shares={"a": 0.5, "b": 0.5})
    assert "".join(mix.train).count("b") == 20
    assert "".join(mix.train).count("a") == 30


def test_the_sources_stay_whole_and_their_identities_are_those_of_the_mix():
    mix = mixed_documents(0, sources={"a": LONG, "b": SHORT}, shares={"a": 0.75, "b": 0.25})
    assert len(mix.sources["b"].test) == 1000
    assert [identity.name for identity in mix.identities] == ["a", "b"]


def test_the_key_changes_with_a_share_a_source_and_the_seed_and_is_none_without_one():
    def key(seed: int = 0, share: float = 0.5, other: partial = SHORT) -> str | None:
        shares = {"a": share, "b": 1 - share}
        return mixed_documents(seed, sources={"a": LONG, "b": other}, shares=shares).key

    assert len({key(), key(seed=1), key(share=0.4), key(other=partial(SHORT, letter="c"))}) == 4
    assert key() == key()


@pytest.mark.parametrize("shares", [{"a": 1.0}, {"a": 1.0, "b": 0.0}, {"a": 1.0, "c": 1.0}])
def test_sources_without_a_share_are_refused(shares):
    with pytest.raises(ReplicationError, match="give each source a share above 0"):
        mixed_documents(0, sources={"a": LONG, "b": SHORT}, shares=shares)
