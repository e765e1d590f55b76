import pytest
import torch
from torch import nn
from transformers.models.llama.modeling_llama import LlamaRMSNorm

from replications.layers.norms import RMSNorm

CLOSE = {"atol": 1e-6, "rtol": 1e-6}


def with_a_gain(norm: nn.Module) -> nn.Module:
    with torch.no_grad():
        norm.weight.copy_(torch.linspace(0.5, 2.0, len(norm.weight)))
    return norm


@pytest.mark.parametrize("eps", [1e-6, 0.05])
def test_it_is_the_norm_of_torch_and_of_transformers_with_its_gradient(eps):
    inputs = torch.randn(3, 5, 12, generator=torch.Generator().manual_seed(0))
    ours = with_a_gain(RMSNorm(12, eps=eps))
    for theirs in (nn.RMSNorm(12, eps=eps), LlamaRMSNorm(12, eps=eps)):
        theirs = with_a_gain(theirs)
        one, other = (inputs.clone().requires_grad_() for _ in range(2))
        torch.testing.assert_close(ours(one), theirs(other), **CLOSE)
        ours(one).sin().sum().backward()
        theirs(other).sin().sum().backward()
        torch.testing.assert_close(one.grad, other.grad, **CLOSE)


def test_it_takes_no_mean_away_and_forgets_the_scale():
    norm = RMSNorm(8)
    inputs = torch.rand(2, 3, 8, generator=torch.Generator().manual_seed(1)) + 1
    assert norm(inputs).mean() > 0.5
    torch.testing.assert_close(norm(inputs).square().mean(-1), torch.ones(2, 3), **CLOSE)
    torch.testing.assert_close(norm(7 * inputs), norm(inputs), atol=1e-5, rtol=1e-5)


def test_the_square_of_half_precision_does_not_overflow():
    inputs = torch.full((1, 4), 300.0, dtype=torch.float16)
    found = RMSNorm(4)(inputs)
    torch.testing.assert_close(found.float(), torch.ones(1, 4), atol=1e-3, rtol=0)
