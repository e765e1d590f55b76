"""Truncated singular value decomposition of co-occurrence counts: GloVe's own baseline."""

from collections.abc import Callable

import lightning
import torch
from torch import Tensor

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.baselines.fixed_vectors import FixedVectors
from replications.errors import ReplicationError
from replications.recipes import TrainedModel, Workspace


def _ppmi(counts: Tensor, smoothing: float = 0.75) -> Tensor:
    """Positive pointwise mutual information, max(0, ln P(i, j) / (P(i) P(j))), in nats.

    Source: Levy, Goldberg and Dagan 2015, equations 1 and 3, with contexts' counts to the power
    `smoothing`, as negative samples are drawn.
    """
    words = counts.sum(1, keepdim=True)
    contexts = counts.sum(0, keepdim=True) ** smoothing
    expected = words * (contexts / contexts.sum())
    return torch.log(counts / expected.clamp_(min=1e-12)).clamp_(min=0)


_TRANSFORMS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": lambda counts: counts,
    "sqrt": torch.sqrt,
    "log": torch.log1p,
    "ppmi": _ppmi,
}


def factorise(
    data: lightning.LightningDataModule,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
    *,
    transform: str = "log",
    dimension: int = 100,
    columns: int = 10_000,
    iterations: int = 4,
) -> TrainedModel:
    """SVD (transform "none"), SVD-S ("sqrt") or SVD-L ("log", log(1 + x)) of the counts, or of
    their positive pointwise mutual information ("ppmi").

    Source: Pennington et al. 2014, section 4.2: all words by the `columns` most frequent contexts.
    The decomposition is torch's randomised one, started from the seed.
    """
    if transform not in _TRANSFORMS:
        known = ", ".join(_TRANSFORMS)
        raise ReplicationError(f"There is no transform {transform!r} of counts; known: {known}.")
    torch.manual_seed(workspace.seed)
    stopwatch = Stopwatch.started()
    matrix = _TRANSFORMS[transform](data.counts.dense(columns))
    vectors, _, _ = torch.svd_lowrank(matrix, q=dimension + 10, niter=iterations)
    rows, width = matrix.shape
    return trained_at_once(
        FixedVectors(vectors[:, :dimension].contiguous()),
        data,
        stopwatch,
        parameters={"embedding": rows * dimension, "other": 0},
        # Each iteration multiplies by the matrix and its transpose, each 2 rows · columns · q.
        flops=4.0 * (iterations + 1) * rows * width * (dimension + 10),
    )
