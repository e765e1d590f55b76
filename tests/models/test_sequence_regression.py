import torch
from torch.testing import assert_close

from replications.layers.recurrent import LSTMLayer, VanillaRNNLayer
from replications.models.sequence_regression import SequenceRegression


def test_the_numbers_are_read_from_the_last_step_that_is_inside():
    torch.manual_seed(0)
    model = SequenceRegression(LSTMLayer(2, 5), outputs=3)
    inputs, lengths = torch.randn(3, 6, 2), torch.tensor([6, 2, 4])
    found = model(inputs, lengths)
    for row, length in enumerate(lengths):
        said, _ = model.layer(inputs[row : row + 1, :length])
        assert_close(found[row], model.output(said[0, -1]))


def test_a_layer_of_n_units_has_n_plus_one_weights_on_top():
    model = SequenceRegression(VanillaRNNLayer(2, 5))
    weights = sum(weight.numel() for weight in model.parameters())
    assert weights == 5 * (2 + 5 + 1) + 5 + 1
