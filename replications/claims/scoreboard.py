"""The scoreboard: every claim of every paper with its verdict, for the README and the book."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from replications.atomic_write import written_whole
from replications.claims import MET, NO_RECORDS, VERDICTS, Claim, Verdict
from replications.claims.intervals import ERROR
from replications.claims.multiplicity import benjamini_hochberg
from replications.errors import ReplicationError
from replications.records import Number

BEGIN = "<!-- scoreboard: written by `replicate claims --write-readme` -->"
END = "<!-- end of the scoreboard -->"

# One paper: its slug, its module, its verdicts in the paper's order.
Score = tuple[str, Any, Sequence[Verdict]]


def rows(scores: Iterable[Score]) -> list[dict[str, str]]:
    """One row a claim, ready to show: chapter, paper, claim, statement, paper's, ours, verdict."""
    return [
        {
            "chapter": str(paper.NUMBER),
            "paper": slug,
            "claim": verdict.claim.slug,
            "role": verdict.claim.role,
            "statement": verdict.claim.statement,
            "paper's value": f"{papers_value(verdict.claim)} ({verdict.claim.source})",
            "ours": ours(verdict),
            "over": over(verdict) if verdict.measured is not None else "",
            "verdict": verdict.verdict,
        }
        for slug, paper, verdicts in scores
        for verdict in verdicts
    ]


def by_chapter(scores: Iterable[Score]) -> str:
    """A count of all verdicts, then the table of `counts_by_chapter`."""
    scores = list(scores)
    header, *counts = (" | ".join(row) for row in counts_by_chapter(scores))
    ruler = f"| --- |{' ---: |' * header.count(' | ')}"
    lines = [f"| {header} |", ruler, *(f"| {row} |" for row in counts)]
    return "\n".join([counted(scores), "", *lines])


def counted(scores: Iterable[Score]) -> str:
    """A count of all verdicts, and how many of those reproduced stand beside a paper's number."""
    verdicts = [verdict for _, _, those in scores for verdict in those]
    return f"{count_verdicts(verdicts)}{beside_numbers(verdicts)}"


def counts_by_chapter(scores: Iterable[Score]) -> list[list[str]]:
    """A header, then a row a chapter, with a column for each verdict that a claim was given.

    Controls, which are no claims of a paper, are counted nowhere.
    """
    found = {
        f"{paper.NUMBER} {slug}": Counter(one.verdict for one in _of_the_paper(verdicts))
        for slug, paper, verdicts in scores
    }
    given = [one for one in VERDICTS if any(counts[one] for counts in found.values())]
    rows = [[name, *(str(counts[one] or "") for one in given)] for name, counts in found.items()]
    return [["chapter", *given], *rows]


def by_claim(scores: Iterable[Score]) -> str:
    """A table with one row a claim: the paper's value, ours with its interval, the verdict.

    A dagger marks what is met, but not by the stricter rule of `after_multiplicity`.
    """
    scores = list(scores)
    taken_back = dropped(scores)
    lines = [
        "| chapter | claim | paper | ours, mean [98 % interval] | interval over | verdict |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows(scores):
        mark = " †" if (row["paper"], row["claim"]) in taken_back else ""
        control = " (a control, counted nowhere)" if row["role"] == "control" else ""
        cells = (
            f"{row['chapter']} {row['paper']}",
            row["statement"],
            row["paper's value"],
            row["ours"],
            row["over"],
            f"{row['verdict']}{mark}{control}",
        )
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines)


def after_multiplicity(scores: Iterable[Score]) -> str:
    """In two sentences: how many claims would be met by chance, and which a stricter rule drops.

    Benjamini and Hochberg's procedure at 2.5 %, over the claims of the papers that have a p-value.
    """
    scores = list(scores)
    tested, met = _p_values(scores), _met(scores)
    if not tested:
        return "No claim has been tested yet."
    if not met:
        return f"Of {number_of_claims(len(tested))} tested, none is reproduced."
    taken_back = dropped(scores)
    names = "; ".join(f"{slug}: {claim}" for slug, claim in sorted(taken_back))
    kept = (
        f"all {len(met)} reproduced claims stay"
        if not taken_back
        else f"{len(met) - len(taken_back)} of {len(met)} reproduced claims stay, without those "
        f"marked † ({names})"
    )
    return (
        f"Of {number_of_claims(len(tested))} tested, about {len(tested) * ERROR:.0f} would be met "
        f"by chance if none were true. By Benjamini and Hochberg's procedure, which holds the "
        f"expected share of false ones at {100 * ERROR:g} % if their p-values are independent or "
        f"rise together, {kept}."
    )


Key = tuple[str, str]


def _p_values(scores: Iterable[Score]) -> dict[Key, Number]:
    return {
        (slug, verdict.claim.slug): verdict.p
        for slug, _, verdicts in scores
        for verdict in _of_the_paper(verdicts)
        if verdict.p is not None
    }


def _met(scores: Iterable[Score]) -> set[Key]:
    return {
        (slug, verdict.claim.slug)
        for slug, _, verdicts in scores
        for verdict in _of_the_paper(verdicts)
        if verdict.verdict in MET
    }


