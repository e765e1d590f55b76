"""Contacts found by each network and each baseline, from the records."""

from matplotlib.figure import Figure

from replications.figures.paper_and_ours import draw_comparison, over_seeds
from replications.figures.tables import current_records

METHODS = {
    "Evoformer": "evoformer-fifth",
    "axial attention in place of triangles": "no-triangles-fifth",
    "no pair bias": "no-pair-bias-fifth",
    "no recycling": "no-recycling-fifth",
    "attention over the alignment alone": "plain-msa-fifth",
    "no alignment": "no-msa-fifth",
    "mutual information, APC": "mi-apc-fifth",
    "mean-field DCA": "mean-field-dca-fifth",
    "nearest template": "nearest-template-fifth",
}
"""Recipes by what a figure calls them."""

METRICS = {
    "synthetic families, L/2": "world_precision:0.5",
    "targets of CASP, L/5": "real_precision:0.2",
}


def draw_alphafold_first() -> Figure:
    """Chapter 15's first picture: precision of the best pairs on families that were not trained on.

    Synthetic families with 32 sequences, six or more apart; targets of CASP with 64, 24 apart.
    """
    records = current_records("alphafold")
    return draw_comparison(
        {
            name: {title: over_seeds(records, recipe, metric) for title, recipe in METHODS.items()}
            for name, metric in METRICS.items()
        },
        x_label="contacts among the best pairs, %",
    )
