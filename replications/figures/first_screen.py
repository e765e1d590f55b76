"""What a chapter opens with: what came out, in one line for each of the paper's claims."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from IPython.display import Markdown

from replications.claims import (
    CONTRADICTED,
    MET,
    NO_RECORDS,
    NOT_TESTABLE,
    SMALLER,
    Verdict,
    check_paper,
)
from replications.claims.scoreboard import count_verdicts
from replications.figures.claim_words import SIGNS, our_value, papers_value, with_minus_signs
from replications.figures.markdown import as_text
from replications.papers import find_paper
from replications.paths import RECORDS

_OPEN = (NOT_TESTABLE, NO_RECORDS)


def what_came_out(paper: str, folder: Path = RECORDS) -> Markdown:
    """The primary claims that the runs could judge, a line each; the others folded below.

    A line has the verdict, the tier, the claim, our value with its interval, and the paper's.
    Secondary claims are counted; controls, which are no claims of the paper, are left out.
    """
    verdicts = check_paper(paper, find_paper(paper), folder)
    primary = [verdict for verdict in verdicts if verdict.claim.role == "primary"]
    secondary = [verdict for verdict in verdicts if verdict.claim.role == "secondary"]
    judged = [verdict for verdict in primary if verdict.verdict not in _OPEN]
    parts = ["<div class='verdicts'>"]
    parts += ["\n".join(map(_line, judged))] if judged else []
    for name in _OPEN:
        parts += _folded([verdict for verdict in primary if verdict.verdict == name])
    parts.append("</div>")
    if secondary:
        parts.append(f"And {_secondary(secondary)}")
    # A blank line between them: what follows one in an HTML block is Markdown again.
    return Markdown("\n\n".join(parts))


def _line(verdict: Verdict) -> str:
    ours = f"ours: {as_text(our_value(verdict))}"
    paper = f"the paper: {as_text(papers_value(verdict.claim))}"
    said = f"{_badge(verdict)} {as_text(verdict.claim.statement)}"
    return f"- {said}<br><span class='values'>{ours}; {paper}</span>"


def _badge(verdict: Verdict) -> str:
    kind = "open"
    if verdict.verdict in MET:
        kind = "met"
    elif verdict.verdict in (SMALLER, CONTRADICTED):
        kind = "not-met"
    sign = SIGNS[verdict.verdict]
    return (
        f"<span class='verdict {kind}'>{sign} **{verdict.verdict}**</span> `{verdict.claim.tier}`"
    )


def _folded(verdicts: Sequence[Verdict]) -> list[str]:
    """The claims of one verdict that say nothing yet, by tier, under a line that counts them."""
    by_tier = sorted(verdicts, key=lambda verdict: verdict.claim.tier, reverse=True)
    parts = []
    for tier, those in groupby(by_tier, key=lambda verdict: verdict.claim.tier):
        found = list(those)
        lines = [f"- {as_text(verdict.claim.statement)}{_why(verdict)}" for verdict in found]
        parts += [
            "<details>",
            f"<summary>{SIGNS[found[0].verdict]} <strong>{_named(found)}</strong> "
            f"<code>{tier}</code> {_claims(len(found))}{_seeds(found)}</summary>",
            "\n".join(lines),
            "</details>",
        ]
    return parts


def _named(verdicts: Sequence[Verdict]) -> str:
    """Their verdict; but of claims that some seeds were recorded for, that more are missing."""
    missing = verdicts[0].verdict == NO_RECORDS and any(verdict.seeds for verdict in verdicts)
    return "no verdict yet" if missing else verdicts[0].verdict


def _why(verdict: Verdict) -> str:
    """What the claim lacks; of claims without records the line above says it."""
    known = verdict.note and verdict.verdict != NO_RECORDS
    return (
        f"<br><span class='values'>{as_text(with_minus_signs(verdict.note))}</span>"
        if known
        else ""
    )


def _seeds(verdicts: Iterable[Verdict]) -> str:
    """How far the runs came, as "1 of 3 seeds are recorded", where it is the same for all."""
    notes = {verdict.note for verdict in verdicts if verdict.verdict == NO_RECORDS}
    return f": {as_text(notes.pop()).rstrip('.')}" if len(notes) == 1 else ""


def _claims(count: int) -> str:
    return f"{count} claim{'' if count == 1 else 's'}"


def _secondary(verdicts: Sequence[Verdict]) -> str:
    counted = count_verdicts(verdicts)
    return f"{counted.replace('claim', 'secondary claim', 1)} They are in the table of claims."
