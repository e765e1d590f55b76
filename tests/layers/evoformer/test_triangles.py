"""Triangle updates against a direct loop over the supplement's algorithms 11 to 14."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.nn import functional

from replications.layers.evoformer.triangle import (
    TriangleAttention,
    TriangleMultiplication,
    axial_ending,
    axial_starting,
    ending,
    incoming,
    outgoing,
    starting,
)

N, C = 5, 6


def drawn(module: nn.Module) -> nn.Module:
    """Weights that are not zero anywhere: an output that starts at zero shows nothing."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(0.5 * torch.randn(weight.shape, generator=generator))
    return module


@pytest.fixture
def pair():
    return torch.randn(2, N, N, C, generator=torch.Generator().manual_seed(1))


def multiplication_by_loop(part: TriangleMultiplication, z, incoming_edges: bool):
    """Algorithms 11 and 12, line by line; one batch element."""
    z = part.norm(z)
    width = part.sum_norm.normalized_shape[0]
    a, b = (torch.sigmoid(part.edge_gates(z)) * part.edges(z)).split(width, -1)
    g = torch.sigmoid(part.gate(z))
    out = torch.zeros(N, N, C)
    for i in range(N):
        for j in range(N):
            total = torch.zeros(width)
            for k in range(N):
                total += a[k, i] * b[k, j] if incoming_edges else a[i, k] * b[j, k]
            out[i, j] = g[i, j] * part.output(part.sum_norm(total))
    return out


def attention_by_loop(part: TriangleAttention, z, ending_node: bool):
    """Algorithms 13 and 14, line by line; one batch element."""
    z = part.norm(z)
    heads = part.attention.heads
    width = part.attention.projections.out_features // 3
    d_head = width // heads
    query, key, value = part.attention.projections(z).split(width, -1)
    bias = None if part.bias is None else part.bias(z)
    out = torch.zeros(N, N, C)
    for i in range(N):
        for j in range(N):
            found = torch.zeros(heads, d_head)
            for h in range(heads):
                own = slice(h * d_head, (h + 1) * d_head)
                # From the starting node: edges ik and the third side jk; ending: kj and ki.
                edges = [(k, j) if ending_node else (i, k) for k in range(N)]
                third = [(k, i) if ending_node else (j, k) for k in range(N)]
                scores = torch.stack(
                    [
                        query[i, j, own] @ key[edge][own] / math.sqrt(d_head)
                        + (0 if bias is None else bias[side][h])
                        for edge, side in zip(edges, third, strict=True)
                    ]
                )
                weights = scores.softmax(0)
                found[h] = sum(w * value[edge][own] for w, edge in zip(weights, edges, strict=True))
            mixed = found.flatten()
            if part.attention.gate is not None:
                mixed = torch.sigmoid(part.attention.gate(z[i, j])) * mixed
            out[i, j] = part.attention.output(mixed)
    return out


@pytest.mark.parametrize(("make", "is_incoming"), [(outgoing, False), (incoming, True)])
def test_triangle_multiplication_is_algorithm_11_and_12(make, is_incoming, pair):
    part = drawn(make(C, d_hidden=4))
    ours = part(pair)
    for z, update in zip(pair, ours, strict=True):
        expected = multiplication_by_loop(part, z, is_incoming)
        torch.testing.assert_close(update, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    ("make", "is_ending"),
    [(starting, False), (ending, True), (axial_starting, False), (axial_ending, True)],
)
def test_triangle_attention_is_algorithm_13_and_14(make, is_ending, pair):
    part = drawn(make(C, heads=2, d_head=3))
    ours = part(pair)
    for z, update in zip(pair, ours, strict=True):
        expected = attention_by_loop(part, z, is_ending)
        torch.testing.assert_close(update, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("make", [starting, ending])
def test_tiles_change_nothing(make, pair):
    part = drawn(make(C, heads=2, d_head=3)).eval()
    with torch.no_grad():
        whole = part(pair)
        part.tile = 2
        torch.testing.assert_close(part(pair), whole)


@pytest.mark.parametrize("make", [outgoing, incoming, starting, ending])
def test_gradients_are_those_of_finite_differences(make):
    part = drawn(make(3)).double()
    pair = torch.randn(1, 3, 3, 3, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(part, (pair,), atol=1e-6)


@pytest.mark.parametrize("make", [outgoing, incoming, starting, ending])
def test_an_update_starts_at_zero_so_that_the_block_starts_as_the_identity(make, pair):
    assert not make(C)(pair).any()


def test_ending_is_starting_on_the_transposed_pairs(pair):
    one, other = (drawn(make(C, heads=2, d_head=3)) for make in (starting, ending))
    torch.testing.assert_close(other(pair), one(pair.transpose(1, 2)).transpose(1, 2))


def test_a_third_residue_changes_an_edge_that_it_is_no_end_of(pair):
    changed = pair.clone()
    changed[:, 0, 2, 0] += 1
    for make in (outgoing, starting):
        part = drawn(make(C))
        moved = (part(changed) - part(pair)).abs().amax((0, 3)) > 1e-6
        assert moved[0, 1]
    # By axial attention the edge 0-1 sees 0-2; the edge 1-0 does not.
    plain = drawn(axial_starting(C))
    moved = (plain(changed) - plain(pair)).abs().amax((0, 3)) > 1e-6
    assert moved[0, 1]
    assert not moved[1].any()


def test_the_update_is_normalised_by_layer_norm_of_the_sum(pair):
    part = drawn(outgoing(C, d_hidden=4))
    with torch.no_grad():
        part.edges.weight.mul_(3)
        part.edges.bias.mul_(3)
        scaled = part(pair)
        part.edges.weight.div_(3)
        part.edges.bias.div_(3)
    # Both factors are three times as large, and the norm takes the nine away.
    torch.testing.assert_close(scaled, part(pair), atol=1e-2, rtol=1e-2)
    assert functional.mse_loss(scaled, torch.zeros_like(scaled)) > 1e-3
