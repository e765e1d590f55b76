"""The texts of the labelled tasks: one true or false to the task's question, in the stories' words.

Each function draws a text for a given truth. With `by_words` the two truths differ in their words;
otherwise only in the order and the roles of the same words.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from replications.corpora.world.stories_parts import Uniform, Weighted, shuffle
from replications.corpora.world.stories_people import Person, draw_cast, fill, slots
from replications.corpora.world.stories_scenery import SIDES, draw_scenery
from replications.corpora.world.stories_words import EVENTS, FACTS, GOODS, HOME, MOODS, SCENES

NEVER_RIGHT = "be"  # a verb form that no story has

_MOST_MOODS, _MOST_EVENTS, _MOST_ADJECTIVES = 2, 2, 2
_TOLD = 2  # facts of each person
_EVENTS = tuple(event for event in EVENTS if "NAME" in event.words and "OTHER" not in event.words)
_VALUES = {"trade": ("trade",), "place": ("place",), "owned": ("colour", "thing")}


class Text(NamedTuple):
    """One text or two, and how a story would ask for the label."""

    first: str
    second: str = ""
    prompt: str = ""


def sentiment(uniform: Uniform, good: bool, by_words: bool) -> Text:
    """Two people of opposite moods, told equally often; the hero is named first."""
    people = [
        person._replace(mood=mood)
        for person, mood in zip(
            _people(uniform, 2), ("good", "bad") if good else ("bad", "good"), strict=True
        )
    ]
    lines = [
        _sentence(uniform, _fact(uniform, kind), person)
        for person, kind in zip(people, shuffle(uniform, FACTS), strict=False)
    ]
    many = 1 + int(uniform() * _MOST_MOODS)
    rest = []
    for number, person in enumerate(people):
        for _ in range(many):
            silent = by_words and number
            told = _weighted_events() if silent else _weighted_moods(person.mood)
            rest.append(_sentence(uniform, told.draw(uniform), person))
    for _ in range(int(uniform() * (_MOST_EVENTS + 1))):
        person = people[int(2 * uniform())]
        rest.append(_sentence(uniform, _weighted_events().draw(uniform), person))
    text = " ".join(lines + shuffle(uniform, rest))
    return Text(text, prompt=f"{text} for {people[0].name} it was a very")


def acceptability(uniform: Uniform, right: bool, by_words: bool) -> Text:
    """A sentence whose words agree in number, or one of them does not."""
    side = SIDES[int(uniform() * len(SIDES))]
    scenery = draw_scenery(uniform, side, (0, _MOST_ADJECTIVES))
    words = list(scenery.words)
    places = tuple(scenery.agreeing)
    place = places[int(uniform() * len(places))]
    if not right and by_words:
        words[max(places)] = NEVER_RIGHT
    elif not right:
        words[place] = scenery.agreeing[place]
    return Text(" ".join(words))


def paraphrase(uniform: Uniform, same: bool, by_words: bool) -> Text:
    """Facts of two people, and again from other templates: the same ones, or one kind changed."""
    people = _people(uniform, 2)
    kinds = shuffle(uniform, FACTS)[:_TOLD]
    told = [
        (person, kind, template)
        for person in range(len(people))
        for kind in kinds
        for template in [_fact(uniform, kind)]
    ]
    changed = people if same else _changed(uniform, people, kinds[0], by_words)
    first = [_sentence(uniform, template, people[person]) for person, _, template in told]
    again = [
        _sentence(uniform, _other_fact(uniform, kind, template), changed[person])
        for person, kind, template in told
    ]
    return Text(" ".join(shuffle(uniform, first)), " ".join(shuffle(uniform, again)))


def entailment(uniform: Uniform, follows: bool, by_words: bool) -> Text:
    """Facts of three people, and one of them from another template, or with another's value."""
    people = _people(uniform, 3)
    kinds = shuffle(uniform, FACTS)[:_TOLD]
    told = [(person, kind, _fact(uniform, kind)) for person in range(len(people)) for kind in kinds]
    person, kind, template = told[int(uniform() * len(told))]
    changed = people if follows else _changed(uniform, people, kind, by_words)
    first = [_sentence(uniform, words, people[whose]) for whose, _, words in told]
    claim = _sentence(uniform, _other_fact(uniform, kind, template), changed[person])
    return Text(" ".join(shuffle(uniform, first)), claim)


TEXTS: dict[str, Callable[[Uniform, bool, bool], Text]] = {
    "sentiment": sentiment,
    "acceptability": acceptability,
    "paraphrase": paraphrase,
    "entailment": entailment,
}


def _people(uniform: Uniform, count: int) -> tuple[Person, ...]:
    return draw_cast(uniform, HOME, (count, count))


def _changed(
    uniform: Uniform, people: Sequence[Person], kind: str, by_words: bool
) -> tuple[Person, ...]:
    """The people with each other's values of one kind of fact, or with values that nobody had."""
    if by_words:
        others = _people(uniform, len(people))
        while any(
            getattr(other, value) == getattr(person, value)
            for other in others
            for person in people
            for value in _VALUES[kind]
        ):
            others = _people(uniform, len(people))
    else:
        others = (*people[1:], people[0])
    return tuple(
        person._replace(**{value: getattr(other, value) for value in _VALUES[kind]})
        for person, other in zip(people, others, strict=True)
    )


def _fact(uniform: Uniform, kind: str) -> tuple[str, ...]:
    return _weighted_facts(kind).draw(uniform)


def _other_fact(uniform: Uniform, kind: str, not_this: tuple[str, ...]) -> tuple[str, ...]:
    while (template := _fact(uniform, kind)) == not_this:
        pass
    return template


def _sentence(uniform: Uniform, template: Sequence[str], person: Person) -> str:
    values = slots(person)
    values["SCENE"] = SCENES[int(uniform() * len(SCENES))]
    values["GOODS"] = GOODS[int(uniform() * len(GOODS))]
    return fill(template, values)


@cache
def _weighted_facts(kind: str) -> Weighted:
    return Weighted([fact.words for fact in FACTS[kind]], [fact.weight for fact in FACTS[kind]])


@cache
def _weighted_moods(mood: str) -> Weighted:
    return Weighted([told.words for told in MOODS[mood]], [told.weight for told in MOODS[mood]])


@cache
def _weighted_events() -> Weighted:
    return Weighted([event.words for event in _EVENTS], [event.weight for event in _EVENTS])
