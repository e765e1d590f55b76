from __future__ import annotations

from types import SimpleNamespace

import lightning
import pytest
import torch
from torch.testing import assert_close

from replications.baselines.singular_vectors import factorise
from replications.errors import ReplicationError
from replications.recipes import Workspace


def planted(rank: int = 3) -> torch.Tensor:
    """A matrix of 40 words by 25 contexts with singular values 9, 5, 2, all cells positive."""
    generator = torch.Generator().manual_seed(0)
    left, _ = torch.linalg.qr(torch.randn(40, rank, generator=generator))
    right, _ = torch.linalg.qr(torch.randn(25, rank, generator=generator))
    return left @ torch.diag(torch.tensor([9.0, 5.0, 2.0][:rank])) @ right.T


def data_of(matrix: torch.Tensor) -> lightning.LightningDataModule:
    data = lightning.LightningDataModule()
    data.counts = SimpleNamespace(dense=lambda columns: matrix[:, :columns])
    data.tokens_per_epoch = 123
    return data


def span_gap(found: torch.Tensor, expected: torch.Tensor) -> float:
    """How far two sets of orthonormal columns are from spanning the same space."""
    return float((found @ found.T - expected @ expected.T).abs().max())


def test_the_singular_vectors_of_a_matrix_of_low_rank_are_found():
    matrix = planted()
    learned = factorise(data_of(matrix), (), Workspace(0), transform="none", dimension=3)
    exact = torch.linalg.svd(matrix).U[:, :3]
    assert learned.model.vectors.shape == (40, 3)
    assert_close((learned.model.vectors * exact).sum(0).abs(), torch.ones(3), atol=1e-4, rtol=0)
    assert learned.trajectory[-1]["tokens"] == 123
    assert learned.parameters == {"embedding": 120, "other": 0}


@pytest.mark.parametrize(
    ("transform", "undo"), [("none", lambda x: x), ("sqrt", torch.square), ("log", torch.expm1)]
)
def test_a_transform_is_applied_to_the_counts_before_the_decomposition(transform, undo):
    low_rank = planted().abs()
    exact = torch.linalg.svd(low_rank).U[:, :2]
    learned = factorise(
        data_of(undo(low_rank)), (), Workspace(0), transform=transform, dimension=2, iterations=12
    )
    assert span_gap(learned.model.vectors, exact) < 1e-3


def test_only_the_most_frequent_contexts_are_columns():
    matrix = planted()
    matrix[:, 20:] = 1_000.0
    learned = factorise(
        data_of(matrix), (), Workspace(0), transform="none", dimension=3, columns=20
    )
    exact = torch.linalg.svd(matrix[:, :20]).U[:, :3]
    assert span_gap(learned.model.vectors, exact) < 1e-3


def test_an_unknown_transform_is_an_error_that_lists_the_known_ones():
    with pytest.raises(ReplicationError, match="'cube' of counts; known: none, sqrt, log"):
        factorise(data_of(planted().abs()), (), Workspace(0), transform="cube", dimension=3)


def test_the_same_seed_gives_the_same_vectors():
    one, two = (
        factorise(data_of(planted().abs()), (), Workspace(5), dimension=3).model.vectors
        for _ in "ab"
    )
    assert torch.equal(one, two)


def test_mutual_information_that_is_positive_is_what_is_decomposed():
    counts = torch.tensor([[4.0, 0.0, 1.0], [1.0, 2.0, 2.0], [0.0, 6.0, 0.0]])
    contexts = counts.sum(0) ** 0.75 / (counts.sum(0) ** 0.75).sum()
    by_hand = torch.zeros(3, 3)
    for word in range(3):
        for context in range(3):
            share = counts[word, context] / counts[word].sum()
            by_hand[word, context] = max(0.0, float(torch.log(share / contexts[context])))
    assert (by_hand > 0).sum() == 3
    exact = torch.linalg.svd(by_hand).U[:, :2]
    found = factorise(data_of(counts), (), Workspace(0), transform="ppmi", dimension=2)
    assert span_gap(found.model.vectors, exact) < 1e-4
