"""Row and column attention and the outer product mean, against the supplement's sums."""

from __future__ import annotations

import math

import pytest
import torch

from replications.layers.evoformer.alignment import ColumnAttention, OuterProductMean, RowAttention
from replications.layers.evoformer.gated_attention import GatedSelfAttention
from replications.layers.evoformer.transition import AlignmentTransition, Transition

S, N, M, Z = 4, 5, 6, 3


def drawn(module):
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(0.5 * torch.randn(weight.shape, generator=generator))
    return module


@pytest.fixture
def msa():
    return torch.randn(2, S, N, M, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def pair():
    return torch.randn(2, N, N, Z, generator=torch.Generator().manual_seed(2))


def test_row_attention_is_algorithm_7_with_one_bias_for_all_sequences(msa, pair):
    part = drawn(RowAttention(M, Z, heads=2, d_head=3))
    x, bias = part.norm(msa), part.bias(part.pair_norm(pair))
    query, key, value = part.attention.projections(x).split(6, -1)
    for b in range(2):
        for s in range(S):
            for i in range(N):
                found = []
                for h in range(2):
                    own = slice(3 * h, 3 * h + 3)
                    scores = torch.stack(
                        [
                            query[b, s, i, own] @ key[b, s, j, own] / math.sqrt(3)
                            + bias[b, i, j, h]
                            for j in range(N)
                        ]
                    )
                    found.append(scores.softmax(0) @ value[b, s, :, own])
                gate = torch.sigmoid(part.attention.gate(x[b, s, i]))
                expected = part.attention.output(gate * torch.cat(found))
                torch.testing.assert_close(part(msa, pair)[b, s, i], expected, atol=1e-5, rtol=1e-5)


def test_without_pair_bias_row_attention_does_not_read_the_pairs(msa, pair):
    part = drawn(RowAttention(M, Z, heads=2, d_head=3, pair_bias=False))
    torch.testing.assert_close(part(msa, pair), part(msa, pair + 1))
    biased = drawn(RowAttention(M, Z, heads=2, d_head=3))
    assert not torch.allclose(biased(msa, pair), biased(msa, pair.flip(1)))


def test_a_row_does_not_see_other_rows_and_a_column_no_other_columns(msa, pair):
    changed = msa.clone()
    changed[:, 2, 3, 0] += 1
    row, column = (drawn(make(M, Z, heads=2, d_head=3)) for make in (RowAttention, ColumnAttention))
    moved = (row(changed, pair) - row(msa, pair)).abs().amax((0, 3)) > 1e-6
    assert moved[2].all()
    assert moved.sum() == N
    moved = (column(changed, pair) - column(msa, pair)).abs().amax((0, 3)) > 1e-6
    assert moved[:, 3].all()
    assert moved.sum() == S


def test_outer_product_mean_is_algorithm_10(msa):
    part = drawn(OuterProductMean(M, Z, d_hidden=4))
    left, right = part.left_right(part.norm(msa)).chunk(2, -1)
    for b in range(2):
        for i in range(N):
            for j in range(N):
                outer = sum(torch.outer(left[b, s, i], right[b, s, j]) for s in range(S)) / S
                expected = part.output(outer.flatten())
                torch.testing.assert_close(part(msa)[b, i, j], expected, atol=1e-5, rtol=1e-5)


def test_the_same_sequences_twice_have_the_same_outer_product_mean(msa):
    part = drawn(OuterProductMean(M, Z))
    torch.testing.assert_close(part(torch.cat([msa, msa], 1)), part(msa), atol=1e-5, rtol=1e-4)


def test_the_order_of_the_sequences_means_nothing_to_the_pairs(msa, pair):
    shuffled = msa[:, [2, 0, 3, 1]]
    column = drawn(ColumnAttention(M, Z, heads=2, d_head=3))
    torch.testing.assert_close(column(shuffled, pair), column(msa, pair)[:, [2, 0, 3, 1]])
    part = drawn(OuterProductMean(M, Z))
    torch.testing.assert_close(part(shuffled), part(msa), atol=1e-5, rtol=1e-4)


def test_gates_start_at_sigmoid_of_one_and_outputs_at_zero(msa):
    part = GatedSelfAttention(M, 2, 3)
    assert torch.sigmoid(part.gate(msa)).allclose(torch.sigmoid(torch.tensor(1.0)))
    assert not part(msa, None).any()
    assert not Transition(M)(msa).any()


def test_a_transition_is_four_times_as_wide_inside(msa, pair):
    part = drawn(AlignmentTransition(M, Z))
    assert part.wide.out_features == 4 * M
    x = part.norm(msa)
    expected = part.output(torch.relu(part.wide(x)))
    torch.testing.assert_close(part(msa, pair), expected)


@pytest.mark.parametrize("make", [RowAttention, ColumnAttention])
def test_gradients_of_the_attentions_are_those_of_finite_differences(make):
    part = drawn(make(3, 2, heads=1, d_head=2)).double()
    inputs = [
        torch.randn(1, 2, 3, 3, dtype=torch.double, requires_grad=True),
        torch.randn(1, 3, 3, 2, dtype=torch.double, requires_grad=True),
    ]
    assert torch.autograd.gradcheck(part, tuple(inputs), atol=1e-6)
