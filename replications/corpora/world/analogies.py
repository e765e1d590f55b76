"""The synthetic world, word part: a corpus whose analogies and similarities are true by design.

A sentence is one word and six context slots around it. A slot holds a context of the word's stem,
a context of its attribute, or filler. Stem and attribute contexts are disjoint, so the planted
distribution is a sum, P(c|w) = stem part + attribute part + filler, and "king is to man as queen is
to woman" holds exactly in it. Probes for ratios of co-occurrence probabilities are planted around
"ice" and "steam" (Pennington et al. 2014, table 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.corpora.world.plan import Plan
from replications.corpora.world.words import FAMILIES, PROBED, PROBES, filler_words
from replications.errors import ReplicationError

CORPUS = "world-words"
SLOTS = 6
DEFAULT_SEED = 0
DEFAULT_TOKENS = 30_000

_HEAD = 3  # the filler words that `head_noise` puts in place of informative contexts


@dataclass(frozen=True)
class WordWorld:
    """Sentences, and the truth they were drawn from.

    `analogies` are questions (family, a, b, c, d): a is to b as c is to d; those that involve an
    irregular stem stand apart in `irregular_analogies`. `words` are the rows and `contexts` the
    columns of `distribution`, the planted P(c|w), each row summing to 1 (less the share of words
    from the open tail). `compositions` are (stem context, attribute context, word that has both).
    """

    sentences: list[list[str]]
    analogies: list[tuple[str, str, str, str, str]]
    irregular_analogies: list[tuple[str, str, str, str, str]]
    compositions: list[tuple[str, str, str]]
    words: tuple[str, ...]
    contexts: tuple[str, ...]
    distribution: np.ndarray
    identity: CorpusIdentity

    @property
    def tokens(self) -> int:
        """How many tokens the sentences hold."""
        return sum(map(len, self.sentences))

    @cached_property
    def log_ratios(self) -> dict[str, float]:
        """For each probe k, the planted natural logarithm of P(k|ice) / P(k|steam)."""
        ice, steam = (self.distribution[self.words.index(word)] for word in PROBED)
        columns = {probe: self.contexts.index(probe) for probe in PROBES}
        return {
            probe: float(np.log(ice[column] / steam[column])) for probe, column in columns.items()
        }


def make_words(
    seed: int,
    tokens: int,
    *,
    filler_share: float = 0.3,
    stem_exponent: float = 0.3,
    attribute_strength: dict[str, float] | float = 1.0,
    ordered: bool = False,
    irregular_share: float = 0.0,
    shuffled: bool = False,
    head_noise: float = 0.2,
    open_share: float = 0.0,
    probe_share: float = 0.08,
) -> WordWorld:
    """Draw a corpus of about `tokens` tokens (a whole number of seven-token sentences).

    The same arguments give the same sentences on every machine. Knobs:

    - `filler_share`: share of the slots that hold filler; stem and attribute contexts halve the
      rest.
    - `stem_exponent`: the r-th stem of a family occurs in proportion to r ** -stem_exponent.
    - `attribute_strength`: for all families or by name (gender, capital, tense, comparative), the
      part of the attribute slots that really tell the attribute; the others hold filler.
    - `ordered`: stem contexts stand before the word and attribute contexts after it.
    - `irregular_share`: share of stems whose words have contexts of their own in place of the
      attribute's, so that no analogy holds for them.
    - `shuffled`: the control. All contexts are permuted over the whole corpus: every word keeps its
      frequency, and P(c|w) is the same for all words.
    - `head_noise`: share of all slots overwritten by the three most frequent filler words, in
      equal parts.
    - `open_share`: share of the filler drawn from an endless Zipf tail of rare words, so that the
      vocabulary grows with the corpus (Heaps' law, exponent 2/3 for the tail).
    - `probe_share`: share of the sentences about ice and steam.

    Raises ReplicationError for a share outside [0, 1], a family that is not known, or too few
    tokens for one sentence.
    """
    strengths = _strengths(attribute_strength)
    shares = (filler_share, irregular_share, head_noise, open_share, probe_share)
    if not all(0 <= share <= 1 for share in (*shares, *strengths.values())):
        raise ReplicationError("make_words: every share and strength must lie between 0 and 1")
    count = tokens // (SLOTS + 1)
    if count < 1 or stem_exponent < 0:
        raise ReplicationError(
            f"make_words: {tokens} tokens and a stem_exponent of {stem_exponent} make no corpus; "
            f"ask for at least {SLOTS + 1} tokens and an exponent of at least 0"
        )
    # Only `Generator.random` is used: its stream is fixed, those of the other methods may change.
    draw = np.random.Generator(np.random.PCG64(seed))
    plan = Plan(draw, filler_share, strengths, irregular_share, stem_exponent, probe_share)
    words = _pick(np.cumsum(plan.word_probability), draw.random(count))
    slots = _draw_slots(draw, plan, words, ordered)
    distribution = plan.distribution
    filler_start = len(plan.contexts) - len(filler_words())
    if shuffled:
        slots = slots.reshape(-1)[np.argsort(draw.random(slots.size))].reshape(slots.shape)
        mean = plan.word_probability @ distribution
        distribution = np.broadcast_to(mean, distribution.shape).copy()
    if head_noise:
        noisy = draw.random(slots.shape) < head_noise
        head = filler_start + (draw.random(slots.shape) * _HEAD).astype(np.int64)
        slots = np.where(noisy, head, slots)
        distribution = distribution * (1 - head_noise)
        distribution[:, filler_start : filler_start + _HEAD] += head_noise / _HEAD
    names = np.array([*plan.contexts], dtype=object)[slots]
    if open_share:
        _open_tail(draw, names, slots >= filler_start, open_share)
        distribution = distribution.copy()
        distribution[:, filler_start:] *= 1 - open_share
    rows = np.insert(names, SLOTS // 2, np.array(plan.words, dtype=object)[words], axis=1)
    sentences = rows.tolist()
    regular, irregular = _analogies(plan.irregular)
    identity = CorpusIdentity(
        name=CORPUS,
        split="train",
        kind="synthetic",
        sha256=fingerprint_rows(rows_of(sentences), ["text"]),
        rows=len(sentences),
        origin="generated",
        expected=True,
    )
    return WordWorld(
        sentences=sentences,
        analogies=regular,
        irregular_analogies=irregular,
        compositions=_compositions(plan.irregular),
        words=plan.words,
        contexts=plan.contexts,
        distribution=distribution,
        identity=identity,
    )


def rows_of(sentences: list[list[str]]) -> Iterator[dict[str, object]]:
    """One sentence a row."""
    return ({"text": " ".join(sentence)} for sentence in sentences)


def _strengths(given: dict[str, float] | float) -> dict[str, float]:
    names = [family.name for family in FAMILIES]
    if not isinstance(given, dict):
        return dict.fromkeys(names, float(given))
    if unknown := set(given) - set(names):
        raise ReplicationError(
            f"make_words: no family {sorted(unknown)[0]!r}; the families are {', '.join(names)}"
        )
    return {name: float(given.get(name, 1.0)) for name in names}


def _pick(cumulative: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Indices drawn from cumulative weights by inversion."""
    return np.minimum(
        np.searchsorted(cumulative, uniform * cumulative[-1], side="right"), len(cumulative) - 1
    )


def _draw_slots(
    draw: np.random.Generator, plan: Plan, words: np.ndarray, ordered: bool
) -> np.ndarray:
    slots = np.empty((len(words), SLOTS), dtype=np.int64)
    uniform = draw.random(slots.shape)
    left, right = plan.distribution, plan.distribution
    if ordered:
        # Each side is half of the slots, so the two sides average to the planted distribution.
        filler = plan.filler_part / plan.filler_part.sum(axis=1, keepdims=True)
        left, right = (
            2 * part + (1 - 2 * part.sum(axis=1, keepdims=True)) * filler
            for part in (plan.stem_part, plan.attribute_part)
        )
    for word in np.unique(words):
        where = words == word
        for side, chosen in ((left, slice(0, SLOTS // 2)), (right, slice(SLOTS // 2, SLOTS))):
            slots[where, chosen] = _pick(np.cumsum(side[word]), uniform[where, chosen])
    return slots


def _open_tail(
    draw: np.random.Generator, names: np.ndarray, filler: np.ndarray, share: float
) -> None:
    """Replace a share of the filler by words of an endless tail, in place."""
    chosen = filler & (draw.random(names.shape) < share)
    # P(rank > r) = r ** -0.5, so Zipf's exponent is 1.5 and Heaps' 1 / 1.5.
    ranks = np.minimum((1 - draw.random(int(chosen.sum()))) ** -2.0, 1e15).astype(np.int64)
    names[chosen] = [f"rare{rank}" for rank in ranks.tolist()]


_Question = tuple[str, str, str, str, str]


def _analogies(irregular: set[str]) -> tuple[list[_Question], list[_Question]]:
    regular_ones: list[_Question] = []
    irregular_ones: list[_Question] = []
    for family in FAMILIES:
        for a, b, _ in family.stems:
            for c, d, _ in family.stems:
                if a != c:
                    broken = a in irregular or c in irregular
                    (irregular_ones if broken else regular_ones).append((family.name, a, b, c, d))
    return regular_ones, irregular_ones


def _compositions(irregular: set[str]) -> list[tuple[str, str, str]]:
    return [
        (stem[2][0], family.attribute_contexts[side][0], stem[side])
        for family in FAMILIES
        for stem in family.stems
        if stem[0] not in irregular
        for side in (0, 1)
    ]
