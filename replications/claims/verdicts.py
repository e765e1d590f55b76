"""Verdicts on a claim from its estimates at each look so far.

Two questions are asked of a claim. Does the effect meet the criterion? Is it as large as the effect
that counts? Each is answered once, at the first look whose interval answers it: later looks show
newer intervals, and reopen neither. Where no interval answers the second, the mean does, for an
effect that meets the criterion: otherwise the wider interval would have the better verdict.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from replications.claims.claim import Claim, Informative, null_value
from replications.claims.criteria import Criterion, falls_short
from replications.claims.intervals import Covers, Estimate
from replications.claims.measures.transitions import ShareOfRuns
from replications.records import Number

REPRODUCED = "reproduced"
IN_DIRECTION = "reproduced in direction"
SMALLER = "smaller than claimed"
CONTRADICTED = "contradicted at this scale"
UNDECIDED = "undecided"
NOT_TESTABLE = "not testable here"
NO_RECORDS = "no records yet"
VERDICTS = (
    REPRODUCED,
    IN_DIRECTION,
    SMALLER,
    CONTRADICTED,
    UNDECIDED,
    NOT_TESTABLE,
    NO_RECORDS,
)
MET = (REPRODUCED, IN_DIRECTION)
"""The verdicts of claims whose criterion is met."""
NOT_MET = (SMALLER, CONTRADICTED)
"""The verdicts of claims of which the records say that they do not hold here."""

AnyEstimate = Estimate | ShareOfRuns

Outcome = Literal["met", "not met", "open"]


def outcome(verdict: str) -> Outcome:
    """What a verdict says in short; open are claims undecided, without records or not testable."""
    if verdict in MET:
        return "met"
    return "not met" if verdict in NOT_MET else "open"


@dataclass(frozen=True)
class Verdict:
    """What the records say of a claim.

    `measured` is the mean over the first `look` seeds, `low` and `high` its 98 % interval, cut at
    the limits of what the measure can be. The interval is None where nothing varied, or where a run
    did not come as far as the measure asks. `half_width` is that of the uncut one. `seeds` are
    recorded. `covers` is what the interval is over. `detectable_effect` is the distance from the
    bound at which this look decides in 80 of 100 cases. `p` is one-sided, against the bound, over
    all looks. `decided_at` is the look that decided. `data` holds each corpus once (name, split,
    kind, sha256, expected) and `records` the paths of the records used, relative to the repository.
    """

    claim: Claim
    verdict: str
    measured: Number | None = None
    low: Number | None = None
    high: Number | None = None
    seeds: int = 0
    look: int | None = None
    decided_at: int | None = None
    covers: Covers = "nothing"
    half_width: Number | None = None
    detectable_effect: Number | None = None
    p: Number | None = None
    data: tuple[dict, ...] = ()
    records: tuple[str, ...] = ()
    note: str = ""


def judge(
    claim: Claim,
    looks: Mapping[int, AnyEstimate],
    informative: Mapping[int, AnyEstimate] | None = None,
) -> Verdict:
    """The verdict on estimates by look, the smallest look first; one at least.

    `informative` has those of the claim's baseline at the same looks.
    """
    newest = max(looks)
    estimate = looks[newest]
    shown = Verdict(claim, UNDECIDED, estimate.mean, look=newest, covers=estimate.covers)
    if found := estimate.interval:
        least, most = _limits(claim)
        shown = replace(
            shown,
            low=max(found.low, least),
            high=min(found.high, most),
            half_width=estimate.half_width,
            detectable_effect=estimate.detectable,
        )
    if claim.informative and not _is_met(claim.informative, informative or {}):
        baseline = (informative or {}).get(newest)
        if baseline and claim.informative.criterion.reading(*[baseline.mean] * 2) == "inside":
            # The mean alone is beyond the bound: more seeds may tell.
            note = _condition("Not yet beyond a floor", claim.informative, baseline)
            return replace(shown, verdict=UNDECIDED, note=note)
        note = _condition("At a floor", claim.informative, baseline)
        return replace(shown, verdict=NOT_TESTABLE, note=note)
    if found is None:
        return replace(shown, note=_without_interval(claim))
    verdict, decided = _answers(claim, looks)
    return replace(
        shown,
        verdict=verdict,
        decided_at=decided,
        p=looks[decided or newest].p(claim.criterion),
        note=_explained(claim, verdict, estimate, _judged_size(claim, looks)[1]),
    )


def _limits(claim: Claim) -> tuple[Number, Number]:
    """The least and the most that the measure can be, of which Student's interval knows nothing.

    A measure such as a correlation says so by an attribute of this name.
    """
    return getattr(claim.measure, "limits", (-math.inf, math.inf))


def _answers(claim: Claim, looks: Mapping[int, AnyEstimate]) -> tuple[str, int | None]:
    """The verdict and the look that decided it; None for an open one."""
    reading, at = "straddling", None
    short, short_at = _judged_size(claim, looks)
    for look, estimate in looks.items():
        if (found := estimate.interval) is None:
            continue
        if at is None:
            reading = claim.criterion.reading(found.low, found.high)
            at = look if reading != "straddling" else None
    if reading == "inside":
        if short_at is None:
            mean = looks[max(looks)].mean
            short = _is_short(claim, mean, mean)
        return (IN_DIRECTION if short else REPRODUCED), at
    if reading == "outside":
        found = looks[at].interval
        null = null_value(claim.measure)
        weak = falls_short(claim.criterion, null, found.low, found.high)
        return (SMALLER if weak else CONTRADICTED), at
    return (SMALLER, short_at) if short else (UNDECIDED, None)


def _judged_size(claim: Claim, looks: Mapping[int, AnyEstimate]) -> tuple[bool, int | None]:
    """Whether the effect is smaller than what counts, and the look that decided it."""
    for look, estimate in looks.items():
        if found := estimate.interval:
            short = _is_short(claim, found.low, found.high)
            if short is not None:
                return short, look
    return False, None


def _is_short(claim: Claim, low: Number, high: Number) -> bool | None:
    """Whether the whole interval falls short of the effect that counts; None where it straddles."""
    smallest = claim.effect_that_counts
    bound, _ = edges = claim.criterion.edges
    if smallest is None or smallest in edges:
        return False
    if low <= smallest <= high:
        return None
    return high < smallest if bound != float("-inf") else low > smallest


def _is_met(informative: Informative, looks: Mapping[int, AnyEstimate]) -> bool:
    return any(
        (found := estimate.interval)
        and informative.criterion.reading(found.low, found.high) == "inside"
        for estimate in looks.values()
    )


def _condition(opening: str, informative: Informative, estimate: AnyEstimate | None) -> str:
    measured = ""
    if estimate is not None:
        found = estimate.interval
        shown = (
            f" [{_digits(found.low, 3)}, {_digits(found.high, 3)}]" if found else " at every seed"
        )
        measured = f" It is {_digits(estimate.mean, 3)}{shown}."
    return (
        f"{opening}: {informative.measure} would have to lie {informative.criterion.words} "
        f"({informative.baseline}).{measured}"
    )


def _without_interval(claim: Claim) -> str:
    if claim.spread == "seeds":
        return "All seeds agree. Nothing was seen to vary, so there is no interval."
    return (
        "Nothing here varies with the seed, and the records keep no items to resample: the value "
        "stands without an interval."
    )


def _explained(claim: Claim, verdict: str, estimate: AnyEstimate, short_at: int | None) -> str:
    if verdict == UNDECIDED:
        return _known_to(claim, estimate)
    smallest = claim.effect_that_counts
    if verdict in (SMALLER, IN_DIRECTION) and smallest not in (None, *claim.criterion.edges):
        half = (
            "the effect that counts" if claim.smallest is not None else "half of the paper's effect"
        )
        if (found := estimate.interval) and _is_short(claim, found.low, found.high):
            return f"The interval does not reach {_digits(smallest, 3)}, {half}."
        if short_at is None:
            return f"The mean does not reach {_digits(smallest, 3)}, {half}; the interval does."
        return f"At {short_at} seeds the interval did not reach {_digits(smallest, 3)}, {half}."
    if verdict == SMALLER:
        return f"It goes the way of the claim, and does not lie {claim.criterion.words}."
    return ""


def _known_to(claim: Claim, estimate: AnyEstimate) -> str:
    known = f"Known to ± {_digits(estimate.half_width, 2)}"
    least, most = _limits(claim)
    if estimate.half_width >= (most - least) / 2:
        return f"{known}, and no value is below {least:g} or above {most:g}: this says nothing."
    low, high = claim.criterion.edges
    if math.isfinite(low) and math.isfinite(high):
        half = (high - low) / 2
        if estimate.half_width > half:
            return f"{known}: no such interval fits a range of ± {_digits(half, 2)}."
        return f"{known}, in a range of ± {_digits(half, 2)}."
    if estimate.detectable is None:
        return f"{known}."
    return (
        f"{known}. In 80 of 100 cases these runs would have shown an effect of "
        f"{_digits(estimate.detectable, 2)} from the bound."
    )


def _digits(value: Number, digits: int) -> str:
    """So many digits that count, and no power of ten for a large value."""
    return f"{float(f'{value:.{digits}g}'):g}"


def as_json(slug: str, verdict: Verdict) -> dict:
    """The object that `replicate claims --json` prints for one claim."""
    claim = verdict.claim
    informative = claim.informative
    return {
        "paper": slug,
        "claim": claim.slug,
        "role": claim.role,
        "statement": claim.statement,
        "source": claim.source,
        "paper_value": claim.paper_value,
        "unit": claim.unit,
        "measure": _text(claim.measure),
        "criterion": _text(claim.criterion),
        "smallest_effect": claim.effect_that_counts,
        "informative": f"{informative.measure}: {informative.criterion}" if informative else "",
        "tier": claim.tier,
        "seeds": verdict.seeds,
        "look": verdict.look,
        "decided_at": verdict.decided_at,
        "data": list(verdict.data),
        "measured": verdict.measured,
        "low": verdict.low,
        "high": verdict.high,
        "half_width": verdict.half_width,
        "covers": verdict.covers,
        "detectable_effect": verdict.detectable_effect,
        "p": verdict.p,
        "verdict": verdict.verdict,
        "records": list(verdict.records),
        "note": verdict.note,
    }


def _text(part: Criterion | object | None) -> str:
    return "" if part is None else str(part)
