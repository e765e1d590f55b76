"""Queries of trained models: neighbours of a word, a continuation, a gap, a translation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import torch

from replications.decoding.inference import device_of, inference
from replications.decoding.sampling import sample, top_k
from replications.decoding.search import greedy_search
from replications.decoding.translation import translate
from replications.errors import ReplicationError
from replications.tokens.byte_level import ByteLevelBPE
from replications.tokens.languages import Languages
from replications.tokens.wordpiece import WordPiece
from replications.tokens.words import Vocabulary, tokenise

GAP = "[MASK]"


@runtime_checkable
class AnsweringModel(Protocol):
    """A model with one answer to a text."""

    def answer(self, text: str) -> str:
        """Lines to be read. Raises ReplicationError for a text that it cannot answer."""
        ...


@dataclass(frozen=True)
class WordVectors:
    """Word vectors and the words that they belong to."""

    objective: Any
    vocabulary: Vocabulary

    def nearest(self, word: str, count: int = 8) -> list[tuple[str, float]]:
        """The `count` nearest other words with their cosines, the nearest first.

        Raises ReplicationError for a word that the text did not have often enough.
        """
        number = self.vocabulary.id(word.lower())
        unit = torch.nn.functional.normalize(self.objective.vectors, dim=1)
        cosines = unit @ unit[number]
        cosines[number] = -torch.inf
        best = cosines.topk(min(count, len(unit) - 1))
        words = self.vocabulary.decode(best.indices)
        return list(zip(words, best.values.tolist(), strict=True))

    def answer(self, text: str) -> str:
        words = tokenise(text)
        if not words:
            raise ReplicationError(f"{text!r} has no word: ask for the neighbours of a word.")
        lines = []
        for word in words:
            near = ", ".join(f"{other} {cosine:.2f}" for other, cosine in self.nearest(word))
            lines.append(f"{word}: {near}")
        return "\n".join(lines)


@dataclass(frozen=True)
class TextWriter:
    """A causal language model that reads at most `length` tokens."""

    objective: Any
    vocabulary: ByteLevelBPE
    length: int

    def continue_text(
        self, prompt: str, *, tokens: int = 60, seed: int = 0, k: int = 40, temperature: float = 1.0
    ) -> str:
        """What follows the prompt, each token drawn from the `k` most probable ones.

        Of a prompt that leaves no room its last tokens are read. At a temperature of 0 the most
        probable token is taken each time.
        """
        read = [self.vocabulary.end_of_text, *self.vocabulary.encode(prompt)]
        tokens = min(tokens, self.length // 2)
        read = read[-(self.length - tokens) :]
        device = device_of(self.objective.model)
        (written,) = sample(
            self.objective.model,
            torch.tensor([read], device=device),
            tokens=tokens,
            generator=torch.Generator(device).manual_seed(seed),
            temperature=temperature,
            logits_filter=lambda logits: top_k(logits, k=k),
            end=self.vocabulary.end_of_text,
        )
        return self.vocabulary.decode(written)

    def answer(self, text: str) -> str:
        return text + self.continue_text(text)


@dataclass(frozen=True)
class GapFiller:
    """A masked language model that reads at most `length` tokens."""

    objective: Any
    vocabulary: WordPiece
    length: int

    def fill(self, text: str, count: int = 5) -> list[list[tuple[str, float]]]:
        """For each [MASK] of the text its `count` most probable tokens, with probabilities.

        Raises ReplicationError for a text without a [MASK], and one that is too long.
        """
        parts = text.split(GAP)
        if len(parts) < 2:
            raise ReplicationError(
                f"The text has no {GAP}: write it where a word is missing, as in 'the {GAP} sat'."
            )
        vocabulary = self.vocabulary
        ids = [vocabulary.start, *vocabulary.encode(parts[0])]
        for part in parts[1:]:
            ids += [vocabulary.mask, *vocabulary.encode(part)]
        ids.append(vocabulary.separator)
        if len(ids) > self.length:
            raise ReplicationError(
                f"The text has {len(ids)} tokens, special tokens included, and the model reads "
                f"{self.length}: give less of it."
            )
        read = torch.tensor([ids], device=device_of(self.objective.model))
        with inference(self.objective.model):
            logits, _ = self.objective.scores(
                read, torch.zeros_like(read), read == vocabulary.mask, padded=False
            )
        ordinary = vocabulary.ordinary
        chosen = logits.float()[:, torch.from_numpy(ordinary)].softmax(-1).topk(count)
        return [
            [(vocabulary.symbols[ordinary[n]], p) for n, p in zip(row, shares, strict=True)]
            for row, shares in zip(chosen.indices.tolist(), chosen.values.tolist(), strict=True)
        ]

    def answer(self, text: str) -> str:
        return "\n".join(
            ", ".join(f"{token} {100 * share:.0f} %" for token, share in gap)
            for gap in self.fill(text)
        )


@dataclass(frozen=True)
class SentenceTranslator:
    """A translator with the search that was chosen for it."""

    objective: Any
    vocabulary: Languages
    search: Callable[..., Any] = greedy_search

    def translate(self, sentences: Sequence[str]) -> list[str]:
        """A translation of each sentence; words that the training text lacks become <unk>."""
        return translate(
            self.objective.model,
            self.vocabulary,
            list(sentences),
            search=self.search,
            unknown_allowed=True,
        )

    def answer(self, text: str) -> str:
        return self.translate([text])[0]
