from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from told_stories import read_back

from replications.corpora.world.stories_last_word import LastSentenceOracle, make_last_words
from replications.corpora.world.stories_words import ANSWER_SLOT
from replications.errors import ReplicationError


@cache
def passages(seed=0, **knobs):
    return make_last_words(seed, 400, validation_passages=20, **{"test_passages": 300, **knobs})


def test_the_last_sentence_does_not_tell_the_last_word_and_the_story_does():
    world = passages()
    oracle = LastSentenceOracle(world.train)
    assert oracle.accuracy(world.test) <= 0.2
    for passage in world.test:
        facts, _, _ = read_back(passage.story)
        assert f"{passage.context} {passage.last_word}" == passage.story.text
        assert passage.context.endswith(passage.last_sentence)
        assert passage.last_word not in passage.last_sentence.split()
        assert passage.last_word in passage.context.split()
        (answer,) = passage.story.answers
        person = passage.story.people[answer.person]
        slot = ANSWER_SLOT[answer.kind]
        if slot == "NAME":
            assert facts[person.name, "THING"] in passage.last_sentence.split()
        else:
            assert facts[person.name, slot] == passage.last_word
            assert person.name in passage.last_sentence.split()


def test_guessing_among_the_words_told_or_the_one_told_last_is_not_enough():
    test = passages().test
    assert np.mean([passage.chance for passage in test]) <= 0.2
    latest = 0
    for passage in test:
        kind = passage.story.answers[0].kind
        values = {getattr(p, ANSWER_SLOT[kind].lower()) for p in passage.story.people}
        told = [word for word in passage.context.split() if word in values]
        latest += told[-1] == passage.last_word
    assert latest / len(test) <= 0.35


def test_a_last_sentence_that_tells_the_fact_again_is_enough():
    world = passages(restated=True)
    assert LastSentenceOracle(world.train).accuracy(world.test) > 0.5
    for passage in world.test:
        assert passage.last_word in passage.last_sentence.split()
        assert passage.story.answers[0].distance < 20


def test_passages_are_kept_apart_and_drawn_the_same_again():
    same, again, other = (passages.__wrapped__(seed) for seed in (0, 0, 1))
    assert same == again
    assert other.train != same.train and other.test == same.test
    texts = [{p.story.text for p in part} for part in (same.train, same.validation, same.test)]
    assert not texts[0] & (texts[1] | texts[2]) and not texts[1] & texts[2]


def test_impossible_passages_are_named():
    with pytest.raises(ReplicationError, match="make_last_words: entities"):
        passages(entities=(9, 9))
