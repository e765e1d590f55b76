"""Batches of sentence pairs of about equal length, so that little of a batch is padding."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import lightning
import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.parallel_text import Pairs, ParallelText
from replications.errors import ReplicationError
from replications.tokens.languages import Languages, as_written
from replications.tokens.special import PAD, Tokenizer


class TranslationBatch(NamedTuple):
    """Sentences of both languages as ids: the source ends with END, the target begins with BEGIN
    and ends with END; both are padded with PAD on the right."""

    source: Int64[Tensor, "batch source"]
    target: Int64[Tensor, "batch target"]


def padded(sequences: list[list[int]]) -> Int64[Tensor, "batch time"]:
    """Sequences of ids as one tensor, padded with PAD on the right."""
    longest = max(map(len, sequences))
    return torch.tensor([row + [PAD] * (longest - len(row)) for row in sequences])


Learner = Callable[[Iterable[str], Iterable[str]], tuple[Tokenizer, Tokenizer]]
"""Makes the tokenizers of source and target from the training sentences of both."""


def joint(
    source: Iterable[str], target: Iterable[str], *, learn: Callable[[Iterable[str]], Tokenizer]
) -> tuple[Tokenizer, Tokenizer]:
    """One tokenizer for both languages. Source: Sennrich et al. 2016, section 3.2."""
    both = learn([*source, *target])
    return both, both


def separate(
    source: Iterable[str], target: Iterable[str], *, learn: Callable[[Iterable[str]], Tokenizer]
) -> tuple[Tokenizer, Tokenizer]:
    """A tokenizer for each language."""
    return learn(source), learn(target)


class TranslationBatches(lightning.LightningDataModule):
    """The training pairs in batches of at most `tokens_per_batch` tokens a side, padding included.

    Of both sides the longer counts; a pair that is longer than that is a batch of its own.

    Each epoch sorts the pairs by the lengths of target and source, with a little noise so that
    batches change, cuts them into batches and shuffles those. Source: Sutskever et al. 2014,
    section 3.4, for batches of similar length; Vaswani et al. 2017, section 5.1, for a limit in
    tokens.

    Training pairs with more than `max_length` tokens on a side are left out. `tokenizers` learns
    from the training part alone.
    """

    def __init__(
        self,
        seed: int,
        *,
        text: Callable[..., ParallelText],
        tokenizers: Learner,
        order: Callable[[list[int]], list[int]] = as_written,
        tokens_per_batch: int = 2048,
        max_length: int = 256,
    ) -> None:
        super().__init__()
        self.seed, self.text_source, self.tokenizers = seed, text, tokenizers
        self.order, self.tokens_per_batch, self.max_length = order, tokens_per_batch, max_length
        self.text: ParallelText | None = None

    def setup(self, stage: str = "fit") -> None:
        if self.text is None:
            self.text = self.text_source(self.seed)

    @cached_property
    def vocabulary(self) -> Languages:
        source, target = self.tokenizers(self.text.train.source, self.text.train.target)
        return Languages(source, target, self.order, self.max_length)

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return self.text.identities

    @cached_property
    def encoded(self) -> list[tuple[list[int], list[int]]]:
        """The training pairs as ids."""
        whole = self.encode_pairs(self.text.train, replace(self.vocabulary, max_length=sys.maxsize))
        # The source has one special token, END, and the target two.
        kept = [
            (source, target)
            for source, target in whole
            if len(source) <= self.max_length + 1 and len(target) <= self.max_length + 2
        ]
        if not kept:
            raise ReplicationError(
                f"None of the {len(whole)} training pairs has at most {self.max_length} tokens on "
                "both sides. Raise `max_length`, or give shorter sentences."
            )
        return kept

    @cached_property
    def lengths(self) -> np.ndarray:
        """How many ids the source and the target of each training pair have."""
        return np.array([(len(source), len(target)) for source, target in self.encoded])

    @property
    def tokens_per_epoch(self) -> int:
        """The tokens of both sides, END included, BEGIN and padding left out."""
        return int(self.lengths.sum() - len(self.lengths))

    def batches(self, epoch: int) -> list[list[int]]:
        """The indices of the pairs of each batch: a function of seed and epoch alone."""
        draw = np.random.default_rng((self.seed, epoch))
        # Targets of equal length are sorted by the length of the source, with noise of up to two
        # tokens: batches change from epoch to epoch, padding hardly grows.
        source, target = self.lengths.T
        key = target * (self.lengths.max() + 3) + source + 2 * draw.random(len(source))
        order = np.argsort(key, kind="stable")
        cut, start, widest = [], 0, 0
        for index, row in enumerate(order):
            widest = max(widest, *self.lengths[row])
            if widest * (index - start + 1) > self.tokens_per_batch and index > start:
                cut.append(order[start:index].tolist())
                start, widest = index, max(self.lengths[row])
        cut.append(order[start:].tolist())
        return [cut[number] for number in draw.permutation(len(cut))]

    def batch(self, rows: Iterable[int]) -> TranslationBatch:
        """The given training pairs as one batch."""
        pairs = [self.encoded[row] for row in rows]
        return TranslationBatch(
            padded([source for source, _ in pairs]), padded([target for _, target in pairs])
        )

    def encode_pairs(
        self, pairs: Pairs, languages: Languages | None = None
    ) -> list[tuple[list[int], list[int]]]:
        """Pairs as ids, in their order; what the training part does not have becomes UNKNOWN."""
        languages = languages or self.vocabulary
        return [
            (
                languages.encode_source(source, unknown_allowed=True),
                languages.encode_target(target, unknown_allowed=True),
            )
            for source, target in zip(pairs.source, pairs.target, strict=True)
        ]

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        return DataLoader(
            self.batches(epoch), batch_size=None, shuffle=False, collate_fn=self.batch
        )
