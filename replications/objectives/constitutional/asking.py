"""A prompted assistant: its sampled answers as words, and its probabilities of single words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from replications.corpora.batches.conversations.filled_up import filled_left, filled_right
from replications.corpora.world.instructions.tasks import Words
from replications.decoding.answers import sample_answers, texts_of
from replications.decoding.inference import device_of, inference
from replications.models.language_model import LanguageModel
from replications.tokens.chat import ASSISTANT, USER, ChatTemplate

_ROWS = 512

Turns = Sequence[tuple[str, Words]]
"""Turns of a conversation: the role and the words of each."""


@dataclass(frozen=True)
class Assistant:
    """A language model with its tokenizer; at most `width` tokens a prompt, `tokens` an answer."""

    model: LanguageModel
    vocabulary: Any
    width: int
    tokens: int

    def ids(self, prompts: Sequence[Turns]) -> Tensor:
        """The prompts, left-padded to the width of training."""
        template = ChatTemplate(self.vocabulary)
        rows = [
            template.prompt((who, " ".join(words)) for who, words in turns) for turns in prompts
        ]
        return filled_left(rows, self.width, self.vocabulary.end_of_text)

    def answers(self, prompts: Sequence[Turns], draw: torch.Generator) -> list[Words]:
        """One answer to each, sampled at temperature 1; an empty one is an empty tuple."""
        device, found = device_of(self.model), []
        for first in range(0, len(prompts), _ROWS):
            written = sample_answers(
                self.model,
                self.ids(prompts[first : first + _ROWS]).to(device),
                tokens=self.tokens,
                end=self.vocabulary.end,
                padding=self.vocabulary.end_of_text,
                generator=draw,
            )
            texts = texts_of(written, self.vocabulary, self.vocabulary.end)
            found += [tuple(self._words(text)) for text in texts]
        return found

    def chances(
        self, prompts: Sequence[Turns], words: Sequence[str], told: Sequence[Words] = ()
    ) -> Float[Tensor, "prompt word"]:
        """The probabilities of these words as the next token, normalised over them.

        `told` is the beginning of each answer, at least one word.
        """
        device, found = device_of(self.model), []
        vocabulary = self.vocabulary
        numbers = [vocabulary.encode(word)[0] for word in words]
        with inference(self.model):
            for first in range(0, len(prompts), _ROWS):
                part = slice(first, first + _ROWS)
                ids = self.ids(prompts[part])
                last = torch.full((len(ids),), self.width - 1)
                if told:
                    begun = [vocabulary.encode(" ".join(each)) for each in told[part]]
                    last += torch.tensor([len(row) for row in begun])
                    behind = filled_right(begun, self.tokens, vocabulary.end_of_text)
                    ids = torch.cat([ids, behind], 1)
                logits = self.model(ids.to(device)).float()
                rows = torch.arange(len(ids), device=device)
                found.append(logits[rows, last.to(device)][:, numbers].softmax(-1))
        return torch.cat(found)

    def _words(self, text: str) -> list[str]:
        # A special token within an answer is no word of it.
        return [word for word in text.split() if not word.startswith("<")]


def question(*turns: Words) -> Turns:
    """Alternating turns of the user and the assistant."""
    return tuple((USER if n % 2 == 0 else ASSISTANT, words) for n, words in enumerate(turns))
