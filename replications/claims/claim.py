"""A claim: one sentence of a paper, what would count as reproducing it here, and how it is judged.

A claim is written before the run that tests it.
"""

import math
import re
from dataclasses import dataclass, replace
from typing import Literal

from replications.claims.criteria import Criterion
from replications.claims.intervals import LOOKS
from replications.claims.measures import Average, Difference, Measure, Ratio
from replications.claims.measures.trends import LogSlope, RankCorrelation, TrajectoryCorrelation
from replications.records import Number

Role = Literal["primary", "secondary", "control"]
Spread = Literal["seeds", "items", "none"]

# How a claim says that the paper's value and ours have two units.
_TWO_UNITS = re.compile(r"\(the paper's (?P<paper>.+); ours (?P<ours>.+)\)")


@dataclass(frozen=True)
class Informative:
    """A condition for a claim to be testable: the runs do better than a trivial baseline.

    `baseline` says in words what that is, as in "always naming the more frequent class".
    """

    measure: Measure
    criterion: Criterion
    baseline: str


@dataclass(frozen=True)
class Claim:
    """One sentence of a paper, and what would count as reproducing it here.

    `source` names the table or figure; `paper_value` is the paper's own number or numbers, `unit`
    theirs and ours, or "(the paper's A; ours B)" where these differ. `not_testable` is the reason
    why nothing at our scale could decide the claim; then neither measure nor criterion is needed.

    `smallest` is the value of the measure from which on the effect counts; without it half of the
    paper's effect, where that is a number `comparable` with ours, else the criterion's own bound.
    `spread` says what varies: a count of a text has no seed, and is resampled over its items where
    the record keeps them. `paired` is for recipes that a seed ties together, such as two that go
    on from one trained model. `looks` are the numbers of seeds at which the claim is looked at.
    Seeds before `first_seed` chose what is compared, such as a coefficient, and do not count.
    A claim that was tested again with more care, as with tuned models, is secondary from then on. A
    control is no claim of the paper, and is counted nowhere.
    """

    slug: str
    statement: str
    source: str
    paper_value: dict[str, Number] | str
    measure: Measure | None = None
    criterion: Criterion | None = None
    unit: str = ""
    tier: str = "laptop"
    role: Role = "primary"
    smallest: Number | None = None
    comparable: bool = True
    informative: Informative | None = None
    spread: Spread = "seeds"
    paired: bool = False
    looks: tuple[int, ...] = LOOKS
    first_seed: int = 0
    not_testable: str = ""

    def __post_init__(self) -> None:
        if failure := self._failure():
            raise ValueError(f"claim {self.slug}: {failure}")

    def _failure(self) -> str:
        if list(self.looks) != sorted(set(self.looks)) or not 1 <= len(self.looks) <= len(LOOKS):
            return f"looks are up to {len(LOOKS)} growing numbers of seeds, not {self.looks}"
        if self.looks[0] < LOOKS[0]:
            return f"an interval takes {LOOKS[0]} seeds or more"
        if self.first_seed < 0:
            return f"seeds count from 0, not from {self.first_seed}"
        if self.not_testable:
            return ""
        if self.measure is None or self.criterion is None:
            return "give a measure and a criterion, or not_testable"
        low, high = self.criterion.edges
        if self.smallest is not None and math.isfinite(low) and math.isfinite(high):
            return "a range with two ends is itself the effect that counts: leave out smallest"
        if self.smallest is not None and not low <= self.smallest <= high:
            return f"the smallest effect {self.smallest:g} does not lie {self.criterion.words}"
        return ""

    @property
    def recipes(self) -> tuple[str, ...]:
        """The recipes whose records it needs, those of its baseline included."""
        needed = () if self.measure is None else self.measure.recipes
        if self.informative:
            needed = (*needed, *self.informative.measure.recipes)
        return tuple(dict.fromkeys(needed))

    @property
    def units(self) -> tuple[str, str]:
        """The unit of the paper's value, and that of ours.

        A ratio's unit is not that of its two sides: where it does not name theirs, they have none.
        """
        if found := _TWO_UNITS.fullmatch(self.unit):
            return found["paper"], found["ours"]
        return "" if isinstance(self.measure, Ratio) else self.unit, self.unit

    @property
    def effect_that_counts(self) -> Number | None:
        """`smallest`, or what stands for it; None for a criterion with two ends or none."""
        if self.criterion is None:
            return None
        low, high = self.criterion.edges
        if math.isfinite(low) and math.isfinite(high):
            return None
        if self.smallest is not None:
            return self.smallest
        bound = low if math.isfinite(low) else high
        null, effect = null_value(self.measure), self.papers_effect
        # A bound that is not the value of no effect was set as the effect that counts.
        if effect is None or bound != null:
            return bound
        half = null + (effect - null) / 2
        return half if low <= half <= high else bound

    @property
    def papers_effect(self) -> Number | None:
        """The paper's value of the measure: None where it has no number, or no comparable one.

        Two numbers are the two sides of a difference or ratio, in its order.
        """
        if not self.comparable or isinstance(self.paper_value, str):
            return None
        numbers = list(self.paper_value.values())
        if len(numbers) == 1:
            return numbers[0]
        if len(numbers) == 2 and isinstance(self.measure, Difference):
            return numbers[0] - numbers[1]
        if len(numbers) == 2 and isinstance(self.measure, Ratio):
            return numbers[0] / numbers[1]
        return None


def null_value(measure: Measure) -> Number | None:
    """The value of a measure where there is no effect: 0 of a difference, 1 of a ratio.

    None for a measure that compares nothing.
    """
    if isinstance(measure, Difference | LogSlope | RankCorrelation | TrajectoryCorrelation):
        return 0
    if isinstance(measure, Ratio):
        return 1
    if isinstance(measure, Average):
        nulls = {null_value(each) for each in measure.measures}
        return nulls.pop() if len(nulls) == 1 else None
    return None


def half_in_nats(worse: Number, better: Number) -> float:
    """Half of what one perplexity is above another, in nats per token: an effect that counts."""
    return math.log(worse / better) / 2


def at_gpu(claim: Claim, **changed: object) -> Claim:
    """The claim as it is judged at tier `gpu`, under a name of its own, and what else differs."""
    return replace(claim, slug=f"gpu-{claim.slug}", tier="gpu", **changed)
