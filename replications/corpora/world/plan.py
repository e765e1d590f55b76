"""The plan of the word world: words, contexts, and the probabilities between them."""

from __future__ import annotations

import numpy as np

from replications.corpora.world.words import FAMILIES, PROBED, PROBES, filler_words

OWN_CONTEXTS = 5  # contexts that an irregular stem's word has in place of its attribute's


class Plan:
    """The planted distributions of the word world: the frequencies of words and their contexts.

    `word_probability` has one value a word; the three parts of P(c|w), stem, attribute and filler,
    are matrices of words by contexts that add up to rows of 1. `irregular` holds the first word of
    each irregular stem.
    """

    def __init__(
        self,
        draw: np.random.Generator,
        filler_share: float,
        strengths: dict[str, float],
        irregular_share: float,
        stem_exponent: float,
        probe_share: float,
    ):
        filler = filler_words()
        stems = [(family, stem) for family in FAMILIES for stem in family.stems]
        chosen = np.argsort(draw.random(len(stems)))[: round(irregular_share * len(stems))]
        self.irregular = {stems[index][1][0] for index in chosen}
        self.words = tuple(word for _, stem in stems for word in stem[:2]) + PROBED
        own = {
            word: tuple(f"{word}-{number}" for number in range(1, OWN_CONTEXTS + 1))
            for _, stem in stems
            if stem[0] in self.irregular
            for word in stem[:2]
        }
        self.contexts = (
            *(context for _, stem in stems for context in stem[2]),
            *(c for family in FAMILIES for contexts in family.attribute_contexts for c in contexts),
            *(context for contexts in own.values() for context in contexts),
            *PROBES,
            *filler,
        )
        column = {context: index for index, context in enumerate(self.contexts)}
        zipf = 1 / np.arange(1, len(filler) + 1)
        # Three parts of P(c|w), kept apart since `ordered` puts them in different slots.
        self.stem_part, self.attribute_part, self.filler_part = (
            np.zeros((len(self.words), len(self.contexts))) for _ in range(3)
        )
        self.filler_part[:, -len(filler) :] = zipf / zipf.sum()
        self.word_probability = np.zeros(len(self.words))
        side = (1 - filler_share) / 2
        for row, word in enumerate(self.words[: 2 * len(stems)]):
            family, stem = stems[row // 2]
            for context in stem[2]:
                self.stem_part[row, column[context]] = side / len(stem[2])
            contexts = own.get(word, family.attribute_contexts[row % 2])
            for context in contexts:
                told = side * strengths[family.name]
                self.attribute_part[row, column[context]] = told / len(contexts)
            rank = family.stems.index(stem) + 1
            self.word_probability[row] = rank**-stem_exponent
        for row, word in enumerate(PROBED, start=2 * len(stems)):
            for probe, (in_ice, ratio) in PROBES.items():
                rate = in_ice if word == "ice" else in_ice / ratio
                self.stem_part[row, column[probe]] = rate / 2
                self.attribute_part[row, column[probe]] = rate / 2
        self.word_probability *= (1 - probe_share) / self.word_probability.sum()
        self.word_probability[-len(PROBED) :] = probe_share / len(PROBED)
        informative = (self.stem_part + self.attribute_part).sum(axis=1, keepdims=True)
        self.filler_part *= 1 - informative

    @property
    def distribution(self) -> np.ndarray:
        """P(c|w): words by contexts, each row summing to 1."""
        return self.stem_part + self.attribute_part + self.filler_part
