"""The people of a story, and how a template's slots are filled for them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from replications.corpora.world.stories_parts import Uniform
from replications.corpora.world.stories_words import COLOURS, THINGS, TRADES, Domain


class Person(NamedTuple):
    """Whom a story is about. `pronoun` is she or he; `mood` is good or bad."""

    name: str
    pronoun: str
    trade: str
    place: str
    colour: str
    thing: str
    mood: str


def draw_cast(uniform: Uniform, domain: Domain, entities: tuple[int, int]) -> tuple[Person, ...]:
    """So many people (fewest, most), no two with the same name, trade, place, colour or thing."""
    count = entities[0] + int(uniform() * (entities[1] - entities[0] + 1))
    drawn = []
    for words in (domain.women + domain.men, TRADES, domain.places, COLOURS, THINGS):
        found: list[str] = []
        while len(found) < count:
            word = words[int(uniform() * len(words))]
            if word not in found:
                found.append(word)
        drawn.append(found)
    moods = ["good" if uniform() < 0.5 else "bad" for _ in range(count)]
    return tuple(
        Person(name, "she" if name in domain.women else "he", *rest)
        for name, *rest in zip(*drawn, moods, strict=True)
    )


def slots(person: Person) -> dict[str, str]:
    """What stands for each slot of a template about the person."""
    return {
        "NAME": person.name,
        "HE": person.pronoun,
        "HIS": "her" if person.pronoun == "she" else "his",
        "TRADE": person.trade,
        "PLACE": person.place,
        "COLOUR": person.colour,
        "THING": person.thing,
        "MOOD": person.mood,
    }


def fill(template: Sequence[str], values: Mapping[str, str]) -> str:
    """A template as text, its slots filled."""
    return " ".join([values.get(word, word) for word in template])
