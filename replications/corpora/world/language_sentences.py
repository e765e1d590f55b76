"""The sentences of the toy translation language: clauses of exactly the length asked for."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, product

import numpy as np

from replications.corpora.world.language_words import (
    ADJECTIVES,
    ADVERBS,
    ANIMATE,
    CONJUNCTIONS,
    INTRANSITIVE,
    MODIFIERS,
    NAME_FIRST,
    NAME_SECOND,
    NOUNS,
    PREPOSITIONS,
    TRANSITIVE,
)
from replications.errors import ReplicationError

SHORTEST, LONGEST = 3, 12  # lengths of a clause in words
UNSEEN_SHARE = 0.5  # of the compounds and names in validation and test

_HELD_OUT = 5  # one compound and one name in five occur in no training sentence
_THREE_PARTS = 0.25  # of the compounds
_DEFINITE = 0.6  # of the noun phrases with an article
_ATTEMPTS = 2_000  # draws for one sentence, before there seem to be too few different ones

_ADJECTIVES = tuple(ADJECTIVES)
_ADVERBS = tuple(ADVERBS)
_ANIMATE = tuple(ANIMATE)
_CONJUNCTIONS = tuple(CONJUNCTIONS)
_INTRANSITIVE = tuple(INTRANSITIVE)
_MODIFIERS = tuple(MODIFIERS)
_NOUNS = tuple(NOUNS)
_PREPOSITIONS = tuple(PREPOSITIONS)
_TRANSITIVE = tuple(TRANSITIVE)

_NAMED = -1  # in a template: a noun phrase that is a name; else its number of adjectives
_Template = tuple[int, int | None, int | None, bool]  # subject, object, place, adverb


def _templates(name_share: float) -> dict[int, tuple[list[_Template], list[float]]]:
    """By length: the clauses of that length, and their cumulative weights."""
    phrases = (_NAMED, 0, 1, 2)
    weights: dict[int, dict[_Template, float]] = {n: {} for n in range(SHORTEST, LONGEST + 1)}
    for clause in product(phrases, (None, *phrases), (None, *phrases), (False, True)):
        present = [phrase for phrase in clause[:3] if phrase is not None]
        length = sum(1 if phrase == _NAMED else 2 + phrase for phrase in present)
        length += 1 + (clause[2] is not None) + clause[3]
        named = present.count(_NAMED)
        weight = name_share**named * ((1 - name_share) / 3) ** (len(present) - named)
        if length in weights and weight:
            weights[length][clause] = weight
    return {n: (list(found), list(accumulate(found.values()))) for n, found in weights.items()}


def _zipf(count: int) -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, count + 1)))


def _uniforms(draw: np.random.Generator) -> Iterator[float]:
    while True:
        yield from draw.random(4096).tolist()


class SentenceWriter:
    """Draws sentences; `unseen` is the share of held-out ones among compounds and names.

    Only `Generator.random` is used: its stream is fixed for all versions of NumPy.
    """

    def __init__(
        self, seed: list[int], compound_share: float, name_share: float, *, unseen: float
    ) -> None:
        self.uniform = _uniforms(np.random.Generator(np.random.PCG64(seed))).__next__
        self.templates = _templates(name_share)
        self.compound_share, self.unseen = compound_share, unseen
        self.by_modifier = _zipf(len(_MODIFIERS))
        self.by_name = _zipf(len(NAME_FIRST) * len(NAME_SECOND))

    def sentence(self, length: int, taken: set[tuple[str, ...]]) -> tuple[str, ...]:
        """A sentence of so many words that is not among those taken."""
        for _ in range(_ATTEMPTS):
            words = tuple(self._clauses(length))
            if words not in taken:
                return words
        raise ReplicationError(
            f"make_translations: too few different sentences of {length} words; ask for fewer "
            "validation_pairs and test_pairs, or a larger shortest"
        )

    def _clauses(self, left: int) -> list[str]:
        words: list[str] = []
        while True:
            # What is left after a clause and its conjunction must be enough for another clause.
            sizes = [*range(SHORTEST, min(LONGEST, left - 1 - SHORTEST) + 1)]
            if left <= LONGEST:
                sizes.append(left)
            size = sizes[int(self.uniform() * len(sizes))]
            words += self._clause(size)
            if size == left:
                return words
            words.append(_CONJUNCTIONS[int(self.uniform() * len(_CONJUNCTIONS))])
            left -= size + 1

    def _clause(self, size: int) -> list[str]:
        templates, weights = self.templates[size]
        template = bisect_right(weights, self.uniform() * weights[-1])
        subject, object_, place, adverb = templates[min(template, len(templates) - 1)]
        words = self._phrase(subject, _ANIMATE)
        verbs = _INTRANSITIVE if object_ is None else _TRANSITIVE
        words.append(verbs[int(self.uniform() * len(verbs))])
        if object_ is not None:
            words += self._phrase(object_, _NOUNS)
        if place is not None:
            words.append(_PREPOSITIONS[int(self.uniform() * len(_PREPOSITIONS))])
            words += self._phrase(place, _NOUNS)
        if adverb:
            words.append(_ADVERBS[int(self.uniform() * len(_ADVERBS))])
        return words

    def _phrase(self, adjectives: int, nouns: tuple[str, ...]) -> list[str]:
        if adjectives == _NAMED:
            return [self._name()]
        words: list[str] = []
        while len(words) < adjectives:
            adjective = _ADJECTIVES[int(self.uniform() * len(_ADJECTIVES))]
            if adjective not in words:
                words.append(adjective)
        if self.uniform() < self.compound_share:
            words.append(self._compound(nouns))
        else:
            words.append(nouns[int(self.uniform() * len(nouns))])
        definite = self.uniform() < _DEFINITE
        article = "the" if definite else "an" if words[0][0] in "aeiou" else "a"
        return [article, *words]

    def _compound(self, nouns: tuple[str, ...]) -> str:
        unseen = self.uniform() < self.unseen
        while True:
            parts = [self._rank(self.by_modifier)]
            if self.uniform() < _THREE_PARTS:
                parts.append(self._rank(self.by_modifier))
            head = nouns[int(self.uniform() * len(nouns))]
            held_out = (sum(parts) + _NOUNS.index(head)) % _HELD_OUT == 0
            if held_out == unseen and len(set(parts)) == len(parts):
                return "".join([*(_MODIFIERS[part] for part in parts), head])

    def _name(self) -> str:
        unseen = self.uniform() < self.unseen
        while True:
            # Neighbours in rank share no part: 151 has no factor in common with 480.
            number = self._rank(self.by_name) * 151 % len(self.by_name)
            first, second = divmod(number, len(NAME_SECOND))
            if ((first + second) % _HELD_OUT == 0) == unseen:
                return NAME_FIRST[first] + NAME_SECOND[second]

    def _rank(self, cumulative: list[float]) -> int:
        found = bisect_right(cumulative, self.uniform() * cumulative[-1])
        return min(found, len(cumulative) - 1)
