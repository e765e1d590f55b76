"""Instructions with their answers as batches; the loss is taken on the answers alone."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.from_documents import NOTHING_BESIDE, Beside, FromDocuments
from replications.corpora.batches.masking import IGNORE_INDEX
from replications.corpora.batches.token_stream import StreamTokenizer
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Documents, Texts
from replications.corpora.texts.instructed.instruction_answers import Answered, InstructionAnswers
from replications.errors import ReplicationError


class AnswerIds(NamedTuple):
    """The ids of an example, and how many of them are the prompt."""

    ids: list[int]
    prompt: int


class AnswerBatch(NamedTuple):
    """Sequences of ids, padded on the right; `labels` are IGNORE_INDEX outside of the answers."""

    ids: Int64[Tensor, "batch time"]
    labels: Int64[Tensor, "batch time"]


class InstructionBatches(FromDocuments):
    """The examples of an instruction corpus, reshuffled each epoch.

    Source: Touvron et al. 2023 (arXiv:2307.09288), section 3.1, "we zero-out the loss on tokens
    from the user prompt": only tokens of answers, and the end-of-text token behind them, are
    labels. Departure: there examples are packed into full sequences; here each has its own, as in
    Taori et al. 2023.

    The vocabulary is that of the pre-training: `tokenizer` is called with the Documents of
    `pretraining`. The end-of-text token precedes a prompt, as it does each text of the
    pre-training. An answer is truncated where a sequence of `length` + 1 ids ends, and an example
    whose prompt leaves less than a quarter of it for the answer is left out.

    Raises ReplicationError where no example is left.
    """

    def __init__(
        self,
        seed: int,
        *,
        text: Callable[[int], InstructionAnswers],
        pretraining: Texts,
        tokenizer: Callable[[Documents], StreamTokenizer],
        length: int = 128,
        sequences_per_batch: int = 32,
        eval_sets: Beside = NOTHING_BESIDE,
    ) -> None:
        super().__init__(seed, text=pretraining, tokenizer=tokenizer, eval_sets=eval_sets)
        self.instructions, self.length = text, length
        self.sequences_per_batch = sequences_per_batch

    @cached_property
    def answered(self) -> InstructionAnswers:
        return self.instructions(self.seed)

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return tuple(dict.fromkeys((*self.answered.identities, *super().identities)))

    @cached_property
    def encoded(self) -> list[AnswerIds]:
        """The examples that fit."""
        found = encode_answers(self.answered.examples, self.vocabulary, self.length)
        if not found:
            raise ReplicationError(
                f"No instruction leaves room for an answer in {self.length} tokens. Give a greater "
                "`length`."
            )
        return found

    @property
    def tokens_per_epoch(self) -> int:
        """Ids read in an epoch, padding left out."""
        return sum(len(example.ids) - 1 for example in self.encoded)

    def batch(self, indices: Int64[np.ndarray, " example"]) -> AnswerBatch:
        """These examples as a batch."""
        return answer_batch([self.encoded[number] for number in indices], self.vocabulary)

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self.encoded))
        parts = np.array_split(
            order, range(self.sequences_per_batch, len(order), self.sequences_per_batch)
        )
        return DataLoader(parts, batch_size=None, shuffle=False, collate_fn=self.batch)


def encode_answers(
    examples: Sequence[Answered], tokenizer: StreamTokenizer, length: int
) -> list[AnswerIds]:
    """The ids of each example that has room for its answer, end-of-text token included."""
    found, end = [], tokenizer.end_of_text
    for prompt, answer in examples:
        given = [end, *tokenizer.encode(prompt)]
        if len(given) <= length * 3 // 4:
            ids = [*given, *tokenizer.encode(answer), end][: length + 1]
            found.append(AnswerIds(ids, len(given)))
    return found


def answer_batch(examples: Sequence[AnswerIds], tokenizer: StreamTokenizer) -> AnswerBatch:
    """These examples as a padded batch: the prompt and the padding are no labels."""
    longest = max(len(example.ids) for example in examples)
    ids = torch.full((len(examples), longest), tokenizer.end_of_text)
    labels = torch.full((len(examples), longest), IGNORE_INDEX)
    for row, (those, prompt) in enumerate(examples):
        ids[row, : len(those)] = torch.tensor(those)
        labels[row, prompt : len(those)] = torch.tensor(those[prompt:])
    return AnswerBatch(ids, labels)
