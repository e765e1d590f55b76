"""Synthetic tasks with long time lags, as in the paper that proposed the LSTM.

Source: Hochreiter and Schmidhuber 1997, sections 5.4 (adding problem) and 5.6 (temporal order).
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import lightning
import torch
from jaxtyping import Float, Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.made_in_order import MadeInOrder
from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.errors import ReplicationError

CORRECT_WITHIN = 0.04  # section 5.4: the error below which a sum counts as correct
SYMBOLS = ("E", "B", "a", "b", "c", "d", "X", "Y")  # section 5.6: E begins, B ends, X and Y matter
CLASSES = ("XX", "XY", "YX", "YY")  # the paper's Q, R, S, U

_FIRST = 10  # the first marked pair is one of the first ten
_TEST_SEED = -1  # no epoch's seed is negative


class LongLagBatch(NamedTuple):
    """Sequences of different lengths, padded with zeros; the target is that of the last step."""

    inputs: Float[Tensor, "batch time feature"]
    lengths: Int64[Tensor, " batch"]
    targets: Float[Tensor, "batch output"]


LongLagTask = Callable[..., LongLagBatch]
"""A task: called with the number of sequences and a generator."""


def adding_problem(
    count: int, generator: torch.Generator, *, length: int = 100, recent: int | None = None
) -> LongLagBatch:
    """The adding problem: the target is 0.5 + (X1 + X2) / 4 of two marked numbers.

    Source: section 5.4. A step is a value from [-1, 1] and a marker. The first marked pair is one
    of the first ten, the second one of the first length/2 - 1 others; their markers are 1, those of
    the first and last pair -1, all others 0. `length` is the paper's T: sequences have from T to
    1.1 T steps, so the shortest lag is T/2.

    Departure: where the first pair is drawn, the paper sets X1 to zero; here also where it is drawn
    as X2. Its marker stays -1.

    With `recent`, the control: both marked pairs are among the `recent` pairs before the last, so
    that nothing need be kept for longer.

    Raises ReplicationError for a `length` below 20, and a `recent` not from 2 to length - 2.
    """
    if length < 2 * _FIRST:
        raise ReplicationError(f"adding_problem: a length of {length} has no room; give 20 or more")
    if recent is not None and not 2 <= recent <= length - 2:
        raise ReplicationError(
            f"adding_problem: recent is {recent}; give a number from 2 to length - 2 = {length - 2}"
        )
    draw = partial(_draw, count=count, generator=generator)
    lengths = draw(length, length + length // 10)
    if recent is None:
        first = draw(0, _FIRST - 1)
        second = draw(0, length // 2 - 2)
        second = second + (second >= first)
    else:
        first, second = draw(0, recent - 1), draw(0, recent - 2)
        second = second + (second >= first)
        first, second = lengths - 2 - first, lengths - 2 - second
    row, time = torch.arange(count), int(lengths.max())
    values = 2 * torch.rand(count, time, generator=generator) - 1
    values[(first == 0) | (second == 0), 0] = 0
    markers = torch.zeros(count, time)
    markers[row, first] = markers[row, second] = 1
    markers[:, 0] = markers[row, lengths - 1] = -1
    targets = 0.5 + (values[row, first] + values[row, second]) / 4
    inputs = torch.stack([values, markers], dim=-1)
    padding_mask = torch.arange(time) < lengths[:, None]
    return LongLagBatch(inputs * padding_mask[..., None], lengths, targets[:, None])


def adding_chance(length: int) -> tuple[float, float]:
    """The mean squared error of the constant output 0.5, and its share of correct sums.

    Each X has variance 1/3 and enters the target by a quarter; it is zero where the first pair is
    drawn. The sum of two X has a triangular density, one X alone a flat one.
    """
    first_zero = 1 / _FIRST
    second_zero = (1 - first_zero) / (length // 2 - 1)
    square_error = (2 - first_zero - second_zero) / 48
    within = 4 * CORRECT_WITHIN
    one_zero = first_zero + second_zero
    correct = (1 - one_zero) * (within - within**2 / 4) + one_zero * within
    return square_error, correct


def temporal_order(count: int, generator: torch.Generator, *, length: int = 100) -> LongLagBatch:
    """Classify the order of two symbols that occur long before the end: four classes.

    Source: section 5.6, task 6a. Steps are one-hot in the order of `SYMBOLS`, targets in that of
    `CLASSES`. E begins, B ends, between them a, b, c or d, but for X or Y at t1 and t2. For the
    paper's length of 100: t1 is from 10 to 20 and t2 from 50 to 60, counted from 1, and sequences
    have 100 to 110 steps; for others in proportion.

    Raises ReplicationError for a `length` that is not a multiple of ten from 20 on.
    """
    if length < 20 or length % 10:
        raise ReplicationError(
            f"temporal_order: length is {length}; give a multiple of ten, 20 or more"
        )
    draw = partial(_draw, count=count, generator=generator)
    lengths = draw(length, length + length // 10)
    tenth, row, time = length // 10, torch.arange(count), int(lengths.max())
    symbols = 2 + (4 * torch.rand(count, time, generator=generator)).long()
    t1, t2 = draw(tenth, 2 * tenth), draw(5 * tenth, 6 * tenth)
    early, late = draw(0, 1), draw(0, 1)
    symbols[row, t1 - 1] = SYMBOLS.index("X") + early
    symbols[row, t2 - 1] = SYMBOLS.index("X") + late
    symbols[:, 0] = SYMBOLS.index("E")
    symbols[row, lengths - 1] = SYMBOLS.index("B")
    padding_mask = torch.arange(time) < lengths[:, None]
    inputs = torch.nn.functional.one_hot(symbols, len(SYMBOLS)) * padding_mask[..., None]
    targets = torch.nn.functional.one_hot(2 * early + late, len(CLASSES))
    return LongLagBatch(inputs.float(), lengths, targets.float())


def _draw(
    least: int, most: int, *, count: int, generator: torch.Generator
) -> Int64[Tensor, " count"]:
    """Whole numbers from `least` to `most`, both included."""
    return torch.randint(least, most + 1, (count,), generator=generator)


class LongLag(lightning.LightningDataModule):
    """New sequences in every epoch, as in the paper, and the same `test` sequences for all seeds.

    `text` is the task. It has no words, so `vocabulary` is None; its "tokens" are steps.
    """

    vocabulary = None

    def __init__(
        self,
        seed: int,
        *,
        text: LongLagTask,
        sequences_per_epoch: int = 6_400,
        batch_size: int = 64,
        test_sequences: int = 2_560,
    ) -> None:
        super().__init__()
        if min(sequences_per_epoch, batch_size, test_sequences) < 1:
            raise ReplicationError(
                "sequences_per_epoch, batch_size and test_sequences must be at least 1"
            )
        self.seed, self.text = seed, text
        self.sequences_per_epoch, self.batch_size = sequences_per_epoch, batch_size
        self.test_sequences = test_sequences
        self.test: LongLagBatch | None = None

    def setup(self, stage: str = "fit") -> None:
        if self.test is None:
            self.test = self.text(self.test_sequences, torch.Generator().manual_seed(_TEST_SEED))

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        """The identity of the test sequences; those of training are unlimited."""
        function = self.text
        while isinstance(function, partial):
            function = function.func
        rows = [
            {"inputs": hashlib.sha256(inputs.numpy().tobytes()).hexdigest(), "targets": targets}
            for inputs, targets in zip(self.test.inputs, self.test.targets.tolist(), strict=True)
        ]
        identity = CorpusIdentity(
            name=function.__name__.replace("_", "-"),
            split="test",
            kind="synthetic",
            sha256=fingerprint_rows(rows, ["inputs", "targets"]),
            rows=len(rows),
            origin="generated",
            expected=True,
        )
        return (identity,)

    @property
    def tokens_per_epoch(self) -> int:
        """The expected steps of an epoch: its sequences times the mean length of the test's."""
        return round(self.sequences_per_epoch * self.test.lengths.double().mean().item())

    def batches(self, epoch: int) -> Sequence[LongLagBatch]:
        """The batches of one epoch: a function of seed and epoch alone, so runs can be resumed."""
        starts = range(0, self.sequences_per_epoch, self.batch_size)

        def begin() -> Iterator[LongLagBatch]:
            generator = torch.Generator().manual_seed(self.seed * 100_003 + epoch)
            sizes = (min(self.batch_size, self.sequences_per_epoch - start) for start in starts)
            return (self.text(size, generator) for size in sizes)

        return MadeInOrder(begin, len(starts))

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        return DataLoader(self.batches(epoch), batch_size=None, shuffle=False)
