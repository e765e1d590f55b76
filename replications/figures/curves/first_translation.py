"""The picture that the chapter on sequence to sequence opens with, from the recorded runs."""

from matplotlib.figure import Figure

from replications.figures.curves.by_length import draw_by_length
from replications.figures.tables import current_records


def draw_seq2seq_first() -> Figure:
    """BLEU by the length of the source, reversed and as written: the tuned runs where recorded.

    Source: Sutskever et al. 2014, figure 3, for the question. The axis starts at 0.
    """
    records = current_records("seq2seq")
    tuned = {"tuned, reversed": "tuned-one-layer", "tuned, as written": "tuned-forward"}
    first = {"first runs, reversed": "seq2seq", "first runs, as written": "forward"}
    known = {record.recipe for record in records}
    figure = draw_by_length(records, tuned if known >= {*tuned.values()} else first)
    figure.axes[0].set_ylim(bottom=0)
    return figure
