from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from replications.errors import ReplicationError
from replications.models.averaging import average_weights


def checkpoints(count, layer=lambda: nn.Linear(3, 2)):
    return [layer().state_dict() for _ in range(count)]


def test_each_weight_is_the_mean_over_the_checkpoints():
    states = [{"a": torch.tensor([1.0, 2.0]), "b": torch.tensor(6.0)}] * 2
    states = [*states, {"a": torch.tensor([4.0, -1.0]), "b": torch.tensor(0.0)}]
    mean = average_weights(states)
    assert mean["a"].tolist() == [2.0, 1.0]
    assert mean["b"].item() == 4.0


def test_a_mean_of_linear_layers_gives_the_mean_of_their_outputs():
    layers = [nn.Linear(3, 2) for _ in range(5)]
    mean = nn.Linear(3, 2)
    mean.load_state_dict(average_weights([layer.state_dict() for layer in layers]))
    inputs = torch.randn(4, 3)
    assert_close(mean(inputs), sum(layer(inputs) for layer in layers) / 5)


def test_one_checkpoint_is_its_own_mean_and_shares_no_memory_with_it():
    (state,) = checkpoints(1)
    mean = average_weights([state])
    for name, weight in state.items():
        assert torch.equal(mean[name], weight)
        assert mean[name].data_ptr() != weight.data_ptr()


def test_half_precision_is_summed_in_single_precision():
    # In half precision 2048 + 1 is 2048.
    states = [{"a": torch.tensor(value).half()} for value in (2048.0, 1.0, 1.0, 1.0, 1.0)]
    mean = average_weights(states)["a"]
    assert mean.dtype == torch.float16
    assert mean.item() == torch.tensor(2052 / 5).half().item()


def test_counters_are_those_of_the_last_checkpoint():
    states = [{"steps": torch.tensor(steps)} for steps in (100, 200, 300)]
    assert average_weights(states)["steps"].item() == 300


def test_the_checkpoints_are_left_as_they_were():
    states = checkpoints(3)
    before = [{name: weight.clone() for name, weight in state.items()} for state in states]
    average_weights(states)
    for state, old in zip(states, before, strict=True):
        assert all(torch.equal(state[name], old[name]) for name in old)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"bias": None}, r"Checkpoint 3 .*'bias' is missing there, and of shape \(2,\) in the"),
        ({"scale": torch.ones(1)}, r"'scale' is of shape \(1,\) there, and missing in the first"),
        ({"weight": torch.ones(2, 4)}, r"'weight' is of shape \(2, 4\) there, and of shape \(2, 3"),
    ],
)
def test_a_checkpoint_of_another_model_is_refused_and_its_weight_named(change, message):
    states = checkpoints(3)
    states[2] = {n: w for n, w in {**states[2], **change}.items() if w is not None}
    with pytest.raises(ReplicationError, match=message):
        average_weights(states)


def test_no_checkpoints_have_no_mean():
    with pytest.raises(ReplicationError, match="at least one"):
        average_weights([])
