"""Batches of prompts, with what a judge of their answers is given, and of demonstrations."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.conversations.filled_up import filled_left, filled_right
from replications.corpora.batches.from_documents import NOTHING_BESIDE, Beside, FromDocuments
from replications.corpora.batches.token_stream import TextBatch, joined_ids
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Texts
from replications.corpora.texts.instructions.prompts import Prompt, Prompts, PromptSource
from replications.errors import ReplicationError
from replications.tokens.chat import ChatTemplate


class Requests:
    """What a judge is given for each prompt. No Sequence: Lightning searches those for tensors."""

    def __init__(self, each: Iterable[Any]) -> None:
        self.each = tuple(each)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.each)

    def __len__(self) -> int:
        return len(self.each)

    def __getitem__(self, place: int) -> Any:
        return self.each[place]


class PromptBatch(NamedTuple):
    """Prompts padded on the left to one length, and what a judge is given for each.

    `text` are sequences of the pre-training, where the objective mixes them in.
    """

    ids: Int64[Tensor, "prompt time"]
    requests: Requests
    text: TextBatch | None = None


class DemonstrationBatch(NamedTuple):
    """Prompts with demonstrated answers; `answers` is the mask of the tokens in the loss."""

    ids: Int64[Tensor, "example time"]
    answers: Bool[Tensor, "example time"]


class PromptedBatches(FromDocuments):
    """What demonstrations and prompts share: prompts, a vocabulary, and the pre-training text.

    `text` are the documents of the pre-training, whose vocabulary is used. A prompt has at most
    `prompt_length` tokens, an answer with its end `answer_length`; with `only_fitting` those that
    have more are left out, else they are refused. An epoch reads the next `batches_per_epoch`
    batches of a shuffled pass over all prompts; without it one pass.
    """

    def __init__(
        self,
        seed: int,
        *,
        prompts: PromptSource,
        text: Texts,
        tokenizer: Callable[[Any], Any],
        prompt_length: int,
        answer_length: int,
        prompts_per_batch: int = 32,
        batches_per_epoch: int | None = None,
        only_fitting: bool = False,
        eval_sets: Beside = NOTHING_BESIDE,
    ) -> None:
        super().__init__(seed, text=text, tokenizer=tokenizer, eval_sets=eval_sets)
        self.prompt_source, self.only_fitting = prompts, only_fitting
        self.prompt_length, self.answer_length = prompt_length, answer_length
        self.prompts_per_batch, self.asked_for = prompts_per_batch, batches_per_epoch
        self.prompts: Prompts | None = None

    def setup(self, stage: str = "fit") -> None:
        super().setup(stage)
        if self.prompts is None:
            self.prompts = self.prompt_source(self.seed)
            if self.only_fitting:
                kept = {
                    part: [each for each in getattr(self.prompts, part) if self._fits(each)]
                    for part in ("train", "validation", "test")
                }
                unseen = [False] * len(kept["test"])
                self.prompts = replace(self.prompts, **kept, unseen=unseen)

    def _fits(self, prompt: Prompt) -> bool:
        asked, told = self.template.prompt(prompt.turns), self.template.answer(prompt.answer)
        return len(asked) <= self.prompt_length and len(told) <= self.answer_length

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return tuple(dict.fromkeys((*self.prompts.identities, *super().identities)))

    @cached_property
    def template(self) -> ChatTemplate:
        return ChatTemplate(self.vocabulary)

    @property
    def batches_per_epoch(self) -> int:
        whole = len(self.prompts.train) // self.prompts_per_batch
        if whole < 1:
            raise ReplicationError(
                f"{len(self.prompts.train)} prompts make no batch of {self.prompts_per_batch}: "
                "give more prompts, or a smaller `prompts_per_batch`."
            )
        return self.asked_for or whole

    @property
    def tokens_per_epoch(self) -> int:
        """Positions of prompts and answers, padding included."""
        width = self.prompt_length + self.answer_length
        return self.batches_per_epoch * self.prompts_per_batch * width

    def order(self, epoch: int) -> list[list[int]]:
        """The indices of the prompts of each batch: a function of seed and epoch alone."""
        many, size = self.batches_per_epoch * self.prompts_per_batch, len(self.prompts.train)
        passes = range(epoch * many // size, ((epoch + 1) * many - 1) // size + 1)
        order = np.concatenate(
            [np.random.default_rng((self.seed, each)).permutation(size) for each in passes]
        )
        start = epoch * many - passes[0] * size
        rows = order[start : start + many].reshape(-1, self.prompts_per_batch)
        return rows.tolist()

    def prompt_batch(self, prompts: Sequence[Prompt]) -> PromptBatch:
        """These prompts as a batch."""
        rows = [self.template.prompt(prompt.turns) for prompt in prompts]
        ids = filled_left(rows, self.prompt_length, self.vocabulary.end_of_text)
        return PromptBatch(ids, Requests(prompt.request for prompt in prompts))

    def _epoch(self) -> int:
        return self.trainer.current_epoch if self.trainer else 0


class Demonstrations(PromptedBatches):
    """Batches of prompts with their demonstrated answers."""

    def demonstration_batch(self, prompts: Sequence[Prompt]) -> DemonstrationBatch:
        """These prompts with their answers as a batch."""
        padding = self.vocabulary.end_of_text
        asked = self.prompt_batch(prompts).ids
        rows = [self.template.answer(prompt.answer) for prompt in prompts]
        told = filled_right(rows, self.answer_length, padding)
        lengths = torch.tensor([len(row) for row in rows])
        inside = torch.arange(self.answer_length) < lengths[:, None]
        answers = torch.cat([torch.zeros_like(asked, dtype=torch.bool), inside], 1)
        return DemonstrationBatch(torch.cat([asked, told], 1), answers)

    def train_dataloader(self) -> DataLoader:
        train = self.prompts.train
        return DataLoader(
            self.order(self._epoch()),
            batch_size=None,
            shuffle=False,
            collate_fn=lambda rows: self.demonstration_batch([train[n] for n in rows]),
        )


class PromptsToAnswer(PromptedBatches):
    """Batches of prompts alone, which the model answers itself.

    With `text_length` each batch brings `texts_per_batch` sequences of the pre-training text.
    """

    def __init__(
        self, seed: int, *, text_length: int = 0, texts_per_batch: int = 0, **knobs: Any
    ) -> None:
        super().__init__(seed, **knobs)
        self.text_length, self.texts_per_batch = text_length, texts_per_batch

    @cached_property
    def _stream(self) -> Int64[Tensor, "sequence time"]:
        ids = joined_ids(self.text.train, self.vocabulary).long()
        width = self.text_length + 1
        return ids[: len(ids) // width * width].view(-1, width)

    def train_dataloader(self) -> DataLoader:
        epoch = self._epoch()
        draw = np.random.default_rng((self.seed, epoch, 1))

        def batch(rows: Sequence[int]) -> PromptBatch:
            found = self.prompt_batch([self.prompts.train[n] for n in rows])
            if not self.text_length:
                return found
            drawn = draw.integers(len(self._stream), size=self.texts_per_batch)
            return found._replace(text=TextBatch(self._stream[drawn]))

        return DataLoader(self.order(epoch), batch_size=None, shuffle=False, collate_fn=batch)
