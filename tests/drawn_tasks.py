"""Small draws of each kind of task of the synthetic world, each drawn once."""

from __future__ import annotations

from functools import cache

from replications.corpora.world.stories_words import MOODS
from replications.corpora.world.tasks_cloze import make_cloze
from replications.corpora.world.tasks_episodes import make_episodes
from replications.corpora.world.tasks_labelled import make_labelled


@cache
def cloze(seed=0, **knobs):
    return make_cloze(seed, 150, **{"validation_items": 30, "test_items": 150, **knobs})


@cache
def labelled(task, seed=0, items=600, **knobs):
    sizes = {"validation_items": 20, "test_items": 400}
    return make_labelled(seed, items, task=task, **{**sizes, **knobs})


@cache
def episodes(seed=0, count=300, **knobs):
    sizes = {"validation_episodes": 30, "test_episodes": 252}
    return make_episodes(seed, count, **{**sizes, **knobs})


def mood_shown(text, name):
    for mood, templates in MOODS.items():
        for said in templates:
            if " ".join([name, *said.words[1:]]) in text:
                return mood
    return None
