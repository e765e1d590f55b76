"""Truncated singular value decomposition of co-occurrence counts: GloVe's own baseline."""

import time
from collections.abc import Callable

import lightning
import torch
from torch import Tensor

from replications.baselines.fixed_vectors import FixedVectors
from replications.errors import ReplicationError
from replications.recipes import Learned, Workspace

_TRANSFORMS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": lambda counts: counts,
    "sqrt": torch.sqrt,
    "log": torch.log1p,
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
) -> Learned:
    """SVD (transform "none"), SVD-S ("sqrt") or SVD-L ("log", log(1 + x)) of the counts.

    Source: Pennington et al. 2014, section 4.2: all words by the `columns` most frequent contexts.
    The decomposition is torch's randomised one, started from the seed.
    """
    if transform not in _TRANSFORMS:
        known = ", ".join(_TRANSFORMS)
        raise ReplicationError(f"There is no transform {transform!r} of counts; known: {known}.")
    torch.manual_seed(workspace.seed)
    started = time.perf_counter(), time.process_time()
    matrix = _TRANSFORMS[transform](data.counts.dense(columns))
    vectors, _, _ = torch.svd_lowrank(matrix, q=dimension + 10, niter=iterations)
    seconds = time.perf_counter() - started[0]
    rows, width = matrix.shape
    return Learned(
        model=FixedVectors(vectors[:, :dimension].contiguous()),
        parameters={"embedding": rows * dimension, "other": 0},
        # Each iteration multiplies by the matrix and its transpose, each 2 rows · columns · q.
        flops=4.0 * (iterations + 1) * rows * width * (dimension + 10),
        seconds=seconds,
        trajectory=[
            {
                "epoch": 1,
                "tokens": data.tokens_per_epoch,
                "seconds": seconds,
                "processor_seconds": time.process_time() - started[1],
            }
        ],
    )
