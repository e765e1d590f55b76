from functools import partial

import pytest
import torch
from torch.nn.utils.rnn import pad_sequence
from torch.testing import assert_close

from replications.models.sequence_to_sequence import SequenceToSequence, remembering, uniform
from replications.models.translator import Translator

close = {"atol": 1e-5, "rtol": 1e-5}


def model_of(layers=2):
    torch.manual_seed(0)
    sizes = {"embedding": 4, "hidden": 6, "layers": layers}
    # Wide first values, so that a wrong connection shows.
    return SequenceToSequence(11, 13, initialise=partial(uniform, bound=0.5), **sizes)


def ids(*rows):
    return pad_sequence([torch.tensor(row) for row in rows], batch_first=True)


SOURCE = ids([5, 6, 7, 8, 2], [9, 2], [4, 10, 2])
TARGET = ids([1, 4, 5, 2], [1, 12, 6, 7, 8, 2], [1, 2])


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_teacher_forcing_is_decoding_step_by_step(layers):
    model = model_of(layers)
    logits = model(SOURCE, TARGET)
    final_state = model.encode(SOURCE)
    state = model.start(final_state)
    for place in range(TARGET.shape[1]):
        step, state = model.step(TARGET[:, place], final_state, state)
        assert_close(step, logits[:, place], **close)


def test_padding_and_the_rest_of_the_batch_change_nothing():
    model = model_of()
    together = model(SOURCE, TARGET)
    for row in range(3):
        source = SOURCE[row][SOURCE[row] != 0][None]
        target = TARGET[row][TARGET[row] != 0][None]
        assert_close(together[row : row + 1, : target.shape[1]], model(source, target), **close)


def test_the_decoder_starts_where_the_encoder_stopped_in_every_layer():
    model = model_of(layers=2)
    _, states = model.encoder(model.source_embedding(SOURCE), SOURCE != 0)
    assert_close(model.start(model.encode(SOURCE)), states)
    for part in range(4):
        final_state = [piece.clone() for piece in model.encode(SOURCE)]
        before = model.step(TARGET[:, 0], tuple(final_state), model.start(tuple(final_state)))[0]
        final_state[part] += 1
        after = model.step(TARGET[:, 0], tuple(final_state), model.start(tuple(final_state)))[0]
        assert not torch.allclose(before, after)


def test_a_later_token_cannot_change_an_earlier_prediction():
    model, changed = model_of(), TARGET.clone()
    changed[:, 3:] = 9
    before, after = model(SOURCE, TARGET), model(SOURCE, changed)
    assert_close(after[:, :3], before[:, :3])
    assert not torch.allclose(after[:, 3:], before[:, 3:])


def test_the_papers_model_has_384_million_weights():
    with torch.device("meta"):
        model = SequenceToSequence(160_000, 80_000, embedding=1000, hidden=1000, layers=4)
    biases = 8 * 4 * 1000 + 80_000
    assert sum(weight.numel() for weight in model.parameters()) == 384_000_000 + biases
    recurrent = sum(
        layer.recurrent.numel() + layer.input.weight.numel()
        for stack in (model.encoder, model.decoder)
        for layer in stack.layers
    )
    assert recurrent == 64_000_000


def test_everything_starts_within_eight_hundredths():
    model = SequenceToSequence(50, 60, embedding=20, hidden=30, layers=2)
    for weight in model.parameters():
        assert 0.07 < weight.abs().max() <= 0.08


def test_a_start_that_remembers_keeps_lengths_and_opens_the_forget_gates_alone():
    torch.manual_seed(0)
    model = SequenceToSequence(
        50, 60, embedding=20, hidden=30, layers=2, initialise=partial(remembering, std=0.05)
    )
    assert model.source_embedding.weight.std().item() == pytest.approx(0.05, abs=0.004)
    for layer in (*model.encoder.layers, *model.decoder.layers):
        for matrix in layer.recurrent_matrices():
            assert_close(matrix @ matrix.T, torch.eye(30), **close)
        gates = layer.input.bias.detach().split(30)
        assert [gate.unique().tolist() for gate in gates] == [[0], [1], [0], [0]]
    assert model.output.bias.abs().max() == 0


def test_the_gradient_reaches_every_part():
    model = model_of()
    model(SOURCE, TARGET).square().sum().backward()
    assert all(weight.grad.abs().sum() > 0 for weight in model.parameters())


def test_dropout_changes_training_and_not_decoding():
    torch.manual_seed(0)
    model = SequenceToSequence(11, 13, embedding=4, hidden=6, layers=2, dropout=0.5)
    assert not torch.allclose(model(SOURCE, TARGET), model(SOURCE, TARGET))
    model.eval()
    assert_close(model(SOURCE, TARGET), model(SOURCE, TARGET))


def test_it_is_a_translator():
    assert isinstance(model_of(), Translator)
