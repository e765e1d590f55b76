"""The rows that `load_corpus` gives for a world: those of one draw with the default knobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain
from typing import Any

from replications.corpora.world import (
    analogies,
    language,
    stories,
    stories_last_word,
    tasks_cloze,
    tasks_episodes,
    tasks_labelled,
)
from replications.corpora.world.constitution import worlds as constitution
from replications.corpora.world.instructions import dialogues, worlds
from replications.corpora.world.tasks_episodes import ARITHMETIC, IN_CONTEXT, SCRAMBLING

Row = dict[str, object]


def _drawn(module: Any, make: Callable, size: int, **knobs: object) -> Callable[[str], Iterator]:
    """The rows of a part of one world."""

    @cache
    def world() -> Any:
        return make(module.DEFAULT_SEED, size, **knobs)

    return lambda part: module.rows_of(getattr(world(), part))


def _words(part: str) -> Iterator[Row]:
    world = analogies.make_words(analogies.DEFAULT_SEED, analogies.DEFAULT_TOKENS)
    return analogies.rows_of({"train": world.sentences}[part])


@cache
def _labelled(task: str) -> Any:
    items = tasks_labelled.DEFAULT_ITEMS
    make = partial(tasks_labelled.make_labelled, tasks_labelled.DEFAULT_SEED, items)
    return make(task=task, test_items=items)


def _all_labelled(part: str) -> Iterator[Row]:
    """The four tasks one by one."""
    tasks: Sequence[str] = tuple(tasks_labelled.TASKS)
    return chain.from_iterable(
        tasks_labelled.rows_of(task, getattr(_labelled(task), part)) for task in tasks
    )


@cache
def _text() -> Any:
    return worlds.make_instruction_text(worlds.DEFAULT_SEED, worlds.DEFAULT_DOCUMENTS)


def _instruction_text(part: str) -> Iterator[Row]:
    return worlds.lines_of(getattr(_text(), part))


@cache
def _constitution_documents() -> Any:
    size = constitution.DEFAULT_DOCUMENTS
    return constitution.make_constitution_text(constitution.DEFAULT_SEED, size)


def _constitution_text(part: str) -> Iterator[Row]:
    return worlds.lines_of(getattr(_constitution_documents(), part))


_ROWS: Mapping[str, Callable[[str], Iterator[Row]]] = {
    analogies.CORPUS: _words,
    language.CORPUS: _drawn(language, language.make_translations, language.DEFAULT_PAIRS),
    stories.CORPUS: _drawn(stories, stories.make_stories, stories.DEFAULT_STORIES),
    stories_last_word.CORPUS: _drawn(
        stories_last_word, stories_last_word.make_last_words, stories_last_word.DEFAULT_PASSAGES
    ),
    tasks_cloze.CORPUS: _drawn(tasks_cloze, tasks_cloze.make_cloze, tasks_cloze.DEFAULT_ITEMS),
    tasks_labelled.CORPUS: _all_labelled,
    worlds.CORPUS: _drawn(worlds, worlds.make_instructions, worlds.DEFAULT_REQUESTS),
    worlds.TEXT_CORPUS: _instruction_text,
    dialogues.CORPUS: _drawn(dialogues, dialogues.make_dialogues, dialogues.DEFAULT_DIALOGUES),
    constitution.CORPUS: _drawn(
        constitution, constitution.make_constitution, constitution.DEFAULT_EXERCISES
    ),
    constitution.TEXT_CORPUS: _constitution_text,
    tasks_episodes.CORPUS: _drawn(
        tasks_episodes,
        tasks_episodes.make_episodes,
        tasks_episodes.DEFAULT_EPISODES,
        families=IN_CONTEXT + ARITHMETIC + SCRAMBLING,
    ),
}


def default_rows(corpus: str, part: str) -> Iterator[Row]:
    """The rows of a part of the default world of that corpus, as they are registered.

    Each module tells how its rows are written, in `rows_of`.
    """
    return _ROWS[corpus](part)
