from functools import partial
from typing import NamedTuple

import lightning
import pytest
import torch
from torch.testing import assert_close
from torch.utils.data import DataLoader

from replications.layers.recurrent import GRULayer, LSTM1997Layer, LSTMLayer, PlainRecurrent
from replications.metrics.regression import adding_metrics
from replications.objectives.sequence_regression import SequenceRegressionObjective
from replications.recipes import Workspace
from replications.training import train_with_lightning


class Sums(NamedTuple):
    inputs: torch.Tensor
    inside: torch.Tensor
    target: torch.Tensor


def sums(count: int, seed: int) -> Sums:
    """Three or four pairs; to be found is the sum of the first of all pairs."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.rand(count, 4, 2, generator=generator) - 0.5
    inside = torch.arange(4) < torch.randint(3, 5, (count, 1), generator=generator)
    inputs = inputs * inside[..., None]
    return Sums(inputs, inside, inputs[..., 0].sum(1))


class SumsData(lightning.LightningDataModule):
    vocabulary, tokens_per_epoch = None, 20 * 32 * 4

    def __init__(self) -> None:
        super().__init__()
        self.test = sums(600, seed=-1)

    def train_dataloader(self) -> DataLoader:
        return DataLoader([sums(32, seed) for seed in range(20)], batch_size=None)


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
    data = SumsData()
    before = adding_metrics(objective(None, 0), data)
    learned = train_with_lightning(data, (), Workspace(seed=0), objective=objective, epochs=4)
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
        objective.training_step(sums(32, 0), 0)
    forward = 2 * (32 * 4 * 20 * (2 + 5) + 32 * 5)
    assert objective.flops == pytest.approx(2 * 3 * forward)


def test_the_gradient_is_cut_to_its_norm():
    objective = objective_of(clip=0.01)
    batch = sums(32, 0)
    (100 * objective.model(batch.inputs, batch.inside).sum()).backward()
    objective.on_before_optimizer_step(objective.configure_optimizers())
    norms = torch.stack([weight.grad.norm() for weight in objective.parameters()])
    assert_close(norms.norm(), torch.tensor(0.01), atol=1e-5, rtol=0)


@pytest.mark.parametrize("kind", [PlainRecurrent, LSTMLayer, LSTM1997Layer, GRULayer])
def test_any_recurrent_layer_fits(kind):
    metrics = adding_metrics(objective_of(kind), SumsData())
    assert 0 < metrics["mse"] < 10


def test_a_sequence_is_correct_when_its_error_is_within_the_tolerance():
    objective, data = objective_of(), SumsData()
    for weight in objective.parameters():
        weight.data.zero_()
    data.test = data.test._replace(target=torch.full((600,), 0.05))
    data.test.target[:150] = -0.04
    metrics = adding_metrics(objective, data)
    assert metrics["correct"] == 25
    assert metrics["mse"] == pytest.approx(0.75 * 0.05**2 + 0.25 * 0.04**2)
    assert adding_metrics(objective, data, tolerance=0.06)["correct"] == 100
    assert objective.training
