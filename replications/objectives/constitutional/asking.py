"""An assistant that is asked: its answers as words, and how likely it finds a single word."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from replications.corpora.batches.conversations.filled_up import filled_left
from replications.corpora.world.instructions.tasks import Words
from replications.decoding.answers import sample_answers, texts_of
from replications.decoding.inference import device_of, inference
from replications.models.language_model import LanguageModel
from replications.tokens.chat import ASSISTANT, USER, ChatTemplate

_ROWS = 512

Turns = Sequence[tuple[str, Words]]
"""Who speaks, and the words."""


@dataclass(frozen=True)
class Assistant:
    """A language model with its tokens. Prompts have at most `width` tokens, answers `tokens`."""

    model: LanguageModel
    vocabulary: Any
    width: int
    tokens: int

    def ids(self, asked: Sequence[Turns], told: Sequence[Words] = ()) -> Tensor:
        """The prompts, filled up on the left; `told` is what each answer has begun with."""
        template = ChatTemplate(self.vocabulary)
        rows = []
        for number, turns in enumerate(asked):
            row = template.prompt((who, " ".join(words)) for who, words in turns)
            if told:
                row = [*row, *self.vocabulary.encode(" ".join(told[number]))]
            rows.append(row)
        # Always as wide as in training: positions are learned.
        width = self.width + max((len(words) for words in told), default=0)
        return filled_left(rows, width, self.vocabulary.end_of_text)

    def answers(self, asked: Sequence[Turns], draw: torch.Generator) -> list[Words]:
        """One answer to each, drawn at temperature 1; an empty one is an empty tuple."""
        device, found = device_of(self.model), []
        for first in range(0, len(asked), _ROWS):
            written = sample_answers(
                self.model,
                self.ids(asked[first : first + _ROWS]).to(device),
                tokens=self.tokens,
                end=self.vocabulary.end,
                padding=self.vocabulary.end_of_text,
                generator=draw,
            )
            texts = texts_of(written, self.vocabulary, self.vocabulary.end)
            found += [tuple(self._words(text)) for text in texts]
        return found

    def chances(
        self, asked: Sequence[Turns], words: Sequence[str], told: Sequence[Words] = ()
    ) -> Float[Tensor, "prompt word"]:
        """The normalised probabilities of these words, and of no others, to be said next."""
        device, found = device_of(self.model), []
        numbers = [self.vocabulary.encode(word)[0] for word in words]
        with inference(self.model):
            for first in range(0, len(asked), _ROWS):
                part = slice(first, first + _ROWS)
                logits = self.model(self.ids(asked[part], told[part]).to(device))[:, -1]
                found.append(logits.float()[:, numbers].softmax(-1))
        return torch.cat(found)

    def _words(self, text: str) -> list[str]:
        # A mark in the middle of an answer is no word of it.
        return [word for word in text.split() if not word.startswith("<")]


def question(*turns: Words) -> Turns:
    """Turns of the user and the assistant one after the other."""
    return tuple((USER if n % 2 == 0 else ASSISTANT, words) for n, words in enumerate(turns))
