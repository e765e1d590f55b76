"""Preference comparisons as batches: a chosen and a rejected answer each."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.from_documents import NOTHING_BESIDE, Beside, FromDocuments
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Texts
from replications.corpora.texts.instructions.comparisons import (
    Comparison,
    Comparisons,
    ComparisonSource,
)
from replications.errors import ReplicationError
from replications.tokens.chat import ChatTemplate


class ComparedBatch(NamedTuple):
    """Prompts with their chosen answers, then the same with the rejected ones.

    `last` is the position of each sequence's last token, at which the reward is read.
    """

    ids: Int64[Tensor, "two_pairs time"]
    last: Int64[Tensor, " two_pairs"]


class ComparedAnswers(FromDocuments):
    """Comparisons, reshuffled each epoch.

    A sequence has at most `max_length` tokens: a prompt that is too long loses its beginning, and
    an answer that takes more than three quarters of the sequence its end. With `prompt_length` all
    prompts are padded on the left to that length, as the prompts of a policy are.
    """

    def __init__(
        self,
        seed: int,
        *,
        comparisons: ComparisonSource,
        text: Texts,
        tokenizer: Callable[[Any], Any],
        max_length: int,
        prompt_length: int | None = None,
        pairs_per_batch: int = 32,
        eval_sets: Beside = NOTHING_BESIDE,
    ) -> None:
        super().__init__(seed, text=text, tokenizer=tokenizer, eval_sets=eval_sets)
        self.comparison_source, self.max_length = comparisons, max_length
        self.prompt_length, self.pairs_per_batch = prompt_length, pairs_per_batch
        self.comparisons: Comparisons | None = None

    def setup(self, stage: str = "fit") -> None:
        super().setup(stage)
        if self.comparisons is None:
            self.comparisons = self.comparison_source(self.seed)

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return tuple(dict.fromkeys((*self.comparisons.identities, *super().identities)))

    @cached_property
    def template(self) -> ChatTemplate:
        return ChatTemplate(self.vocabulary)

    @cached_property
    def encoded(self) -> list[tuple[list[int], list[int]]]:
        """The training pairs as sequences of ids."""
        return [self.encode(pair) for pair in self.comparisons.train]

    def encode(self, pair: Comparison) -> tuple[list[int], list[int]]:
        """The sequences of the two answers. Raises ReplicationError where they are equal."""
        prompt = self.template.prompt(pair.turns)
        rows = []
        for answer in (pair.chosen, pair.rejected):
            told = self.template.answer(answer)
            if self.prompt_length is not None:
                before = prompt[-self.prompt_length :]
                filled = [self.vocabulary.end_of_text] * (self.prompt_length - len(before))
                rows.append([*filled, *before, *told[: self.max_length - self.prompt_length]])
                continue
            # A truncated answer still has a reward: it is read at the last token.
            told = told[: max(1, 3 * self.max_length // 4)]
            room = self.max_length - len(told)
            rows.append([*prompt[-room:], *told])
        if pair.chosen == pair.rejected:
            raise ReplicationError(
                f"A comparison has two equal answers, {pair.chosen[:40]!r}: nobody can prefer one. "
                "Leave ties out."
            )
        return rows[0], rows[1]

    @property
    def tokens_per_epoch(self) -> int:
        """Tokens of both answers with their prompts, padding left out."""
        return sum(len(chosen) + len(rejected) for chosen, rejected in self.encoded)

    def batch(self, pairs: Sequence[tuple[list[int], list[int]]]) -> ComparedBatch:
        """These pairs as a batch."""
        rows = [pair[0] for pair in pairs] + [pair[1] for pair in pairs]
        last = torch.tensor([len(row) - 1 for row in rows])
        ids = torch.full((len(rows), int(last.max()) + 1), self.vocabulary.end_of_text)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = torch.tensor(row)
        return ComparedBatch(ids, last)

    def test_batches(self) -> list[ComparedBatch]:
        """All comparisons of the test, in their order."""
        rows = [self.encode(pair) for pair in self.comparisons.test]
        size = self.pairs_per_batch
        return [self.batch(rows[first : first + size]) for first in range(0, len(rows), size)]

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self.encoded))
        size = self.pairs_per_batch
        cut = [order[first : first + size] for first in range(0, len(order), size)]
        return DataLoader(
            cut,
            batch_size=None,
            shuffle=False,
            collate_fn=lambda rows: self.batch([self.encoded[n] for n in rows]),
        )
