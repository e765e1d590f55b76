"""Blocks of consecutive words with their windows: the batches of Word2Vec.

A naive batch of (word, context) pairs gathers a row for each pair. Here a block of consecutive
words is one matrix and its window another, so that all scores of the block are a band of one
matrix product, and each row of an embedding is touched once a block.
"""

from typing import NamedTuple

import lightning
import torch
from jaxtyping import Bool, Int, Int64
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.encoded_text import EncodedText, Text
from replications.errors import ReplicationError
from replications.tokens.words import Vocabulary


class WordBatch(NamedTuple):
    """Blocks of centre words; `context` are a block's own words with `window` more on either
    side."""

    centre: Int64[Tensor, "block centre"]
    context: Int64[Tensor, "block context"]
    in_window: Bool[Tensor, "block centre context"]  # `context` in the centre's window


def keep_probability(counts: Tensor, threshold: float) -> Tensor:
    """The probability that an occurrence of each word survives subsampling.

    Source: word2vec.c, (sqrt(f / t) + 1) t / f for a word of relative frequency f.
    Departure: Mikolov et al. 2013b, equation 5, discards with probability 1 - sqrt(t / f); the
    authors' code, which made their results, keeps t / f more.
    """
    frequency = counts / counts.sum()
    return (((frequency / threshold).sqrt() + 1) * threshold / frequency).clamp(max=1)


class BlockStream(Dataset[WordBatch]):
    """One pass over the text: words subsampled and windows drawn from `generator`, in order."""

    def __init__(
        self,
        text: EncodedText,
        *,
        window: int,
        subsample: float | None,
        block: int,
        blocks_per_batch: int,
        generator: torch.Generator,
        smallest_radius: int = 1,
    ) -> None:
        ids, document = text.ids, text.document
        if subsample is not None:
            keep = keep_probability(text.vocabulary.counts, subsample).float()
            drawn = torch.rand(len(ids), generator=generator)
            # Selecting by index takes half as long as by a mask, twice.
            kept = (drawn < keep.index_select(0, ids)).nonzero()[:, 0]
            ids, document = ids.index_select(0, kept), document.index_select(0, kept)
        if len(ids) == 0:
            raise ReplicationError(
                f"Of the text's {len(text.ids)} words none is left after subsampling with the "
                f"threshold {subsample}. Give more text, or a larger `subsample`."
            )
        self.window, self.block, self.batch = window, block, block * blocks_per_batch
        # The last batch is padded with positions of no document, which have no pairs.
        missing = -len(ids) % self.batch
        self.radius = torch.randint(
            smallest_radius, window + 1, (len(ids) + missing,), generator=generator
        )
        pad = (window, window + missing)
        # As they are: a batch's are widened when it is read.
        self.ids = torch.nn.functional.pad(ids, pad)
        self.document = torch.nn.functional.pad(document, pad, value=-1)
        context, centre = torch.arange(block + 2 * window), torch.arange(block) + window
        self.distance = (context[None] - centre[:, None]).abs()

    def __len__(self) -> int:
        return len(self.radius) // self.batch

    def __getitem__(self, number: int) -> WordBatch:
        if number >= len(self):
            raise IndexError(number)
        start, size = number * self.batch, self.block + 2 * self.window
        around = slice(start, start + self.batch + 2 * self.window)
        context = self.ids[around].long().unfold(0, size, self.block)
        document = self.document[around].unfold(0, size, self.block)
        own = document[:, self.window : -self.window, None]
        radius = self.radius[start : start + self.batch].view(-1, self.block, 1)
        in_window = (self.distance <= radius) & (self.distance > 0)
        in_window = in_window & (document[:, None] == own) & (own >= 0)
        return WordBatch(context[:, self.window : -self.window], context, in_window)


class WordBlocks(lightning.LightningDataModule):
    """Consecutive words in blocks, anew each epoch: subsampled, with windows of random radius.

    Source: Mikolov et al. 2013a, section 3.2 (radius drawn from 1 to `window`; section 3.1 has
    CBOW read four words on either side, a `smallest_radius` of 4); 2013b, section 2.3 (subsampling,
    `subsample` is its threshold t, None for none).
    """

    def __init__(
        self,
        seed: int,
        *,
        text: Text,
        window: int = 5,
        smallest_radius: int = 1,
        subsample: float | None = 1e-4,
        block: int = 64,
        blocks_per_batch: int = 32,
        batches_per_step: int = 16,
    ) -> None:
        super().__init__()
        if min(window, block, blocks_per_batch, batches_per_step) < 1:
            raise ReplicationError(
                "window, block, blocks_per_batch and batches_per_step must be at least 1"
            )
        if not 1 <= smallest_radius <= window:
            raise ReplicationError(f"smallest_radius must lie from 1 to the window, {window}")
        self.seed, self.smallest_radius = seed, smallest_radius
        self.text_source, self.window, self.subsample = text, window, subsample
        self.block, self.blocks_per_batch = block, blocks_per_batch
        self.batches_per_step = batches_per_step
        self.text: EncodedText | None = None

    def setup(self, stage: str = "fit") -> None:
        if self.text is None:
            self.text = self.text_source(self.seed)

    @property
    def vocabulary(self) -> Vocabulary:
        return self.text.vocabulary

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return (self.text.identity,)

    @property
    def tokens_per_epoch(self) -> int:
        """Raw words: what is read in one pass, before rare and frequent words are dropped."""
        return self.text.raw_words

    def stream(self, epoch: int) -> BlockStream:
        """The batches of one epoch: a function of seed and epoch alone, so runs can be resumed."""
        generator = torch.Generator().manual_seed(self.seed * 100_003 + epoch)
        return BlockStream(
            self.text,
            window=self.window,
            subsample=self.subsample,
            block=self.block,
            blocks_per_batch=self.blocks_per_batch,
            generator=generator,
            smallest_radius=self.smallest_radius,
        )

    def train_dataloader(self) -> DataLoader:
        stream = self.stream(self.trainer.current_epoch)
        return DataLoader(stream, batch_size=self.batches_per_step, collate_fn=list)


def pairs(batch: WordBatch) -> Int[Tensor, "pair 2"]:
    """All (centre, context) pairs of a batch, for inspection and tests."""
    block, centre, context = batch.in_window.nonzero(as_tuple=True)
    return torch.stack([batch.centre[block, centre], batch.context[block, context]], dim=1)
