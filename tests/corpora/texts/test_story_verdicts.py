import pytest

from replications.corpora.texts.story_verdicts import story_verdicts
from replications.corpora.world.stories import make_stories
from replications.errors import ReplicationError

KNOBS = {
    "entities": (1, 1),
    "distance": (5, 10),
    "max_length": 60,
    "questions": 0,
    "facts": 1,
    "question_share": 0.0,
    "summary_share": 0.0,
    "validation_stories": 20,
    "test_stories": 60,
}
ONLY = {
    "good": {"smiled", "happy", "laughed", "won", "merry", "strong"},
    "bad": {"wept", "sad", "groaned", "lost", "gloomy", "ill"},
}


def test_a_label_is_the_mood_that_the_story_told():
    task = story_verdicts(0, items=80, **KNOBS)
    for part in (task.train, task.validation, task.test):
        assert set(part.labels) == {0.0, 1.0}
        for (text,), label in zip(part.texts, part.labels, strict=True):
            assert text.endswith(" it was a very")
            assert ONLY["good" if label else "bad"] & set(text.split())
            assert not ONLY["bad" if label else "good"] & set(text.split())


def test_the_test_part_is_that_of_the_stories_and_the_training_part_another_draw():
    task = story_verdicts(0, items=80, **KNOBS)
    world = make_stories(0, 80, verdicts=1.0, **KNOBS)
    whole = [story.text for story in world.test]
    assert all(told.startswith(text) for told, (text,) in zip(whole, task.test.texts, strict=True))
    read = {story.text[: story.answers[-1].start].rstrip() for story in world.train}
    labelled = {text for (text,) in task.train.texts}
    assert len(labelled - read) > 0.8 * len(labelled)
    assert not labelled & {text for (text,) in task.test.texts}


def test_the_seed_changes_the_training_part_alone():
    one, other = (story_verdicts(seed, items=80, **KNOBS) for seed in (1, 2))
    assert one == story_verdicts(1, items=80, **KNOBS)
    assert one.train != other.train
    assert (one.validation, one.test) == (other.validation, other.test)


def test_shuffled_labels_are_the_same_ones_in_other_places():
    straight, shuffled = (
        story_verdicts(0, items=80, shuffled=choice, **KNOBS) for choice in (False, True)
    )
    assert shuffled.train.texts == straight.train.texts
    assert sorted(shuffled.train.labels) == sorted(straight.train.labels)
    assert shuffled.train.labels != straight.train.labels
    assert shuffled.test == straight.test


def test_knobs_are_those_of_the_stories():
    with pytest.raises(ReplicationError, match="make_stories: facts"):
        story_verdicts(0, items=5, **{**KNOBS, "facts": 0})
