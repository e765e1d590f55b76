"""Bits per byte of text of several kinds against the size of the model, at several tiers."""

from collections.abc import Iterable, Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from replications.figures.paper_and_ours import axes, line, spread
from replications.figures.paper_values import paper_row
from replications.figures.tables import current_records
from replications.papers import gpt2
from replications.papers.gpt2.gpu import SIZES as GPU_SIZES
from replications.papers.gpt2.sizes import SIZES as LONG_SIZES
from replications.records import Number, Record

_MILLION = 1e6
_SIZES = ("117M", "345M", "762M", "1542M")
_CONTEXT = 1024


def draw_gpt2_first() -> Figure:
    """Chapter 7's first picture: all its recorded sizes, and the paper's four on enwik8.

    Source: Radford et al. 2019, tables 2 and 3, of which enwik8 is printed in bits per byte.
    """
    tiers: dict[str, list[Record]] = {}
    for tier, sizes in (("laptop", gpt2.SIZES), ("laptop", LONG_SIZES), ("gpu", GPU_SIZES)):
        records = [run for run in current_records("gpt2", tier) if run.recipe in sizes]
        if records:
            tokens = round(max(record.tokens_seen for record in records) / _MILLION)
            tiers[f"ours, {tokens} million tokens ({tier})"] = records
    return draw_bits_by_size(tiers, gpt2.DOMAINS, {"the paper, enwik8": papers_bits()})


def draw_bits_by_size(
    tiers: Mapping[str, Iterable[Record]],
    domains: Sequence[str],
    paper: Mapping[str, Mapping[Number, Number]],
) -> Figure:
    """A colour for each kind of text, a mark for each tier; the paper's are hollow diamonds.

    Sizes are parameters without embeddings, in millions. A point is the mean over the seeds, with
    its 95 % interval; that of a single run is hollow.
    """
    colours = dict(zip(domains, sns.color_palette("colorblind", len(domains)), strict=True))
    keys = [Line2D([], [], color=colours[domain], lw=3, label=domain) for domain in domains]
    marks = dict(zip(tiers, "os^v", strict=False))
    with axes(height=4.2) as ax:
        for tier, records in tiers.items():
            held = list(records)
            for domain in domains:
                points = bits_by_size(held, f"bits_per_byte:{domain}")
                line(
                    ax,
                    {size: spread(values) for size, values in points.items()},
                    "",
                    colours[domain],
                )
                drawn = ax.containers[-1].lines[0]
                drawn.set_marker(marks[tier])
                alone = [(x, v[0]) for x, v in points.items() if len(v) == 1]
                if alone:
                    hollow = {"mfc": "white", "color": colours[domain], "zorder": 3}
                    ax.plot(*zip(*alone, strict=True), marks[tier], **hollow)
            key = {"color": "0.3", "marker": marks[tier], "label": tier}
            keys.append(Line2D([], [], **key))
        for name, series in paper.items():
            hollow = {"marker": "D", "mfc": "none", "ms": 7, "ls": "--", "color": "0.3"}
            ax.plot(*zip(*sorted(series.items()), strict=True), label=name, **hollow)
            keys.append(Line2D([], [], label=name, **hollow))
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter("{x:,g}")
        ax.set_xlabel("parameters without embeddings, millions")
        ax.set_ylabel("bits per byte (lower is better)")
        if not tiers:
            ax.set_title("Ours: no records yet")
        ax.figure.legend(
            handles=keys, loc="outside lower center", ncols=2, frameon=False, fontsize=10
        )
    return ax.figure


def bits_by_size(records: Iterable[Record], metric: str) -> dict[Number, list[Number]]:
    """By size, the smallest first: the metric of every record that has it, in order of seeds.

    Sizes are parameters without embeddings, in millions. A size is that of a recipe: the plain
    loop's records, of a size that a recipe of the sweep has too, are left out.
    """
    found: dict[Number, list[Number]] = {}
    for record in sorted(records, key=lambda record: (record.parameters["other"], record.seed)):
        if metric in record.metrics and record.recipe != "reference-loop":
            size = record.parameters["other"] / _MILLION
            found.setdefault(size, []).append(record.metric(metric))
    return found


def papers_bits() -> dict[Number, Number]:
    """The paper's four models on enwik8, by millions of parameters without token embeddings."""
    bits = {}
    for name in _SIZES:
        shape = paper_row("gpt2", "Radford et al. 2019, table 2", name)
        size = parameters_without_embeddings(int(shape["layers"]), int(shape["d"])) / _MILLION
        bits[size] = paper_row("gpt2", "Radford et al. 2019, table 3", name)["enwik8"]
    return bits


def parameters_without_embeddings(layers: int, d: int) -> int:
    """Of a GPT-2 with 1,024 positions: its layers, their last norm, and the positions' vectors."""
    return layers * (12 * d**2 + 13 * d) + 2 * d + _CONTEXT * d
