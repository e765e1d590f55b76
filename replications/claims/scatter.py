"""How much a measure scatters over the seeds: its own scatter, or one pooled over a chapter.

The rule, fixed before it was applied to any claim:

- A sum or difference of recipes is not paired by seed, unless the claim says so: the results of two
  networks with one seed correlate by r = 0.24 only, and pairing halves the degrees of freedom.
- A recipe's scatter in a metric is pooled with that of all recipes of the chapter that measure the
  metric on the same corpora, where Bartlett's test finds no difference at p < 0.2 among them. The
  larger of the pooled variance and the claim's own is taken, each with its own degrees of freedom.
- Elsewhere each recipe has its own (Welch's approximation for a difference). Ratios, fits and
  means over tasks are taken at each seed, and scatter as these values do.

By simulation (`tests/claims/test_scatter.py`) a look's error, 1 % a side, stays near 1 % where
recipes scatter alike. Where one of the two compared scatters three times as much as eleven others
it is 2 %, as Bartlett's test then often sees no difference. (Before 29 November 2026 the claim's
own variance, too, was taken with the pool's degrees of freedom, and that error was above 3 %.)
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from replications.claims.intervals import variance
from replications.claims.measures import Difference, Measure, Value
from replications.records import Number, Record

ALIKE = 0.2
"""Below this p-value of Bartlett's test, recipes do not count as scattering alike."""

BySeed = Mapping[int, Mapping[str, Record]]
"""Records by seed and recipe."""


class Scatter(NamedTuple):
    """The variance of a measure at one seed, and how many degrees of freedom it rests on."""

    variance: float
    degrees: float


@dataclass(frozen=True)
class _Block:
    """Terms that share recipes, and so vary together."""

    terms: tuple[tuple[int, Measure], ...]

    @property
    def recipes(self) -> frozenset[str]:
        return frozenset(name for _, measure in self.terms for name in measure.recipes)

    def at(self, records: Mapping[str, Record]) -> Number:
        return math.fsum(sign * measure.at(records) for sign, measure in self.terms)

    @property
    def metrics(self) -> dict[str, int] | None:
        """For metrics of one recipe how often each counts, but for the sign; None for others."""
        if len(self.recipes) != 1 or not all(isinstance(m, Value) for _, m in self.terms):
            return None
        counts: dict[str, int] = {}
        for sign, measure in self.terms:
            counts[measure.metric] = counts.get(measure.metric, 0) + sign
        first = next((count for _, count in sorted(counts.items()) if count), 0)
        return {name: count * (-1 if first < 0 else 1) for name, count in counts.items() if count}


def scatter(
    measure: Measure, by_seed: BySeed, chapter: Iterable[Record], *, paired: bool = False
) -> Scatter | None:
    """The scatter of a measure over seeds; None where nothing was seen to vary.

    `by_seed` has each recipe of the measure at each seed; `chapter` all records of the chapter at
    the same tier, of which those of the same seeds are pooled.
    """
    seeds = list(by_seed)
    known = [record for record in chapter if record.seed in by_seed]
    blocks = [_Block(((1, measure),))] if paired else _blocks(measure)
    found = [
        (block, variance([block.at(by_seed[seed]) for seed in seeds]), _pool(block, by_seed, known))
        for block in blocks
    ]
    varied = [each for each in found if each[1] > 0]
    if not varied and not all(pool for _, _, pool in found):
        return None
    # A baseline that gives the same number at every seed adds nothing to another's scatter.
    parts = []
    for pool, those in _by_pool(varied or found).items():
        own = _sum(Scatter(each, len(seeds) - 1) for _, each, _ in those)
        if isinstance(pool, Scatter) and own.variance <= len(those) * pool.variance:
            parts.append(Scatter(len(those) * pool.variance, pool.degrees))
        else:
            parts.append(own)
    return _sum(parts)


def _sum(parts: Iterable[Scatter]) -> Scatter:
    """Of independent measures, with Satterthwaite's approximation of the degrees of freedom."""
    varied = [part for part in parts if part.variance > 0]
    total = math.fsum(part.variance for part in varied)
    if total == 0:
        return Scatter(0.0, 0.0)
    return Scatter(total, total**2 / math.fsum(v**2 / degrees for v, degrees in varied))


def _terms(measure: Measure, sign: int = 1) -> list[tuple[int, Measure]]:
    if isinstance(measure, Difference):
        return _terms(measure.left, sign) + _terms(measure.right, -sign)
    return [(sign, measure)]


def _blocks(measure: Measure) -> list[_Block]:
    blocks: list[_Block] = []
    for term in _terms(measure):
        joined = _Block((term,))
        for other in [block for block in blocks if block.recipes & joined.recipes]:
            blocks.remove(other)
            joined = _Block((*other.terms, *joined.terms))
        blocks.append(joined)
    return blocks


_Found = tuple[_Block, float, Scatter | None]


def _by_pool(found: Sequence[_Found]) -> dict[Scatter | int, list[_Found]]:
    """Blocks of one pool together, as they share its variance; each other block by itself."""
    pools: dict[Scatter | int, list[_Found]] = {}
    for number, each in enumerate(found):
        pools.setdefault(number if each[2] is None else each[2], []).append(each)
    return pools


def _pool(block: _Block, by_seed: BySeed, chapter: Sequence[Record]) -> Scatter | None:
    """The variance pooled over the chapter's recipes, where there are two and they are alike."""
    metrics = block.metrics
    if not metrics:
        return None
    (recipe,) = block.recipes
    corpora = _corpora(next(iter(by_seed.values()))[recipe])
    values: dict[str, list[Number]] = {}
    for record in chapter:
        if _corpora(record) == corpora and metrics.keys() <= record.metrics.keys():
            value = math.fsum(count * record.metrics[name] for name, count in metrics.items())
            values.setdefault(record.recipe, []).append(value)
    scatters = [
        Scatter(variance(those), len(those) - 1) for those in values.values() if len(those) > 1
    ]
    varied = [each for each in scatters if each.variance > 0]
    if len(varied) < 2 or bartlett(varied) < ALIKE:
        return None
    degrees = sum(each.degrees for each in varied)
    return Scatter(math.fsum(v * d for v, d in varied) / degrees, degrees)


def _corpora(record: Record) -> frozenset[str]:
    return frozenset(corpus["name"] for corpus in record.corpora)


def bartlett(scatters: Sequence[Scatter]) -> float:
    """Bartlett's test that all variances are one: its p-value.

    Source: Bartlett 1937, Properties of sufficiency and statistical tests, section 5.
    """
    from scipy.special import chdtrc

    degrees = math.fsum(d for _, d in scatters)
    pooled = math.fsum(v * d for v, d in scatters) / degrees
    statistic = math.fsum(d * math.log(pooled / v) for v, d in scatters)
    correction = math.fsum(1 / d for _, d in scatters) - 1 / degrees
    groups = len(scatters)
    return float(chdtrc(groups - 1, statistic / (1 + correction / (3 * (groups - 1)))))
