"""Eight tasks on short lists of words: what is asked, and the only right answer.

An answer is a list of words. Lists hold a colour or a thing a word, and no word twice.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from replications.corpora.world.instructions.vocabulary import COLOURS, THINGS
from replications.corpora.world.stories_parts import Uniform, shuffle

Words = tuple[str, ...]


class Task(NamedTuple):
    """Words that ask, and the words of the right answer."""

    request: Words
    target: Words


def _items(uniform: Uniform, least: int, most: int) -> Words:
    many = least + int(uniform() * (most - least + 1))
    return tuple(shuffle(uniform, (*COLOURS, *THINGS))[:many])


def copy(uniform: Uniform) -> Task:
    """The list itself."""
    items = _items(uniform, 2, 4)
    return Task(("copy", ":", *items), items)


def reverse(uniform: Uniform) -> Task:
    """The list from its end."""
    items = _items(uniform, 2, 4)
    return Task(("reverse", ":", *items), items[::-1])


def sort(uniform: Uniform) -> Task:
    """The list by the alphabet."""
    items = _items(uniform, 2, 4)
    return Task(("sort", ":", *items), tuple(sorted(items)))


def count(uniform: Uniform) -> Task:
    """How many words the list has."""
    items = _items(uniform, 1, 5)
    return Task(("count", ":", *items), (str(len(items)),))


def first(uniform: Uniform) -> Task:
    """The first so many words."""
    items = _items(uniform, 3, 4)
    many = 1 + int(uniform() * (len(items) - 1))
    return Task(("first", str(many), ":", *items), items[:many])


def colours(uniform: Uniform) -> Task:
    """The colours of the list, in its order; there is one at least."""
    while True:
        items = _items(uniform, 3, 5)
        if found := tuple(word for word in items if word in COLOURS):
            return Task(("colours", ":", *items), found)


def add(uniform: Uniform) -> Task:
    """The sum of two digits."""
    one, other = int(10 * uniform()), int(10 * uniform())
    return Task(("add", ":", str(one), str(other)), (str(one + other),))


def find(uniform: Uniform) -> Task:
    """The entry of a thing in a small table."""
    things = shuffle(uniform, THINGS)[:3]
    hues = shuffle(uniform, COLOURS)[:3]
    asked = int(3 * uniform())
    rows = [word for pair in zip(things, hues, strict=True) for word in (*pair, ",")][:-1]
    return Task(("find", things[asked], ":", *rows), (hues[asked],))


TASKS: Mapping[str, Callable[[Uniform], Task]] = MappingProxyType(
    {
        "copy": copy,
        "reverse": reverse,
        "sort": sort,
        "count": count,
        "first": first,
        "colours": colours,
        "add": add,
        "find": find,
    }
)
"""By the word that asks for each."""
