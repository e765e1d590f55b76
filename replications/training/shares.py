"""Batches in shares: of several processes, or one after the other where memory is short.

The batch of a recipe is the global one. Each process makes it whole, as a function of seed and
epoch alone, and reads its share; the sum of the shares' gradients, weighted by their numbers of
targets, is that of the whole batch. So results do not depend on the number of processes, but for
the order in which sums are rounded and for dropout.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
from collections.abc import Iterator
from types import MethodType
from typing import Any, NamedTuple

import lightning
import torch
from torch import Tensor

from replications.errors import ReplicationError
from replications.objectives.operations import CountsOperations

# The rank of a process, as set by torchrun, Lightning and Slurm.
_NUMBERS = ("RANK", "LOCAL_RANK", "SLURM_PROCID")
BATCH_SIZE = ("sequences_per_batch", "examples_per_batch")
"""The arguments and attributes of data modules that give the size of a batch."""


class Share(NamedTuple):
    """A part of a batch. A mean over it, times its weight, is its part of the batch's mean.

    There is a weight for each mean that the objective adds up, scaled so that their mean over the
    shares is 1.
    """

    batch: Any
    weights: tuple[float, ...]


def is_first_process() -> bool:
    """Whether this process, of those that train together, is the one that measures and records."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank() == 0
    found = (os.environ[name] for name in _NUMBERS if name in os.environ)
    return int(next(found, "0")) == 0


def share_of(batch: Any, index: int, count: int) -> Any:
    """The examples of one of `count` shares of a batch of tensors, in their order.

    A tensor with several sequences for each example is cut where examples end. A share without an
    example has the first one of the batch instead, since no network takes an empty batch: give it
    no weight.
    """
    tensors = [each for each in batch if isinstance(each, Tensor)]
    examples = min(len(each) for each in tensors)
    first, last = (examples * number // count for number in (index, index + 1))
    if first == last:
        first, last = 0, 1

    def cut(value: Any) -> Any:
        if not isinstance(value, Tensor):
            return value
        rows = len(value) // examples
        return value[first * rows : last * rows]

    return type(batch)(*map(cut, batch))


class Shares:
    """A loader's batches as the shares of one process, `parts` of each one after the other."""

    def __init__(
        self, loader: Any, model: CountsOperations, *, rank: int, processes: int, parts: int
    ) -> None:
        self.loader, self.model = loader, model
        self.rank, self.processes, self.parts = rank, processes, parts

    def __len__(self) -> int:
        return len(self.loader) * self.parts

    def __iter__(self) -> Iterator[Share]:
        count = self.processes * self.parts
        for batch in self.loader:
            whole = self.model.units(batch)
            examples = min(len(each) for each in batch if isinstance(each, Tensor))
            for part in range(self.parts):
                index = self.rank * self.parts + part
                share = share_of(batch, index, count)
                empty = examples * index // count == examples * (index + 1) // count
                units = self.model.units(share)
                weights = (
                    0.0 if empty or not total else count * own / total
                    for own, total in zip(units, whole, strict=True)
                )
                yield Share(share, tuple(weights))


@contextlib.contextmanager
def read_in_shares(
    data: lightning.LightningDataModule, model: Any, *, processes: int, parts: int
) -> Iterator[None]:
    """Make the data module yield the model's shares in training. One share changes nothing."""
    if processes * parts == 1:
        yield
        return
    loader, step = data.train_dataloader, model.training_step

    def train_dataloader() -> Shares:
        rank = data.trainer.global_rank
        return Shares(loader(), model, rank=rank, processes=processes, parts=parts)

    def training_step(_model: Any, share: Share, number: int) -> Tensor:
        model.weights = share.weights
        return step(share.batch, number)

    data.train_dataloader, model.parts = train_dataloader, parts
    # A method, not a function: Lightning counts the arguments after the first.
    model.training_step = MethodType(training_step, model)
    try:
        yield
    finally:
        # The attributes of the class take effect again.
        del data.train_dataloader, model.training_step
        model.weights, model.parts = None, 1


def rows_per_batch(recipe: Any) -> int | None:
    """How many sequences or examples each batch has; None where that differs, or is not known."""
    data = getattr(recipe, "data", None)
    if not isinstance(data, functools.partial):
        return None
    parameters = inspect.signature(data.func).parameters
    for name in BATCH_SIZE:
        if name in parameters:
            return int(data.keywords.get(name, parameters[name].default))
    return None


def has_shares(recipe: Any) -> bool:
    """Whether batches can be shared: whether the objective weights the losses of their shares."""
    objective = getattr(getattr(recipe, "learner", None), "keywords", {}).get("objective")
    while isinstance(objective, functools.partial):
        objective = objective.func
    if not (inspect.isclass(objective) and issubclass(objective, CountsOperations)):
        return False
    return objective.shareable


def require_shares(recipe: Any, count: int, option: str) -> None:
    """Raise ReplicationError unless each batch of the recipe can be read in so many shares."""
    if count == 1:
        return
    if not has_shares(recipe):
        raise ReplicationError(
            f"{recipe.name} trains in place or without Lightning, or its objective weighs no "
            f"shares: it takes one device and whole batches. Leave {option} out, or choose "
            "other recipes with --only."
        )
    rows = rows_per_batch(recipe)
    if rows is not None and rows % count:
        fitting = ", ".join(str(n) for n in range(1, rows + 1) if rows % n == 0)
        raise ReplicationError(
            f"{recipe.name} has batches of {rows}, which {option} would cut into {count} unequal "
            f"shares. Numbers of shares that divide it: {fitting}."
        )
