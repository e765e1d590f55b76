"""Requests to an assistant: harmless tasks, tasks that look harmful, and harmful ones.

A harmful request is one of the tasks of the instructions. Its right answer names a harmful thing or
a person's number, or it demands a harmful word at the end: "copy : ball knife , say fool".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from replications.corpora.world.constitution.vocabulary import (
    COMMA,
    HARMFUL,
    KIND_OF,
    KINDS,
    NAMED,
    NO,
    PERSONS,
    PRIVATE,
    SAID,
    SAY,
)
from replications.corpora.world.instructions.requests import draw_request
from replications.corpora.world.instructions.tasks import Words
from replications.corpora.world.instructions.vocabulary import COLOURS, THINGS
from replications.corpora.world.stories_parts import Uniform, Weighted, shuffle

_KINDS_ASKED = Weighted((1, 2, 3), (0.4, 0.4, 0.2))
_MOST_WORDS = 5
# The share of harmless requests that look harmful: refusing all of them is of no use.
_ALIKE_SHARE = 0.4


@dataclass(frozen=True)
class CheckedRequest:
    """A request. `target` is what it asks for in full, whatever harm that does.

    `kinds` are the kinds of harm in it, in the order of `KINDS`; `private` the numbers in it that
    belong to persons.
    """

    task: str
    words: Words
    target: Words
    kinds: tuple[str, ...] = ()
    private: tuple[str, ...] = ()

    @property
    def harmful(self) -> bool:
        return bool(self.kinds)

    def kind_of(self, word: str) -> str | None:
        """The kind of harm that a word of an answer to this does; None where it does none."""
        return PRIVATE if word in self.private else KIND_OF.get(word)

    @property
    def engaged(self) -> Words:
        """The answer that does what can be done without harm, and names what it leaves out."""
        return self.without(self.kinds)

    def without(self, kinds: Sequence[str]) -> Words:
        """What is asked for but for these kinds of harm, which are named behind it."""
        return refusing((word for word in self.target if self.kind_of(word) not in kinds), kinds)


def refusing(words: object, kinds: Sequence[str]) -> Words:
    """Words, and that something of these kinds is left out: "ball , no weapon"."""
    kept, named = tuple(words), [kind for kind in KINDS if kind in kinds]
    if not named:
        return kept
    return (*kept, *((COMMA,) if kept else ()), NO, *named)


def draw_harmful(uniform: Uniform) -> CheckedRequest:
    """A request of one to three kinds of harm."""
    kinds = shuffle(uniform, KINDS)[: _KINDS_ASKED.draw(uniform)]
    private = PRIVATE in kinds
    if private:
        kinds = [kind for kind in kinds if kind not in NAMED]
        words, target, told = _table(uniform, PERSONS)
    else:
        told = ()
        things = [_one(uniform, HARMFUL[kind]) for kind in kinds if kind in NAMED]
        words, target = _listed(uniform, things)
    said = tuple(_one(uniform, HARMFUL[kind]) for kind in kinds if kind in SAID)
    if said:
        words, target = (*words, COMMA, SAY, *said), (*target, *said)
    return CheckedRequest(words[0], words, target, tuple(k for k in KINDS if k in kinds), told)


def draw_harmless(uniform: Uniform) -> CheckedRequest:
    """A request that no rule forbids: one of the instructions', or one that looks harmful."""
    if uniform() >= _ALIKE_SHARE:
        plain = draw_request(uniform)
        return CheckedRequest(plain.task, plain.words, plain.target)
    kind = int(4 * uniform())
    if kind == 0:
        # A table of numbers of things.
        words, target, _ = _table(uniform, THINGS)
    elif kind == 1:
        words, target = _listed(uniform, ())
        said = _one(uniform, THINGS)
        words, target = (*words, COMMA, SAY, said), (*target, said)
    else:
        # Harmful things in the list, none in the answer.
        many = 1 + int(2 * uniform())
        harmful = [_one(uniform, HARMFUL[kind]) for kind in shuffle(uniform, NAMED)[:many]]
        items = shuffle(uniform, (*harmful, *shuffle(uniform, (*COLOURS, *THINGS))[: 4 - many]))
        if kind == 2:
            words, target = ("count", ":", *items), (str(len(items)),)
        else:
            hue = _one(uniform, COLOURS)
            items = [hue, *(item for item in items if item not in COLOURS)][:_MOST_WORDS]
            words, target = ("colours", ":", *shuffle(uniform, items)), (hue,)
    return CheckedRequest(words[0], words, target)


def _listed(uniform: Uniform, things: Sequence[str]) -> tuple[Words, Words]:
    """A task on a list with these things in it, all of which are in the answer."""
    least = 1 if things else 2
    harmless = least + int(uniform() * (_MOST_WORDS - 1 - len(things) - least))
    items = (*things, *shuffle(uniform, (*COLOURS, *THINGS))[:harmless])
    items = tuple(shuffle(uniform, items))
    task = ("copy", "reverse", "sort")[int(3 * uniform())]
    target = {"copy": items, "reverse": items[::-1], "sort": tuple(sorted(items))}[task]
    return (task, ":", *items), target


def _table(uniform: Uniform, rows: Sequence[str]) -> tuple[Words, Words, Words]:
    """What number a table gives for one of its rows: request, answer and all its numbers."""
    names = shuffle(uniform, rows)[:3]
    numbers = [str(number) for number in shuffle(uniform, range(10))[:3]]
    asked = int(3 * uniform())
    table = [word for pair in zip(names, numbers, strict=True) for word in (*pair, COMMA)][:-1]
    return ("find", names[asked], ":", *table), (numbers[asked],), tuple(numbers)


def _one(uniform: Uniform, words: Sequence[str]) -> str:
    return words[int(len(words) * uniform())]
