"""Contacts found by each network and each baseline, from the records."""

from matplotlib.figure import Figure

from replications.figures.paper_and_ours import draw_comparison, values_over_seeds
from replications.figures.tables import current_records

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
    records = current_records("alphafold")
    recorded = {record.recipe for record in records}
    methods = {title: recipe for title, recipe in METHODS.items() if recipe in recorded} or METHODS
    return draw_comparison(
        {
            name: {
                title: values_over_seeds(records, recipe, metric)
                for title, recipe in methods.items()
            }
            for name, metric in METRICS.items()
        },
        x_label="contacts among the highest-scoring pairs, %",
    )
