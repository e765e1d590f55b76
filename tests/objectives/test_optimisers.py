import pytest
import torch
from torch import nn

from replications.objectives.optimisers import adamw


def test_matrices_decay_and_biases_and_gains_do_not():
    model = nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 3), nn.LayerNorm(3))
    before = [p.detach().clone() for p in model.parameters()]
    optimiser = adamw(model.parameters(), lr=0.1, weight_decay=0.5)
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    optimiser.step()
    for old, new in zip(before, model.parameters(), strict=True):
        expected = old * (1 - 0.1 * 0.5) if old.ndim >= 2 else old
        torch.testing.assert_close(new.detach(), expected)


def test_a_step_is_that_of_torch_with_the_same_settings():
    torch.manual_seed(0)
    ours, theirs = nn.Linear(4, 3, bias=False), nn.Linear(4, 3, bias=False)
    theirs.load_state_dict(ours.state_dict())
    settings = {"lr": 0.01, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.2}
    steps = adamw(ours.parameters(), **settings), torch.optim.AdamW(theirs.parameters(), **settings)
    for _ in range(3):
        gradient = torch.randn(3, 4)
        for model, optimiser in zip((ours, theirs), steps, strict=True):
            model.weight.grad = gradient.clone()
            optimiser.step()
    torch.testing.assert_close(ours.weight, theirs.weight)


def test_a_processor_takes_a_step_in_one_pass():
    optimiser = adamw(nn.Linear(4, 3).parameters(), lr=0.1)
    assert [group["fused"] for group in optimiser.param_groups] == [True, True]


def test_where_torch_has_no_such_kernel_it_chooses():
    optimiser = adamw(nn.Linear(4, 3, device="meta").parameters(), lr=0.1)
    assert [group["fused"] for group in optimiser.param_groups] == [None, None]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no CUDA device")
def test_on_a_card_all_weights_are_one_kernel():
    optimiser = adamw(nn.Linear(4, 3, device="cuda").parameters(), lr=0.1)
    assert [group["fused"] for group in optimiser.param_groups] == [True, True]
