"""The pictures that the chapters on word vectors open with, from the recorded runs."""

from matplotlib.figure import Figure

from replications.figures.paper_and_ours import draw_comparison, values_over_seeds
from replications.figures.paper_values import paper_row
from replications.figures.tables import current_records

_PARTS = ("semantic", "syntactic", "total")
_LABEL = "analogies solved, %"


def draw_word2vec_first() -> Figure:
    """Chapter 1's first picture: skip-gram and CBOW by kind of question.

    Source: Mikolov et al. 2013a, table 4 (300 dimensions, 783 million words).
    """
    records = current_records("word2vec")
    return draw_comparison(
        {
            name: {part: values_over_seeds(records, recipe, part) for part in _PARTS}
            for name, recipe in {"skip-gram": "skip-gram", "CBOW": "cbow"}.items()
        },
        {
            name: paper_row("word2vec", "Mikolov et al. 2013a, table 4", name)
            for name in ("skip-gram", "CBOW")
        },
        x_label=_LABEL,
    )


def draw_glove_first() -> Figure:
    """Chapter 2's first picture: singular vectors, skip-gram and GloVe, all questions.

    Source: Pennington et al. 2014, table 2 (300 dimensions, 6 billion words).
    """
    records = current_records("glove")
    rows = {
        "SVD": "svd",
        "SVD-S": "svd-sqrt",
        "SVD-L": "svd-log",
        "skip-gram": "skip-gram",
        "GloVe": "glove",
    }
    table = "Pennington et al. 2014, table 2"
    return draw_comparison(
        {
            "total": {
                name: values_over_seeds(records, recipe, "total") for name, recipe in rows.items()
            }
        },
        {"total": {name: paper_row("glove", table, f"{name}, 6B words")["total"] for name in rows}},
        x_label=_LABEL,
    )
