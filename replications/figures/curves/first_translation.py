"""The picture that the chapter on sequence to sequence opens with, from the recorded runs."""

from matplotlib.figure import Figure

from replications.figures.curves.by_length import draw_by_length
from replications.figures.tables import current_records


def draw_seq2seq_first() -> Figure:
    """BLEU by the length of the source, reversed and as written: the tuned runs where recorded.

    Source: Sutskever et al. 2014, figure 3, for the question.
    """
    records = current_records("seq2seq")
    tuned = {"reversed": "tuned-one-layer", "as written": "tuned-forward"}
    known = {record.recipe for record in records}
    first = {"reversed": "seq2seq", "as written": "forward"}
    return draw_by_length(records, tuned if known >= {*tuned.values()} else first)
