"""A claim and its verdict in a reader's words: for the tables and for the first screen."""

import re
from collections.abc import Iterable

from replications.claims import (
    MET,
    NO_RECORDS,
    NOT_MET,
    NOT_TESTABLE,
    UNDECIDED,
    Claim,
    Difference,
    Ratio,
    Verdict,
    scoreboard,
    values_by_seed,
)
from replications.records import Number, Record

SIGNS = {
    **dict.fromkeys(MET, "✓"),
    **dict.fromkeys(NOT_MET, "✗"),
    UNDECIDED: "?",
    NOT_TESTABLE: "–",
    NO_RECORDS: "…",
}

_MINUS = re.compile(r"(?<!\w)-(?=\d)")


def papers_value(claim: Claim) -> str:
    """As on the scoreboard: "at the end: 2.2, early: −0.8 %"; a value in words as it stands."""
    value = scoreboard.papers_value(claim)
    return value if isinstance(claim.paper_value, str) else with_minus_signs(value)


def our_value(verdict: Verdict) -> str:
    """Our mean with its interval, in our unit: "−0.40 [−0.54, −0.26] nats"."""
    return with_minus_signs(scoreboard.ours(verdict))


def with_minus_signs(text: str) -> str:
    """Negative numbers with the sign that typesetters use, at which no line breaks."""
    return _MINUS.sub("−", text)


def criterion(claim: Claim) -> str:
    """What was to be measured, and where its interval had to lie, at which seeds and tier."""
    if claim.not_testable:
        return f"not testable here: {claim.not_testable}"
    measure = str(claim.measure)
    if measure.startswith("("):
        measure = measure[1:-1]
    looks = ", ".join(map(str, claim.looks[:-1])) + f" or {claim.looks[-1]}"
    first = f" from {claim.first_seed} on" if claim.first_seed else ""
    return f"{measure}: {claim.criterion} ({looks} seeds{first}, `{claim.tier}`)"


def verdict_in_words(verdict: Verdict) -> str:
    """The verdict with its sign, and the note that explains it."""
    note = f": {with_minus_signs(verdict.note)}" if verdict.note else ""
    return f"{SIGNS[verdict.verdict]} **{name_of(verdict)}**{note}"


def name_of(verdict: Verdict) -> str:
    """The verdict's name; a control, which no paper claimed, passes or fails."""
    if verdict.claim.role != "control":
        return verdict.verdict
    if verdict.verdict in MET:
        return "control passed"
    return "control failed" if verdict.verdict in NOT_MET else f"control, {verdict.verdict}"


def both_sides(verdict: Verdict, records: Iterable[Record]) -> str:
    """The means of both sides of a difference or ratio, "40.5 and 35.2: "; else nothing."""
    sides = _sides(verdict, records)
    if not sides:
        return ""
    left, right = (_plainly(sum(values) / len(values)) for values in sides)
    return with_minus_signs(f"{left} and {right}: ")


def seed_by_seed(verdict: Verdict, records: Iterable[Record]) -> str:
    """Of an undecided difference or ratio, what both sides measure at each seed; else nothing.

    With three seeds an interval is so wide that a reader wants to see what it is made of.
    """
    sides = _sides(verdict, records) if verdict.verdict == UNDECIDED else ()
    if not sides or len(set(map(len, sides))) > 1:
        return ""
    left, right = (", ".join(map(_plainly, values)) for values in sides)
    return with_minus_signs(f" Seed by seed: {left}; and {right}.")


def _sides(verdict: Verdict, records: Iterable[Record]) -> tuple[tuple[Number, ...], ...]:
    """The values of both sides of a difference or ratio, by seed; empty for other measures."""
    claim = verdict.claim
    if not isinstance(claim.measure, Difference | Ratio):
        return ()
    seeds = range(claim.first_seed, claim.first_seed + verdict.look)
    judged = [r for r in records if r.tier == claim.tier and r.seed in seeds]
    by_seed = (values_by_seed(side, judged) for side in (claim.measure.left, claim.measure.right))
    return tuple(tuple(values[seed] for seed in sorted(values)) for values in by_seed)


def _plainly(value: Number) -> str:
    """Four digits, and no power of ten where a small value can be written out."""
    return f"{value:.6f}" if 1e-6 <= abs(value) < 1e-3 else f"{value:.4g}"
