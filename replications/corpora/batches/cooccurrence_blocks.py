"""Co-occurrence counts in square blocks of words: the batches of GloVe.

GloVe's own code visits the non-zero entries one by one in random order, and for each fetches a row
and a column from memory. Here the words are shuffled once, and the entries of a block of rows and
columns are processed together, so that its vectors are fetched once for some thousand entries.
"""

from typing import NamedTuple

import lightning
import torch
from jaxtyping import Float, Int32, Int64
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.cooccurrence import Cooccurrences, cached_cooccurrences
from replications.corpora.texts.encoded_text import EncodedText, Text
from replications.errors import ReplicationError
from replications.tokens.words import Vocabulary


class CountBlock(NamedTuple):
    """The non-zero entries of a block of rows and columns; `entry` is a row-major index into it."""

    rows: slice
    columns: slice
    entry: Int32[Tensor, " entry"]
    count: Float[Tensor, " entry"]


def shuffled_positions(size: int, seed: int) -> Int64[Tensor, " word"]:
    """A random row for each word, so that each block holds words of all frequency ranks."""
    return torch.randperm(size, generator=torch.Generator().manual_seed(seed))


class Diagonals(Dataset[list[CountBlock]]):
    """The blocks (i, i + shift) for each shift: every row and every column once a batch."""

    def __init__(
        self, entries: Cooccurrences, permutation: Int64[Tensor, " word"], block: int
    ) -> None:
        self.size, self.block = entries.size, block
        self.blocks = -(-entries.size // block)
        rows, columns, counts = entries.symmetric()
        rows, columns = permutation[rows], permutation[columns]
        shift = (columns // block - rows // block) % self.blocks
        number, order = (shift * self.blocks + rows // block).sort(stable=True)
        self.ends = torch.bincount(number, minlength=self.blocks**2).cumsum(0).tolist()
        rows, columns = rows[order], columns[order]
        width = (entries.size - columns // block * block).clamp(max=block)
        self.entry = ((rows % block) * width + columns % block).int()
        self.count = counts[order]

    def __len__(self) -> int:
        return self.blocks

    def __getitem__(self, shift: int) -> list[CountBlock]:
        if shift >= len(self):
            raise IndexError(shift)
        found = []
        for row in range(self.blocks):
            number = shift * self.blocks + row
            entries = slice(self.ends[number - 1] if number else 0, self.ends[number])
            if entries.start < entries.stop:
                column = (row + shift) % self.blocks
                found.append(
                    CountBlock(
                        self._range(row),
                        self._range(column),
                        self.entry[entries],
                        self.count[entries],
                    )
                )
        return found

    def _range(self, number: int) -> slice:
        return slice(number * self.block, min((number + 1) * self.block, self.size))


class CooccurrenceBlocks(lightning.LightningDataModule):
    """All entries of the co-occurrence matrix once an epoch, the diagonals in random order."""

    def __init__(self, seed: int, *, text: Text, window: int = 10, block: int = 256) -> None:
        super().__init__()
        if min(window, block) < 1:
            raise ReplicationError("window and block must be at least 1")
        self.seed, self.text_source, self.window, self.block = seed, text, window, block
        self.text: EncodedText | None = None

    def setup(self, stage: str = "fit") -> None:
        if self.text is None:
            self.text = self.text_source(self.seed)
            self.counts = cached_cooccurrences(self.text, window=self.window)
            self.diagonals: Diagonals | None = None

    @property
    def vocabulary(self) -> Vocabulary:
        return self.text.vocabulary

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return (self.text.identity,)

    @property
    def tokens_per_epoch(self) -> int:
        """Raw words whose counts are fitted in one pass over the entries."""
        return self.text.raw_words

    def train_dataloader(self) -> DataLoader:
        if self.diagonals is None:
            permutation = shuffled_positions(len(self.vocabulary), self.seed)
            self.diagonals = Diagonals(self.counts, permutation, self.block)
        generator = torch.Generator().manual_seed(self.seed * 100_003 + self.trainer.current_epoch)
        order = torch.randperm(len(self.diagonals), generator=generator).tolist()
        return DataLoader(self.diagonals, batch_size=None, sampler=order)
