"""Sentences about animals whose words agree in number, with the cue on the left or the right.

Three constructions, each with one word whose form is decided by others:

- "right": `these small birds were resting ...`: the noun comes after the word that agrees with it.
- "left": `the birds behind the wall were resting ...`: all that decides stands before, and a
  landmark of either number stands between.
- "both": `the birds are resting ... now`: the number is told before, the tense at the end.
"""

from typing import NamedTuple

from replications.corpora.world.stories_parts import Uniform
from replications.corpora.world.stories_words import (
    ADJECTIVES,
    ANIMALS,
    DOINGS,
    LANDMARKS,
    SCENES,
)

SIDES = ("right", "left", "both")
PAST, PRESENT = ("yesterday", "earlier"), ("now", "today")

_ANIMALS, _LANDMARKS = tuple(ANIMALS.items()), tuple(LANDMARKS.items())
_NEAR, _FAR = ("this", "these"), ("that", "those")
_WAS, _IS = ("was", "were"), ("is", "are")
_BETWEEN = ("behind", "near", "beside")


class Scenery(NamedTuple):
    """A sentence; the word at `place` has the right form of `forms`, decided by words at `cues`.

    `agreeing` maps the position of each word that shows number to its form in the other number.
    """

    words: tuple[str, ...]
    decided_by: str
    place: int
    forms: tuple[str, ...]
    cues: tuple[int, ...]
    agreeing: dict[int, str]


def draw_scenery(uniform: Uniform, decided_by: str, adjectives: tuple[int, int]) -> Scenery:
    """A sentence of one construction, with so many (least, most) adjectives before its animal."""
    many = int(2 * uniform())
    animal = _ANIMALS[int(uniform() * len(_ANIMALS))]
    count = adjectives[0] + int(uniform() * (adjectives[1] - adjectives[0] + 1))
    described: list[str] = []
    while len(described) < count:
        word = ADJECTIVES[int(uniform() * len(ADJECTIVES))]
        if word not in described:
            described.append(word)
    doing = DOINGS[int(uniform() * len(DOINGS))]
    scene = SCENES[int(uniform() * len(SCENES))]
    noun, end = 1 + count, (doing, "near", "the", scene)
    if decided_by == "right":
        pair = _NEAR if uniform() < 0.5 else _FAR
        words = (pair[many], *described, animal[many], _WAS[many], *end, ".")
        agreeing = {0: pair[1 - many], noun: animal[1 - many], noun + 1: _WAS[1 - many]}
        return Scenery(words, decided_by, 0, pair, (noun, noun + 1), agreeing)
    if decided_by == "left":
        landmark = _LANDMARKS[int(uniform() * len(_LANDMARKS))][int(2 * uniform())]
        between = (_BETWEEN[int(uniform() * len(_BETWEEN))], "the", landmark)
        words = ("the", *described, animal[many], *between, _WAS[many], *end, ".")
        verb = noun + 4
        agreeing = {noun: animal[1 - many], verb: _WAS[1 - many]}
        return Scenery(words, decided_by, verb, _WAS, (noun,), agreeing)
    past = int(2 * uniform())
    verbs = (_IS, _WAS)[past]
    when = (PRESENT, PAST)[past][int(2 * uniform())]
    words = ("the", *described, animal[many], verbs[many], *end, when, ".")
    agreeing = {noun: animal[1 - many], noun + 1: verbs[1 - many]}
    cues = (noun, len(words) - 2)
    return Scenery(words, decided_by, noun + 1, (*_IS, *_WAS), cues, agreeing)
