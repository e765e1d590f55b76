"""The scoreboard's page: verdicts by chapter, every claim, what was changed, the runs behind it."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path

from IPython.display import Markdown

from replications.claims.ledger import EVERY_PAPER, Ledger, load_ledger
from replications.claims.scoreboard import (
    Score,
    after_multiplicity,
    count_verdicts,
    counted,
    counts_by_chapter,
    dropped,
    over,
)
from replications.claims.verdicts import Verdict
from replications.figures.claim_words import SIGNS, name_of, our_value, papers_value
from replications.figures.judged import verdicts_of
from replications.figures.markdown import SECONDS, quantity, stacking_table, table
from replications.papers import PAPERS
from replications.paths import RECORDS
from replications.records import Record, load_records


def judged_papers(folder: Path = RECORDS) -> list[Score]:
    """Every paper's slug, module and verdicts, in the order of the chapters."""
    return [(slug, paper, verdicts_of(slug, folder)) for slug, paper in PAPERS.items()]


def by_chapter(scores: Iterable[Score]) -> Markdown:
    """A count of all verdicts, then a row a chapter and a narrow column for each verdict given."""
    scores = list(scores)
    header, *rows = counts_by_chapter(scores)
    # book.css turns the headings on a phone, where the columns are as wide as their numbers.
    shown = table(header, rows).data
    return Markdown(f"{counted(scores)}\n\n<div class='counts'>\n\n{shown}\n\n</div>")


def met_by_chance(scores: Iterable[Score]) -> Markdown:
    """How many claims would be met by chance, and which a stricter rule takes back."""
    return Markdown(after_multiplicity(scores))


def every_claim(scores: Iterable[Score]) -> Markdown:
    """A folded table for each chapter: the paper's value, ours with its interval, the verdict.

    A dagger marks what is met, but not by the stricter rule of `after_multiplicity`.
    """
    scores = list(scores)
    taken_back = dropped(scores)
    parts = []
    for slug, paper, verdicts in scores:
        rows = [_row(verdict, (slug, verdict.claim.slug) in taken_back) for verdict in verdicts]
        shown = stacking_table(("claim", "the paper reports", "ours", "verdict"), rows).data
        parts.append(_folded(f"{paper.NUMBER} {slug}", count_verdicts(verdicts), shown))
    return Markdown("\n\n".join(parts))


def what_was_changed(ledger: Ledger | None = None) -> Markdown:
    """What was changed after it was first stated, and the commit that changed it."""
    rows = []
    for each in (ledger or load_ledger()).disclosures:
        paper = "all" if each.paper == EVERY_PAPER else f"{PAPERS[each.paper].NUMBER} {each.paper}"
        rows.append((paper, each.reason, f"`{each.commit[:9]}`" if each.commit else "–"))
    return stacking_table(("chapter", "what was changed, and when", "commit"), rows)


def recorded_runs(load: Callable[[str], Sequence[Record]] = load_records) -> Markdown:
    """A row for each chapter, tier and machine: its runs, how long they trained, and when."""
    rows = []
    for slug, paper in PAPERS.items():
        kinds: dict[tuple[str, str], list[Record]] = {}
        for record in load(slug):
            kinds.setdefault((record.tier, record.device), []).append(record)
        for (tier, device), runs in sorted(kinds.items()):
            days = sorted({run.date[:10] for run in runs})
            rows.append(
                (
                    f"{paper.NUMBER} {slug}, `{tier}`",
                    device,
                    f"{len(runs)}, of {_seeds(runs)}",
                    quantity(sum(run.seconds for run in runs), SECONDS),
                    days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}",
                )
            )
    if not rows:
        return Markdown("No records yet: `replicate run` makes them.")
    return stacking_table(("chapter and tier", "machine", "runs", "training", "days"), rows)


def _row(verdict: Verdict, taken_back: bool) -> tuple[str, str, str, str]:
    claim = verdict.claim
    judged = f"{our_value(verdict)}<br>over {over(verdict)}"
    dagger = " †" if taken_back else ""
    control = "<br>counted nowhere" if claim.role == "control" else ""
    return (
        claim.statement,
        f"{papers_value(claim)}<br>*{claim.source}*",
        "–" if verdict.measured is None else judged,
        f"{SIGNS[verdict.verdict]} **{name_of(verdict)}**{dagger}{control}",
    )


def _seeds(runs: Sequence[Record]) -> str:
    count = len({run.seed for run in runs})
    return f"{count} seed{'' if count == 1 else 's'}"


def _folded(name: str, count: str, shown: str) -> str:
    """A blank line between the parts: what follows one in an HTML block is Markdown again."""
    summary = f"<summary><strong>{escape(name)}</strong>: {escape(count)}</summary>"
    return f"<details>\n{summary}\n\n{shown}\n\n</details>"
