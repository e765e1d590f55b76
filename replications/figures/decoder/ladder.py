"""A ladder of networks, each with one part changed from the one before."""

from collections.abc import Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure

from replications.claims import Tuned
from replications.figures.paper_and_ours import axes, finish, spread
from replications.figures.tables import current_records
from replications.papers import llama
from replications.records import Record


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


def best_by_rung(records: Sequence[Record], rungs: Sequence[str]) -> dict[str, dict[int, float]]:
    """By rung and seed: the test value at the learning rate that was best on the validation part.

    A seed counts for a rung where all its learning rates are recorded.
    """
    by_seed: dict[int, dict[str, Record]] = {}
    for record in records:
        by_seed.setdefault(record.seed, {})[record.recipe] = record
    found: dict[str, dict[int, float]] = {}
    for rung in rungs:
        tuned = Tuned(llama.candidates(rung), "bits_per_byte")
        found[rung] = {
            seed: float(tuned.at(those))
            for seed, those in sorted(by_seed.items())
            if set(tuned.recipes) <= those.keys()
        }
    return found


def best_rates(records: Sequence[Record], rungs: Sequence[str]) -> dict[str, list[str]]:
    """Which candidate of each rung was best on the validation part, seed by seed."""
    by_seed: dict[int, dict[str, Record]] = {}
    for record in records:
        by_seed.setdefault(record.seed, {})[record.recipe] = record
    chosen = {}
    for rung in rungs:
        tuned = Tuned(llama.candidates(rung), "bits_per_byte")
        chosen[rung] = [
            tuned.chosen(those)
            for _, those in sorted(by_seed.items())
            if set(tuned.recipes) <= those.keys()
        ]
    return chosen
