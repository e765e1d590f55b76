"""How a verdict comes about: intervals of an imagined claim, and what each is called."""

from collections.abc import Sequence
from dataclasses import replace

from matplotlib.figure import Figure

from replications.claims import Above, Claim, Difference, Value
from replications.claims.intervals import Estimate
from replications.claims.verdicts import judge
from replications.figures.paper_and_ours import axes
from replications.records import Number

EXAMPLES = ((13, 21), (1, 13), (-5, 8), (-9, -2), (-5, 13))
"""Lower and upper ends of 98 % intervals, where the paper's effect is 20."""
_PAPER = 20
_CLAIM = Claim(
    slug="imagined",
    statement="The new model is better.",
    source="imagined",
    paper_value={"new": 60, "old": 60 - _PAPER},
    measure=Difference(Value("new", "accuracy"), Value("old", "accuracy")),
    criterion=Above(0),
)


def draw_verdict_key(examples: Sequence[tuple[Number, Number]] = EXAMPLES) -> Figure:
    """A row for each interval, named by the verdict that `judge` gives it at three seeds."""
    with axes(height=0.9 + 0.45 * len(examples)) as ax:
        for row, (low, high) in enumerate(examples):
            mean, half = (low + high) / 2, (high - low) / 2
            ax.errorbar(mean, row, xerr=half, fmt="o", color="#33415c", capsize=5, lw=2)
        ax.set_yticks(range(len(examples)), [_verdict(low, high) for low, high in examples])
        for x, style in ((0, "-"), (_PAPER / 2, "--"), (_PAPER, ":")):
            ax.axvline(x, color="#6c757d", linestyle=style, zorder=0)
        top = ax.secondary_xaxis("top")
        top.set_xticks(
            [0, _PAPER / 2, _PAPER], ["no effect", "half of the\npaper's effect", "paper's effect"]
        )
        top.tick_params(length=0, labelsize=10)
        top.spines["top"].set_visible(False)
        ax.set_ylim(len(examples) - 0.5, -0.5)
        ax.set_xlim(right=1.25 * _PAPER)
        ax.grid(visible=False)
        ax.set_xlabel("our runs: points ahead")
        return ax.figure


def _verdict(low: Number, high: Number) -> str:
    """With the standard error that makes (low, high) the 98 % interval of three seeds."""
    unit = Estimate(0, 1, 2, "seeds")
    error = (high - low) / 2 / unit.half_width
    return judge(_CLAIM, {3: replace(unit, mean=(low + high) / 2, error=error)}).verdict
