"""A chapter's opening summary: the verdict on each of the paper's claims, in one line each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from IPython.display import Markdown

from replications.claims import NO_RECORDS, NOT_TESTABLE, Verdict, outcome
from replications.claims.scoreboard import count_verdicts, number_of_claims
from replications.errors import ReplicationError
from replications.figures.claim_words import SIGNS, our_value, papers_value, with_minus_signs
from replications.figures.judged import verdicts_of
from replications.figures.markdown import as_text
from replications.paths import RECORDS

_OPEN = (NOT_TESTABLE, NO_RECORDS)


def what_came_out(
    paper: str,
    together: Mapping[str, Mapping[str, str]] | None = None,
    folder: Path = RECORDS,
) -> Markdown:
    """The primary claims that the runs could judge, a line each; the others folded below.

    A line has the verdict, the tier, the claim, our value with its interval, and the paper's.
    Secondary claims are counted; controls, which are no claims of the paper, are left out.
    `together` maps one sentence to the claims that it says at once, by name: claims that differ in
    one thing alone, such as the text. They share a line where all have the same verdict. Raises
    ReplicationError for a claim that the paper does not have.
    """
    verdicts = verdicts_of(paper, folder)
    primary = [verdict for verdict in verdicts if verdict.claim.role == "primary"]
    secondary = [verdict for verdict in verdicts if verdict.claim.role == "secondary"]
    lines = _lines([verdict for verdict in primary if verdict.verdict not in _OPEN], together or {})
    known = {verdict.claim.slug for verdict in primary}
    for those in (together or {}).values():
        if missing := sorted(set(those.values()) - known):
            raise ReplicationError(f"{paper} has no primary claim {', '.join(missing)}.")
    parts = ["<div class='verdicts'>", *(["\n".join(lines)] if lines else [])]
    for name in _OPEN:
        parts += _folded([verdict for verdict in primary if verdict.verdict == name])
    parts.append("</div>")
    if secondary:
        parts.append(f"And {_secondary(secondary)}")
    # A blank line between them: what follows one in an HTML block is Markdown again.
    return Markdown("\n\n".join(parts))


def _lines(judged: Sequence[Verdict], together: Mapping[str, Mapping[str, str]]) -> list[str]:
    """In the paper's order, claims said at once where the first of them stands."""
    by_slug = {verdict.claim.slug: verdict for verdict in judged}
    shared, done = {}, set()
    for sentence, slugs in together.items():
        those = {name: by_slug[slug] for name, slug in slugs.items() if slug in by_slug}
        same = {(verdict.verdict, verdict.claim.tier) for verdict in those.values()}
        if len(those) == len(slugs) and len(same) == 1:
            shared[next(iter(slugs.values()))] = (sentence, those)
            done.update(slugs.values())
    lines = []
    for slug, verdict in by_slug.items():
        if slug in shared:
            lines.append(_line(*shared[slug]))
        elif slug not in done:
            lines.append(_line(verdict.claim.statement, {"": verdict}))
    return lines


def _line(sentence: str, verdicts: Mapping[str, Verdict]) -> str:
    (name, first), *others = verdicts.items()
    values = [values_of(name, first)]
    for name, verdict in others:
        # A unit that stands in the first line already is left out.
        same = verdict.claim.unit == first.claim.unit
        values.append(values_of(name, _without_unit(verdict) if same else verdict))
    shown = "<br>".join(f"<span class='values'>{value}</span>" for value in values)
    return f"- {badge(first)} {as_text(sentence)}<br>{shown}"


def _without_unit(verdict: Verdict) -> Verdict:
    return replace(verdict, claim=replace(verdict.claim, unit=""))


def values_of(name: str, verdict: Verdict) -> str:
    """Our value with its interval and the paper's, after a name if there is one."""
    ours, paper = as_text(our_value(verdict)), as_text(papers_value(verdict.claim))
    return f"{f'*{name}*, ' if name else ''}ours: {ours}; the paper: {paper}"


def badge(verdict: Verdict) -> str:
    """The verdict's sign and name, in its colour, and the tier."""
    kind = outcome(verdict.verdict).replace(" ", "-")
    sign = SIGNS[verdict.verdict]
    return (
        f"<span class='verdict {kind}'>{sign} **{verdict.verdict}**</span> `{verdict.claim.tier}`"
    )


def _folded(verdicts: Sequence[Verdict]) -> list[str]:
    """The claims of one inconclusive verdict, by tier, under a line that counts them."""
    by_tier = sorted(verdicts, key=lambda verdict: verdict.claim.tier, reverse=True)
    parts = []
    for tier, those in groupby(by_tier, key=lambda verdict: verdict.claim.tier):
        found = list(those)
        lines = [f"- {as_text(verdict.claim.statement)}{_why(verdict)}" for verdict in found]
        parts += [
            "<details>",
            f"<summary>{SIGNS[found[0].verdict]} <strong>{_named(found)}</strong> "
            f"<code>{tier}</code> {number_of_claims(len(found))}{_seeds(found)}</summary>",
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


def _secondary(verdicts: Sequence[Verdict]) -> str:
    counted = count_verdicts(verdicts)
    return f"{counted.replace('claim', 'secondary claim', 1)} They are in the table of claims."
