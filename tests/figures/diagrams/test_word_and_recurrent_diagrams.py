"""Diagrams of word vectors and of recurrent networks follow the parts they are drawn from."""

import pytest
from matplotlib.patches import FancyArrowPatch

from replications.errors import ReplicationError
from replications.figures.diagrams.huffman import draw_huffman_tree
from replications.figures.diagrams.lstm_cell import draw_lstm_cell
from replications.figures.diagrams.unrolled import draw_unrolled
from replications.figures.diagrams.windows import draw_window_predictors
from replications.layers.recurrent import LSTM1997Layer, LSTMLayer
from replications.models.sequence_to_sequence import SequenceToSequence
from replications.models.window_predictors import ContinuousBagOfWords, SkipGram

WORDS = ["the", "old", "king", "rules", "alone"]


def words_in(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def arrows_in(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]


def test_a_bag_of_words_predicts_the_centre_and_skip_gram_is_predicted_from_it():
    bag = draw_window_predictors({"CBOW": ContinuousBagOfWords()}, WORDS, 2)
    skip = draw_window_predictors({"skip-gram": SkipGram()}, WORDS, 2)
    assert words_in(bag).count("mean") == words_in(skip).count("vector") == 1
    for figure in (bag, skip):
        assert len(arrows_in(figure)) == 4 + 1
        assert all(words_in(figure).count(word) == 1 for word in WORDS)
    both = draw_window_predictors({"a": ContinuousBagOfWords(), "b": SkipGram()}, WORDS, 0)
    assert len(arrows_in(both)) == 2 * (4 + 1)


def test_a_centre_outside_the_window_is_refused():
    with pytest.raises(ReplicationError, match="5 words: 5 is none of them"):
        draw_window_predictors({"skip-gram": SkipGram()}, WORDS, 5)


def test_a_tree_has_an_edge_to_each_node_but_the_root_and_marks_one_path():
    figure = draw_huffman_tree(WORDS, [400, 250, 60, 50, 30], "rules")
    # Five leaves and four inner nodes; the code of the second rarest word has four decisions.
    assert len(arrows_in(figure)) == 8
    assert sum(patch.get_linewidth() > 1 for patch in arrows_in(figure)) == 4
    assert {*WORDS, "400", "30"} <= set(words_in(figure))


def test_the_cell_of_1997_has_no_forget_gate_and_the_way_of_the_cell_is_left_alone():
    today, old = draw_lstm_cell(LSTMLayer(2, 3)), draw_lstm_cell(LSTM1997Layer(2, 3))
    assert "forget\ngate f" in words_in(today)
    assert "forget\ngate f" not in words_in(old)
    # Its gate's two arrows, and one more stretch of the cell's way.
    assert len(arrows_in(today)) - len(arrows_in(old)) == 3


@pytest.mark.parametrize("layers", [1, 3])
def test_the_unrolled_network_has_the_layers_of_the_model_and_hands_over_each_state(layers):
    model = SequenceToSequence(9, 9, embedding=2, hidden=3, layers=layers)
    figure = draw_unrolled(model, ["b", "a", "END"], ["START", "A", "B"])
    assert words_in(figure).count("LSTM") == 6 * layers
    handed = [patch for patch in arrows_in(figure) if patch.get_linewidth() > 1]
    assert len(handed) == layers
    assert words_in(figure).count("END") == 2
