"""What a model is only measured on: whole lines from the middle, rows together, the world."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny_text import IDENTITY

from replications.corpora.texts import held_out_texts as module
from replications.corpora.texts.held_out_texts import held_out_texts, world_texts
from replications.corpora.world.stories import make_stories
from replications.errors import ReplicationError


class Rows(dict):
    @property
    def column_names(self):
        return list(self)


@pytest.fixture
def corpus(monkeypatch):
    rows = Rows(text=["one", "two", "three", "four", "fi\ufeffve"], en=["a", "b", "c", "d", "e"])

    def load(name, split):
        return rows, replace(IDENTITY, name=name, split=split)

    monkeypatch.setattr(module, "load_corpus", load)
    return rows


def test_every_nth_row_of_the_column_is_taken(corpus):
    found = held_out_texts(3, corpus="tiny", split="validation", column="en", stride=2)
    assert found.texts == ("a", "c", "e")
    assert [(each.name, each.split) for each in found.identities] == [("tiny", "validation")]


def test_short_rows_become_one_document_and_the_last_may_be_shorter(corpus):
    found = held_out_texts(0, corpus="tiny", together=2, between=" | ", removed="\ufeff")
    assert found.texts == ("one | two", "three | four", "five")


def test_the_middle_of_a_long_row_has_whole_lines(corpus):
    lines = [f"line {number:02d}" for number in range(100)]
    corpus["text"][:] = ["\n".join(lines)]
    (text,) = held_out_texts(0, corpus="tiny", characters=100).texts
    kept = text.split("\n")
    assert set(kept) < set(lines) and len(text) <= 100
    # As much is left out before as after.
    assert abs(lines.index(kept[0]) - (99 - lines.index(kept[-1]))) <= 1


def test_a_row_that_is_short_enough_is_not_cut(corpus):
    assert held_out_texts(0, corpus="tiny", characters=5).texts[:2] == ("one", "two")


@pytest.mark.parametrize("knob", ["stride", "together", "characters"])
def test_a_number_below_1_is_an_error(corpus, knob):
    with pytest.raises(ReplicationError, match=f"{knob} is 0; give 1 or more"):
        held_out_texts(0, corpus="tiny", **{knob: 0})


def test_a_column_that_is_not_there_is_an_error(corpus):
    with pytest.raises(ReplicationError, match="no column 'de'; it has: text, en"):
        held_out_texts(0, corpus="tiny", column="de")


def test_the_worlds_stories_are_its_test_part_whatever_the_seed():
    one, other = (world_texts(seed, stories=4, domain="shifted") for seed in (0, 7))
    assert one == other
    told = make_stories(5, 3, test_stories=4, domain="shifted")
    assert one.texts == tuple(story.text for story in told.test)
    assert one.identities == told.identities[-1:]
