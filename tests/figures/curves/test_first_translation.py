from __future__ import annotations

from replications.figures.curves.first_translation import draw_seq2seq_first


def test_the_first_picture_says_which_models_it_has_and_starts_at_zero():
    figure = draw_seq2seq_first()
    (legend,) = figure.legends
    shown = [text.get_text() for text in legend.get_texts()]
    assert shown == ["tuned, reversed", "tuned, as written"]
    assert figure.axes[0].get_ylim()[0] == 0
