"""A claim and its verdict in a reader's words: for the tables and for the first screen."""

import re
from collections.abc import Iterable
from dataclasses import replace

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
    values_by_seed,
)
from replications.claims.scoreboard import ours
from replications.records import Number, Record

SIGNS = {
    **dict.fromkeys(MET, "✓"),
    **dict.fromkeys(NOT_MET, "✗"),
    UNDECIDED: "?",
    NOT_TESTABLE: "–",
    NO_RECORDS: "…",
}

# How a claim says that its two values have two units.
_TWO_UNITS = re.compile(r"\(the paper's (?P<paper>.+); ours (?P<ours>.+)\)")
_MINUS = re.compile(r"(?<!\w)-(?=\d)")


def units(claim: Claim) -> tuple[str, str]:
    """The unit of the paper's value, and that of ours: "(the paper's A; ours B)" has two."""
    found = _TWO_UNITS.fullmatch(claim.unit)
    return (found["paper"], found["ours"]) if found else (claim.unit, claim.unit)


def papers_value(claim: Claim) -> str:
    """As on the scoreboard, but with colons: "skip-gram: 55, CBOW: 24 %".

    A ratio's two sides have another unit than the ratio itself.
    """
    if isinstance(claim.paper_value, str):
        return claim.paper_value
    numbers = with_minus_signs(
        ", ".join(f"{name}: {value:g}" for name, value in claim.paper_value.items())
    )
    own, other = units(claim)
    if isinstance(claim.measure, Ratio) and own == other:
        return numbers
    return f"{numbers} {own}".strip()


def our_value(verdict: Verdict) -> str:
    """Our mean with its interval, in our unit: "−0.40 [−0.54, −0.26] nats"."""
    _, unit = units(verdict.claim)
    return with_minus_signs(ours(replace(verdict, claim=replace(verdict.claim, unit=unit))))


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
