"""A ladder of networks, each with one part changed from the one before."""

from collections.abc import Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure

from replications.claims import Tuned, records_by_seed, values_by_seed
from replications.figures.paper_and_ours import axes, finish, spread
from replications.figures.tables import current_records
from replications.papers import llama
from replications.records import Number, Record


def draw_llama_first() -> Figure:
    """Chapter 14's first picture: the ladder from GPT-3 to Llama 2 at tier `laptop`."""
    return draw_ladder(current_records("llama"), llama.IN_WORDS)


def draw_ladder(records: Sequence[Record], rungs: Mapping[str, str]) -> Figure:
    """Bits per byte of each rung at its best learning rate: a point a seed, and their mean."""
    best = best_by_rung(records, tuple(rungs))
    colour = sns.color_palette("colorblind")[0]
    with axes(height=0.9 + 0.45 * len(rungs)) as ax:
        for row, name in enumerate(rungs):
            values = list(best[name].values())
            if values:
                found = spread(values)
                error = [[found.mean - found.low], [found.high - found.mean]]
                ax.errorbar(found.mean, row, xerr=error, fmt="o", color=colour, capsize=3)
                ax.plot(values, [row] * len(values), "|", color="0.5", ms=9)
        ax.set_yticks(range(len(rungs)), list(rungs.values()))
        ax.set_ylim(len(rungs) - 0.5, -0.5)
        finish(
            ax,
            "bits per byte (lower is better)",
            "",
            recorded=any(best.values()),
        )
    return ax.figure


def best_by_rung(records: Sequence[Record], rungs: Sequence[str]) -> dict[str, dict[int, Number]]:
    """By rung and seed: the test value at the learning rate that was best on the validation part.

    A seed counts for a rung where all its learning rates are recorded.
    """
    return {rung: values_by_seed(_tuned(rung), records) for rung in rungs}


def best_rates(records: Sequence[Record], rungs: Sequence[str]) -> dict[str, list[str]]:
    """Which candidate of each rung was best on the validation part, seed by seed."""
    found = {}
    for rung in rungs:
        tuned = _tuned(rung)
        by_seed = records_by_seed(tuned.recipes, records)
        found[rung] = [tuned.chosen(those) for those in by_seed.values()]
    return found


def _tuned(rung: str) -> Tuned:
    return Tuned(llama.candidates(rung), "bits_per_byte")
