"""Gated products with gradients by hand, against autograd's on the lines they stand for."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from replications.layers.evoformer.gated_products import gated_linear, gated_triangle_sum

N, C, HIDDEN = 4, 3, 2


def linear(d_in: int, d_out: int, seed: int) -> nn.Linear:
    generator = torch.Generator().manual_seed(seed)
    part = nn.Linear(d_in, d_out)
    with torch.no_grad():
        for weight in part.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator))
    return part


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), requires_grad=True)


def triangle_sum_in_lines(pair, edges, edge_gates, *, incoming):
    a, b = (torch.sigmoid(edge_gates(pair)) * edges(pair)).chunk(2, -1)
    return torch.einsum("nkic,nkjc->nijc" if incoming else "nikc,njkc->nijc", a, b)


@pytest.mark.parametrize("incoming", [False, True])
def test_a_triangle_sum_and_all_its_gradients_are_those_of_its_lines(incoming):
    edges, gates = linear(C, 2 * HIDDEN, 1), linear(C, 2 * HIDDEN, 2)
    pair, upstream = numbers(2, N, N, C), numbers(2, N, N, HIDDEN, seed=5).detach()
    given = [pair, *edges.parameters(), *gates.parameters()]
    found, expected = (
        (result, *torch.autograd.grad(result, given, upstream))
        for result in (
            make(pair, edges, gates, incoming=incoming)
            for make in (gated_triangle_sum, triangle_sum_in_lines)
        )
    )
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("incoming", [False, True])
def test_gradients_of_a_triangle_sum_are_those_of_finite_differences(incoming):
    edges, gates = (linear(C, 2 * HIDDEN, seed).double() for seed in (1, 2))
    # A layout of another kind: a transposed view, as around an ending node.
    pair = numbers(2, N, N, C).double().detach().transpose(1, 2).requires_grad_()

    def result(pair, *_):
        return gated_triangle_sum(pair, edges, gates, incoming=incoming)

    given = (pair, *edges.parameters(), *gates.parameters())
    assert torch.autograd.gradcheck(result, given, atol=1e-6)


def test_gradients_of_a_gated_product_are_those_of_finite_differences():
    values, gate = linear(HIDDEN, 5, 1).double(), linear(C, 5, 2).double()
    given = (
        numbers(2, N, HIDDEN).double().detach().requires_grad_(),
        numbers(2, N, C, seed=1).double().detach().requires_grad_(),
        *values.parameters(),
        *gate.parameters(),
    )
    assert torch.autograd.gradcheck(
        lambda inputs, gated_by, *_: gated_linear(inputs, values, gated_by, gate), given, atol=1e-6
    )
    inputs, gated_by = given[:2]
    torch.testing.assert_close(
        gated_linear(inputs, values, gated_by, gate),
        torch.sigmoid(gate(gated_by)) * values(inputs),
    )


def test_what_waits_for_the_gradient_is_not_changed_by_it():
    edges, gates = linear(C, 2 * HIDDEN, 1), linear(C, 2 * HIDDEN, 2)
    pair = numbers(1, N, N, C)
    result = gated_linear(
        gated_triangle_sum(pair, edges, gates), linear(HIDDEN, 5, 3), pair, linear(C, 5, 4)
    ).sum()
    first, second = (torch.autograd.grad(result, pair, retain_graph=True)[0] for _ in range(2))
    assert torch.equal(first, second)


def test_a_gradient_of_the_gradient_is_refused_and_not_wrong():
    pair = numbers(1, N, N, C)
    result = gated_triangle_sum(pair, linear(C, 2 * HIDDEN, 1), linear(C, 2 * HIDDEN, 2))
    with pytest.raises(RuntimeError, match="no second derivative"):
        torch.autograd.grad(result.sum(), pair, create_graph=True)


def test_products_in_bfloat16_give_gradients_near_those_in_float32():
    edges, gates = linear(C, 2 * HIDDEN, 1), linear(C, 2 * HIDDEN, 2)
    output, gate = linear(HIDDEN, 5, 3), linear(C, 5, 4)
    pair = numbers(1, N, N, C)

    def gradients():
        result = gated_linear(gated_triangle_sum(pair, edges, gates), output, pair, gate)
        given = [pair, *(p for part in (edges, gates, output, gate) for p in part.parameters())]
        return result, torch.autograd.grad(result.float().square().mean(), given)

    precise = gradients()[1]
    with torch.autocast("cpu", torch.bfloat16):
        result, rounded = gradients()
    assert result.dtype == torch.bfloat16
    for one, other in zip(precise, rounded, strict=True):
        assert other.dtype == torch.float32
        assert (one - other).norm() < 0.05 * one.norm()
