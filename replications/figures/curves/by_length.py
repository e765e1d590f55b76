"""Does a score fall as sentences get longer? One line a recipe over ranges of lengths."""

import re
from collections.abc import Iterable, Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure

from replications.errors import ReplicationError
from replications.figures.paper_and_ours import axes, finish, line, spread
from replications.records import Number, Record

# How far the lines stand apart at a range, where their bars would hide each other.
_STEP = 0.07


def draw_by_length(
    records: Iterable[Record],
    recipes: Mapping[str, str],
    *,
    metric: str = "bleu",
    prefix: str = "",
    y_label: str = "BLEU",
    x_label: str = "words of the source sentence",
) -> Figure:
    """A score by range of lengths, mean and 95 % interval over seeds; sentences counted below.

    Source: Sutskever et al. 2014, figure 3; Bahdanau et al. 2014, figure 2. `recipes` maps a
    line's name to a recipe. Drawn are the metrics "<prefix><metric>:1-10" and so on; the counts
    "<prefix>sentences:1-10" stand below the axis where they were recorded.

    Raises ReplicationError for records of these recipes that have no such metric.
    """
    records = list(records)
    scores, sizes = {}, {}
    for name, recipe in recipes.items():
        runs = [record for record in records if record.recipe == recipe]
        scores[name] = _by_range(runs, f"{prefix}{metric}")
        for key, counts in _by_range(runs, f"{prefix}sentences", required=False).items():
            sizes.setdefault(key, []).extend(counts)
    ranges = sorted({key for found in scores.values() for key in found}, key=_first_length)
    colours = sns.color_palette("colorblind", len(recipes))
    with axes() as ax:
        for number, ((name, found), colour) in enumerate(zip(scores.items(), colours, strict=True)):
            shift = _STEP * (number - (len(scores) - 1) / 2)
            points = {
                ranges.index(key) + shift: spread(found[key], y_label)
                for key in ranges
                if key in found
            }
            if points:
                line(ax, points, name, colour)
        ax.set_xticks(range(len(ranges)), [_label(key, sizes.get(key)) for key in ranges])
        ax.grid(visible=False, axis="x")
        ax.margins(x=0.08)
        below = "\n(in brackets: how many sentences)" if sizes else ""
        finish(ax, x_label + below, y_label, recorded=bool(ranges))
    return ax.figure


def _by_range(
    records: Sequence[Record], metric: str, *, required: bool = True
) -> dict[str, list[Number]]:
    """The metric's values over seeds, by range."""
    found: dict[str, list[Number]] = {}
    for record in records:
        here = {
            name.removeprefix(f"{metric}:"): value
            for name, value in record.metrics.items()
            if name.startswith(f"{metric}:")
        }
        if required and not here:
            raise ReplicationError(
                f"The record {record.paper}/{record.filename} has no metric {metric!r} by length. "
                f"It has: {', '.join(sorted(record.metrics)) or 'none'}."
            )
        for key, value in here.items():
            found.setdefault(key, []).append(value)
    return found


def _first_length(key: str) -> int:
    return int(re.match(r"\d+", key).group())


def _label(key: str, sizes: Sequence[Number] | None) -> str:
    """The range, and below it its sentences: a mean where the seeds have other ones."""
    shown = key.replace("-", "\N{EN DASH}")
    return f"{shown}\n({sum(sizes) / len(sizes):,.0f})" if sizes else shown
