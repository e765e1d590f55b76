"""Contacts found by each network and each baseline, from the records."""

from collections.abc import Sequence
from statistics import fmean

import seaborn as sns
from matplotlib.figure import Figure

from replications.figures.paper_and_ours import axes, finish, values_over_seeds
from replications.figures.tables import current_records
from replications.records import Record

METHODS = {
    "Evoformer": "evoformer-three-tenths",
    "axial attention in place of triangles": "no-triangles-three-tenths",
    "no pair bias": "no-pair-bias-three-tenths",
    "no recycling": "no-recycling-three-tenths",
    "attention over the alignment alone": "plain-msa-three-tenths",
    "no alignment": "no-msa-three-tenths",
    "mutual information, APC": "mi-apc-three-tenths",
    "mean-field DCA": "mean-field-dca-three-tenths",
    "nearest template": "nearest-template-three-tenths",
}
"""Recipes by what a figure calls them."""

METRICS = {
    "synthetic families, L/2": "world_precision:0.5",
    "targets of CASP, L/5": "real_precision:0.2",
}


def draw_alphafold_first() -> Figure:
    """Chapter 15's first picture: precision of the best pairs on families that were not trained on.

    Synthetic families of the world of three tenths with 32 sequences, six or more apart; targets of
    CASP with 64, 24 apart. A method without records has no row, unless none has any.
    """
    return draw_contacts_found(current_records("alphafold"))


def draw_contacts_found(records: Sequence[Record]) -> Figure:
    """A row for each method: a small mark for each seed, and a large one for the mean.

    No intervals: the Evoformer's seeds form two groups, of which a mean ± says little.
    """
    recorded = {record.recipe for record in records}
    methods = {title: recipe for title, recipe in METHODS.items() if recipe in recorded} or METHODS
    colours = sns.color_palette("colorblind", len(METRICS))
    with axes(height=1.3 + 0.48 * len(methods)) as ax:
        for (name, metric), colour, marker in zip(METRICS.items(), colours, "oD", strict=True):
            label = name
            for row, recipe in enumerate(methods.values()):
                values = values_over_seeds(records, recipe, metric)
                if values:
                    ax.plot(values, [row] * len(values), marker, ms=4, color=colour, alpha=0.5)
                    ax.plot(
                        fmean(values),
                        row,
                        marker,
                        ms=10,
                        mew=2,
                        mfc="none",
                        color=colour,
                        label=label,
                    )
                    label = None
        ax.set_yticks(range(len(methods)), list(methods))
        ax.set_ylim(len(methods) - 0.5, -0.5)
        if recorded:
            ax.set_xlim(0, 100)
        finish(ax, "contacts among the best pairs, %", "", recorded=bool(recorded))
    return ax.figure
