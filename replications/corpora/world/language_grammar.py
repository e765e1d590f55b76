"""The toy translation language's grammar: the exact translation of a sentence, with its alignment.

Source: clauses of subject, verb and, where there is one, object, place and adverb, joined by
conjunctions. Target: nouns come before their adjectives, verbs at the end of their clause; articles
and adjectives take the vowel of the noun's gender; "a" and "an" vanish and some words become two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import NamedTuple

from replications.corpora.world.language_words import (
    ADJECTIVES,
    ADVERBS,
    ARTICLES,
    CIPHER,
    CONJUNCTIONS,
    DEFINITE,
    INDEFINITE,
    MODIFIERS,
    NAME_FIRST,
    NAME_SECOND,
    NO_GENDER,
    NOUNS,
    PREPOSITIONS,
    VERBS,
)
from replications.errors import ReplicationError

ORDERS = ("full", "local", "monotone")
NAMES = ("copied", "ciphered")

Links = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class WorldPair:
    """A sentence, its translation and their true alignment: (i, j) joins source i to target j.

    `links` are the sure links: each target word to the source word that it translates. `possible`
    has besides them, for an article or adjective that agrees, the link to the noun whose gender it
    shows: a model may well attend to it, and its alignment error rate is not raised when it does.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    links: Links
    possible: Links

    @property
    def moved(self) -> frozenset[int]:
        """The target words whose sure links cross another: those out of the source's order."""
        return frozenset(
            j for i, j in self.links if any((i - m) * (j - n) < 0 for m, n in self.links)
        )


class Noun(NamedTuple):
    """A core noun or a compound: its morphemes in both languages, and the head's gender."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    gender: str


# A word of the target, the position that it translates, and that of the noun it agrees with. Plain
# tuples: a sentence holds many.
_Placed = tuple[str, int, int | None]


@dataclass(frozen=True)
class Grammar:
    """How to translate. The knobs are those of `make_translations`."""

    order: str = "full"
    reverse: bool = False
    agreement: bool = True
    fertility: bool = True
    names: str = "copied"

    def __post_init__(self) -> None:
        for knob, value, allowed in (("order", self.order, ORDERS), ("names", self.names, NAMES)):
            if value not in allowed:
                raise ReplicationError(
                    f"make_translations: {knob} is {value!r}; give one of {', '.join(allowed)}"
                )

    def translate(self, source: Sequence[str]) -> WorldPair:
        """The translation of a sentence: a pure function of its words.

        Raises ReplicationError for a word that the language has not, and for an article or an
        adjective without a noun.
        """
        found: list[_Placed] = []
        phrase: list[int] = []  # article and adjectives that wait for their noun
        verb: list[_Placed] = []  # a verb that waits for its clause's end
        for i, word in enumerate(source):
            if word in ARTICLES or word in ADJECTIVES:
                phrase.append(i)
            elif phrase:
                found += self._noun_phrase(source, phrase, i)
                phrase = []
            elif word in VERBS and self.order == "full":
                verb = self._placed(word, i)
            elif word in CONJUNCTIONS:
                found += verb + self._placed(word, i)
                verb = []
            else:
                found += self._placed(word, i)
        if phrase:
            raise _no_noun(source, phrase[-1])
        found += verb
        if self.reverse:
            found.reverse()
        links = frozenset((i, j) for j, (_, i, _) in enumerate(found))
        governed = {(noun, j) for j, (_, _, noun) in enumerate(found) if noun is not None}
        target = tuple(word for word, _, _ in found)
        return WorldPair(tuple(source), target, links, links | governed)

    def _noun_phrase(self, source: Sequence[str], before: list[int], i: int) -> list[_Placed]:
        """The noun at `i` with its article and adjectives at `before`, in the target's order."""
        noun = noun_named(source[i])
        if noun is None:
            raise _no_noun(source, before[-1])
        vowel = noun.gender if self.agreement else NO_GENDER
        governor = i if self.agreement else None
        articles, adjectives = [], []
        for k in before:
            word = source[k]
            if word in ADJECTIVES:
                adjectives.append((ADJECTIVES[word][0] + vowel, k, governor))
            elif word == "the":
                articles.append((DEFINITE + vowel, k, governor))
            elif not self.fertility:
                articles.append((INDEFINITE + vowel, k, governor))
        name = [("".join(noun.target), i, None)]
        rest = adjectives + name if self.order == "monotone" else name + adjectives
        return articles + rest

    def _placed(self, word: str, i: int) -> list[_Placed]:
        """A word that agrees with nothing: its translation, which may be two words."""
        forms = _CLOSED.get(word)
        if forms is not None:
            forms = forms if self.fertility else forms[:1]
        elif (noun := noun_named(word)) is not None:
            forms = ("".join(noun.target),)
        elif word in _names():
            forms = (word.translate(CIPHER) if self.names == "ciphered" else word,)
        else:
            raise ReplicationError(
                f"the toy language has no word {word!r}; "
                "its words are in replications/corpora/world/language_words.py"
            )
        return [(form, i, None) for form in forms]


def lexicon() -> dict[str, tuple[str, ...]]:
    """Each core word with its translation: one word or two; adjectives without their vowel.

    Articles are not in it, since the noun decides their form. Compounds and names are made by rule.
    """
    return {**_CLOSED, **ADJECTIVES, **{word: (target,) for word, (target, _) in NOUNS.items()}}


def noun_named(word: str) -> Noun | None:
    """The core noun or compound that the word is, None when it is neither."""
    return _nouns().get(word)


_CLOSED = VERBS | ADVERBS | PREPOSITIONS | CONJUNCTIONS


@cache
def _nouns() -> dict[str, Noun]:
    found = {}
    few = [(modifier,) for modifier in MODIFIERS]
    for modifiers in [(), *few, *permutations(MODIFIERS, 2)]:
        translated = tuple(MODIFIERS[modifier][0] for modifier in modifiers)
        for head, (target, gender) in NOUNS.items():
            morphemes = (*modifiers, head)
            found["".join(morphemes)] = Noun(morphemes, (*translated, target), gender)
    return found


@cache
def _names() -> frozenset[str]:
    return frozenset(first + second for first in NAME_FIRST for second in NAME_SECOND)


def _no_noun(source: Sequence[str], i: int) -> ReplicationError:
    return ReplicationError(f"{' '.join(source)!r}: no noun follows the word {source[i]!r}")
