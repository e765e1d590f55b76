from functools import partial

import pytest
import torch
from torch.testing import assert_close

from replications.corpora.batches.long_lag import LongLag, LongLagBatch, temporal_order
from replications.layers.recurrent import GRULayer, LSTM1997Layer, LSTMLayer, VanillaRNNLayer
from replications.metrics.tasks.regression import adding_metrics
from replications.objectives.sequence_regression import SequenceRegressionObjective
from replications.recipes import Workspace
from replications.training.trainers import train


def sums(count: int, generator: torch.Generator) -> LongLagBatch:
    """Three or four pairs; to be found is the sum of the first of all pairs."""
    inputs = torch.rand(count, 4, 2, generator=generator) - 0.5
    lengths = torch.randint(3, 5, (count,), generator=generator)
    inputs = inputs * (torch.arange(4) < lengths[:, None])[..., None]
    return LongLagBatch(inputs, lengths, inputs[..., 0].sum(1, keepdim=True))


def data_of(task=sums):
    data = LongLag(0, text=task, sequences_per_epoch=640, batch_size=32, test_sequences=600)
    data.setup()
    return data


def batch_of(count=32):
    return sums(count, torch.Generator().manual_seed(0))


def objective_of(kind=LSTMLayer, hidden=5, clip=1.0):
    torch.manual_seed(0)
    layer = partial(kind, hidden=hidden)
    return SequenceRegressionObjective(None, 0, layer=layer, learning_rate=0.02, clip=clip)


def test_sums_are_learnt_and_the_record_is_whole():
    objective = partial(
        SequenceRegressionObjective,
        layer=partial(LSTMLayer, hidden=8),
        learning_rate=0.02,
        clip=1.0,
    )
    data = data_of()
    torch.manual_seed(0)
    before = adding_metrics(objective(None, 0), data)
    learned = train(data, (), Workspace(seed=0), objective=objective, epochs=4)
    after = adding_metrics(learned.model, data)
    losses = [point["loss"] for point in learned.trajectory]
    assert len(losses) == 4
    assert losses[-1] < losses[0] / 4
    assert after["mse"] < before["mse"] / 10
    assert after["correct"] > 2 * before["correct"]
    assert learned.parameters == {"embedding": 0, "other": 4 * 8 * (2 + 8 + 1) + 8 + 1}


def test_operations_are_those_of_the_products_forward_and_twice_that_backward():
    objective = objective_of()
    objective.log = lambda *_, **__: None
    for _ in range(2):
        objective.training_step(batch_of(), 0)
    forward = 2 * (32 * 4 * 20 * (2 + 5) + 32 * 5)
    assert objective.flops == pytest.approx(2 * 3 * forward)


def test_the_gradient_is_cut_to_its_norm():
    objective = objective_of(clip=0.01)
    batch = batch_of()
    (100 * objective.model(batch.inputs, batch.lengths).sum()).backward()
    objective.on_before_optimizer_step(objective.configure_optimizers())
    norms = torch.stack([weight.grad.norm() for weight in objective.parameters()])
    assert_close(norms.norm(), torch.tensor(0.01), atol=1e-5, rtol=0)


@pytest.mark.parametrize("kind", [VanillaRNNLayer, LSTMLayer, LSTM1997Layer, GRULayer])
def test_any_recurrent_layer_fits(kind):
    metrics = adding_metrics(objective_of(kind), data_of())
    assert 0 < metrics["mse"] < 10


def test_several_outputs_are_all_to_be_within_the_tolerance():
    data = data_of(partial(temporal_order, length=20))
    objective = SequenceRegressionObjective(
        None,
        0,
        layer=partial(LSTMLayer, hidden=3),
        learning_rate=0.02,
        clip=1.0,
        features=8,
        outputs=4,
    )
    for weight in objective.parameters():
        weight.data.zero_()
    objective.model.output.bias.data[2] = 0.8
    third = 100 * float((data.test.targets.argmax(1) == 2).double().mean())
    assert adding_metrics(objective, data, tolerance=0.3)["correct"] == pytest.approx(third)


def test_a_sequence_is_correct_when_its_error_is_within_the_tolerance():
    objective, data = objective_of(), data_of()
    for weight in objective.parameters():
        weight.data.zero_()
    data.test = data.test._replace(targets=torch.full((600, 1), 0.05))
    data.test.targets[:150] = -0.04
    metrics = adding_metrics(objective, data)
    assert metrics["correct"] == 25
    assert metrics["mse"] == pytest.approx(0.75 * 0.05**2 + 0.25 * 0.04**2)
    assert adding_metrics(objective, data, tolerance=0.06)["correct"] == 100
    assert objective.training