def dropped(scores: Sequence[Score]) -> set[Key]:
    """Paper and claim of what is met, but not by the stricter rule of `after_multiplicity`."""
    return _met(scores) - benjamini_hochberg(_p_values(scores), ERROR)


def _of_the_paper(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Without controls, which are no claims of the paper."""
    return [verdict for verdict in verdicts if verdict.claim.role != "control"]


def readme_block(scores: Iterable[Score]) -> str:
    """What stands between the README's markers: the chapters, and folded away, the claims."""
    scores = list(scores)
    return "\n\n".join(
        (
            by_chapter(scores),
            after_multiplicity(scores),
            "<details>\n<summary>Every claim, with the paper's number and ours</summary>",
            by_claim(scores),
            "</details>",
        )
    )


def count_verdicts(verdicts: Iterable[Verdict]) -> str:
    """In one line: how many claims have which verdict; controls are no claims."""
    found = Counter(verdict.verdict for verdict in _of_the_paper(verdicts))
    if not found or set(found) == {NO_RECORDS}:
        return f"{number_of_claims(found.total())}: no records yet."
    parts = [f"{found[verdict]} {verdict}" for verdict in VERDICTS if found[verdict]]
    return f"{number_of_claims(found.total())}: {', '.join(parts)}."


def beside_numbers(verdicts: Iterable[Verdict]) -> str:
    """How many of the reproduced claims stand beside a paper's effect on our scale.

    The others stand beside words, a number of another kind, or a question that we added.
    """
    met = [verdict.claim for verdict in _of_the_paper(verdicts) if verdict.verdict in MET]
    if not met:
        return ""
    numbers = sum(claim.papers_effect is not None for claim in met)
    return (
        f" Of those reproduced, in direction or in full, {numbers} of {len(met)} stand beside a "
        "number of a paper that can be compared with ours; the others beside a statement in words, "
        "a number of another kind, or a question that we added."
    )


def write_readme(readme: Path, scores: Iterable[Score]) -> None:
    """Put the scoreboard between the README's markers.

    Raises ReplicationError when the markers are not there, or the file cannot be written.
    """
    text = _with_scoreboard(readme, scores)
    try:
        with written_whole(readme) as partial:
            partial.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ReplicationError(f"Cannot write {readme}: {error.strerror}.") from error


def papers_value(claim: Claim) -> str:
    """The paper's number or numbers with their unit: "skip-gram: 55, CBOW: 24 %"."""
    if isinstance(claim.paper_value, str):
        return claim.paper_value
    numbers = ", ".join(f"{name}: {value:g}" for name, value in claim.paper_value.items())
    unit, _ = claim.units
    return f"{numbers} {unit}".strip()


def ours(verdict: Verdict) -> str:
    """Our mean with its interval and unit, "10.1 [7.5, 12.6] %"; a dash where nothing was judged.

    Decimals are as many as leave the interval's half-width two significant digits, and more where
    an end would round to the criterion's bound, on one side of which it lies. A value that has no
    interval says so.
    """
    if verdict.measured is None:
        return "–"
    _, unit = verdict.claim.units
    if verdict.low is None or verdict.high is None:
        return f"{verdict.measured:.4g} [no interval] {unit}".strip()
    # The exponent as printed with two digits, so that 0.0999 counts as 0.10.
    exponent = int(f"{(verdict.high - verdict.low) / 2:.1e}".split("e")[1])
    usual = max(0, 1 - exponent)
    bounds = verdict.claim.criterion.edges if verdict.claim.criterion else ()
    ends = (verdict.low, verdict.high)
    shown = (usual, usual + 1, usual + 2)
    decimals = next((d for d in shown if not _hides_a_side(ends, bounds, d)), usual)
    # z: a value that rounds to zero has no minus sign.
    mean, low, high = (f"{x:z.{decimals}f}" for x in (verdict.measured, *ends))
    return f"{mean} [{low}, {high}] {unit}".strip()


def over(verdict: Verdict) -> str:
    """What the interval is over: "3 seeds", "3 seeds from 5 on", "3 seeds and the test items"."""
    first = verdict.claim.first_seed
    seeds = f"{verdict.look} seeds" + (f" from {first} on" if first else "")
    return {
        "seeds": seeds,
        "items": "the test items",
        "both": f"{seeds} and the test items",
        "nothing": f"{seeds}, no interval",
    }[verdict.covers]


def _hides_a_side(ends: Iterable[Number], bounds: Iterable[Number], decimals: int) -> bool:
    """Whether an end, so rounded, would read as a bound that it is not."""
    return any(
        end != bound and round(end, decimals) == bound
        for bound in bounds
        if math.isfinite(bound)
        for end in ends
    )


def number_of_claims(count: int) -> str:
    """In words: "1 claim", "2 claims"."""
    return f"{count} claim{'' if count == 1 else 's'}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _with_scoreboard(readme: Path, scores: Iterable[Score]) -> str:
    try:
        text = readme.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReplicationError(f"Cannot read {readme}: {error}.") from error
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ReplicationError(
            f"{readme} has no place for the scoreboard. Put these two lines where it belongs:\n"
            f"{BEGIN}\n{END}"
        )
    return f"{before}{BEGIN}\n{readme_block(scores)}\n{END}{after}"
