"""The book's first page: how the claims of all chapters came out, and a main one of each."""

from collections import Counter
from collections.abc import Iterable, Mapping

from IPython.display import Markdown
from matplotlib.figure import Figure

from replications.claims import MET, NO_RECORDS, NOT_MET, NOT_TESTABLE, UNDECIDED
from replications.claims.scoreboard import Score
from replications.errors import ReplicationError
from replications.figures.first_screen import badge, values_of
from replications.figures.markdown import as_text
from replications.figures.paper_and_ours import axes

_GREEN, _RED, _YELLOW, _GREY, _PALE = "#2a9d60", "#c8553d", "#e9c46a", "#aeb6c2", "#e3e7ec"
KINDS = {
    "reproduced": (MET, _GREEN),
    "smaller, or contradicted": (NOT_MET, _RED),
    "undecided": ((UNDECIDED,), _YELLOW),
    "not testable here": ((NOT_TESTABLE,), _GREY),
    "not run yet": ((NO_RECORDS,), _PALE),
}
"""The verdicts that a bar distinguishes, each with its colour."""
# Narrower segments have no room for a number.
_READABLE = 2


def verdict_bars(scores: Iterable[Score]) -> Figure:
    """A bar for each chapter, in their order, of its claims by how they came out.

    Controls, which are no claims of a paper, are left out.
    """
    counts = {
        f"{paper.NUMBER} {paper.TITLE}": Counter(
            verdict.verdict for verdict in verdicts if verdict.claim.role != "control"
        )
        for _, paper, verdicts in scores
    }
    names = list(counts)
    with axes(height=1.4 + 0.32 * len(names)) as ax:
        done = dict.fromkeys(names, 0)
        for kind, (verdicts, colour) in KINDS.items():
            widths = [sum(counts[name][verdict] for verdict in verdicts) for name in names]
            bars = ax.barh(names, widths, left=list(done.values()), color=colour, label=kind)
            shown = [width if width >= _READABLE else "" for width in widths]
            ax.bar_label(bars, shown, label_type="center", fontsize=9)
            done = {name: done[name] + width for name, width in zip(names, widths, strict=True)}
        ax.invert_yaxis()
        ax.set_xlabel("claims")
        ax.grid(visible=False, axis="y")
        ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1), ncols=2, frameon=False, fontsize=10)
        return ax.figure


def one_of_each(chosen: Mapping[str, str], scores: Iterable[Score]) -> Markdown:
    """A line for each paper, with a claim of it by name: the verdict, ours and the paper's value.

    Raises ReplicationError for a paper without a choice, and for a claim that it does not have.
    """
    lines = []
    for slug, paper, verdicts in scores:
        found = {verdict.claim.slug: verdict for verdict in verdicts}
        claim = chosen.get(slug, "")
        if claim not in found:
            raise ReplicationError(
                f"{slug} has no claim '{claim}': choose one of {', '.join(sorted(found))}."
            )
        verdict = found[claim]
        page = f"{paper.NUMBER:02}_{slug}.ipynb"
        values = f"<span class='values'>{values_of('', verdict)}</span>"
        lines.append(
            f"- **[{paper.NUMBER} {paper.TITLE}]({page})** {badge(verdict)}<br>"
            f"{as_text(verdict.claim.statement)}<br>{values}"
        )
    return Markdown("<div class='verdicts'>\n\n" + "\n".join(lines) + "\n\n</div>")
