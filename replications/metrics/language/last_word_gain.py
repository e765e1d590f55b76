"""The gain in the last word's log-likelihood from a passage over its last sentence alone."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float64, Int64
from torch import Tensor

from replications.corpora.texts.last_words import LastWord
from replications.decoding.inference import device_of, inference
from replications.decoding.padded_sequences import padded_sequences
from replications.metrics.language.text_likelihood import token_losses
from replications.models.language_model import LanguageModel

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

Ids = Sequence[int]


def last_word_gain(
    objective: object,
    data: object,
    *,
    passages: str = "last_words",
    batch_tokens: int = 16_384,
    prefix: str = "lambada_",
) -> dict[str, float]:
    """Metrics of the last word of the eval set `passages`, named after the prefix:

    - `gain_nats`: the mean of -ln p(word | last sentence) + ln p(word | passage): what the model
      takes from before the last sentence. A model with no longer context has 0;
    - `nats_last_sentence`: the mean of the first of the two;
    - `first_token_rank`: the median rank of the word's first token in the vocabulary, 1 the best;
    - `passage_word_accuracy`: per cent of passages whose most probable word, among those that the
      passage has before, is the last word;
    - `word_in_passage`: per cent of passages that have it before at all, the most that this can be;
    - `random_passage_word`, `random_capitalised_word`: the accuracy of drawing one of the passage's
      words, or of those with a capital letter. These three are the same whatever the model.

    Source: Paperno et al. 2016 (arXiv:1606.06031), section 5, for the two draws, with accuracies of
    1.6 and 7.3 per cent; the others are ours, for models of low accuracy.
    Of a context too long for `data.length` tokens the beginning is left out.
    """
    found: Sequence[LastWord] = data.eval_sets[passages].passages
    asked = _asked(found, data.vocabulary, data.length)
    with inference(objective.model):
        read = {"max_length": data.length, "batch_tokens": batch_tokens}
        passage = log_p_after(objective.model, asked.contexts, asked.words, **read)
        sentence = log_p_after(objective.model, asked.sentences, asked.words, **read)
        ranks, first = _first_tokens(objective.model, asked, **read)
        chosen = _most_probable(objective.model, asked, first, **read)
    there = [p.word in words for p, words in zip(found, asked.candidates, strict=True)]
    numbers = {
        "gain_nats": float((passage - sentence).mean()),
        "nats_last_sentence": -float(sentence.mean()),
        "first_token_rank": float(np.median(ranks)),
        "passage_word_accuracy": 100
        * float(np.mean([p.word == word for p, word in zip(found, chosen, strict=True)])),
        "word_in_passage": 100 * float(np.mean(there)),
        "random_passage_word": _drawn(found, asked.candidates),
        "random_capitalised_word": _drawn(
            found, [[word for word in each if word[0].isupper()] for each in asked.candidates]
        ),
    }
    return {prefix + name: value for name, value in numbers.items()}


def log_p_after(
    model: LanguageModel,
    contexts: Sequence[Ids],
    completions: Sequence[Ids],
    *,
    max_length: int,
    batch_tokens: int,
) -> Float64[Tensor, " completion"]:
    """ln P(completion | context) of each, gathered on the model's device and copied once."""
    device = device_of(model)
    sequences = [[*one, *other] for one, other in zip(contexts, completions, strict=True)]
    given = torch.tensor([len(context) for context in contexts], device=device)
    scores = torch.zeros(len(sequences), dtype=torch.float64, device=device)
    for block in padded_sequences(sequences, device, max_length=max_length + 1, beyond=1):
        position = torch.arange(1, block.ids.shape[1], device=device)
        for batch in block.batches(batch_tokens):
            losses = token_losses(model(batch.ids[:, :-1]), batch.ids[:, 1:]).double()
            after = position >= given[batch.numbers, None]
            counted = after & (position < batch.lengths[:, None])
            scores[batch.numbers] = -losses.masked_fill(~counted, 0.0).sum(1)
    return scores.cpu()


class _Asked(NamedTuple):
    contexts: list[Ids]
    sentences: list[Ids]
    words: list[Ids]
    candidates: list[list[str]]
    encoded: dict[str, Ids]


def _asked(found: Sequence[LastWord], tokenizer: object, max_length: int) -> _Asked:
    """All as ids, each context with room for the longest of its candidates."""
    end, encode = tokenizer.end_of_text, tokenizer.encode
    candidates = [list(dict.fromkeys(_WORD.findall(passage.context))) for passage in found]
    distinct = dict.fromkeys(word for words in candidates for word in words)
    encoded = {word: encode(f" {word}") for word in distinct}
    contexts, sentences, asked = [], [], []
    for passage, words in zip(found, candidates, strict=True):
        word = encode(f" {passage.word}")
        room = max_length + 1 - max(len(word), *(len(encoded[each]) for each in words), 0)
        contexts.append([end, *encode(passage.context)][-room:])
        sentences.append([end, *encode(passage.last_sentence)][-room:])
        asked.append(word)
    return _Asked(contexts, sentences, asked, candidates, encoded)


def _first_tokens(
    model: LanguageModel, asked: _Asked, *, max_length: int, batch_tokens: int
) -> tuple[Int64[np.ndarray, " passage"], Float64[np.ndarray, "passage candidate"]]:
    """The rank of each word's first token, and ln p of the first token of each candidate."""
    device = device_of(model)
    width = max(1, *map(len, asked.candidates))
    tokens = np.zeros((len(asked.words), width), np.int64)
    for row, words in zip(tokens, asked.candidates, strict=True):
        row[: len(words)] = [asked.encoded[word][0] for word in words]
    candidates = torch.from_numpy(tokens).to(device)
    labels = torch.tensor([word[0] for word in asked.words], device=device)
    ranks = torch.zeros_like(labels)
    log_p = torch.zeros(candidates.shape, dtype=torch.float64, device=device)
    for block in padded_sequences(asked.contexts, device, max_length=max_length):
        for batch in block.batches(batch_tokens):
            last = torch.arange(len(batch.ids), device=device), batch.lengths - 1
            logits = model(batch.ids)[last].float()
            label = logits.gather(1, labels[batch.numbers, None])
            ranks[batch.numbers] = 1 + (logits > label).sum(1)
            here = logits.log_softmax(-1).gather(1, candidates[batch.numbers])
            log_p[batch.numbers] = here.double()
    return ranks.cpu().numpy(), log_p.cpu().numpy()


def _most_probable(
    model: LanguageModel,
    asked: _Asked,
    first: Float64[np.ndarray, "passage candidate"],
    *,
    max_length: int,
    batch_tokens: int,
) -> list[str | None]:
    """The candidate with the greatest ln p of all its tokens; None where there is no candidate.

    A word is at most as probable as its first token: only words of several tokens whose first is
    more probable than the best word of a single one are scored in full.
    """
    tokens = np.zeros(first.shape, np.int64)
    for row, words in zip(tokens, asked.candidates, strict=True):
        row[: len(words)] = [len(asked.encoded[word]) for word in words]
    whole = np.where(tokens == 1, first, -np.inf)
    may_win: Bool[np.ndarray, "passage candidate"] = (tokens > 1) & (
        first > whole.max(1, keepdims=True)
    )
    passage, index = np.nonzero(may_win)
    if len(passage):
        whole[may_win] = log_p_after(
            model,
            [asked.contexts[number] for number in passage],
            [
                asked.encoded[asked.candidates[number][at]]
                for number, at in zip(passage, index, strict=True)
            ],
            max_length=max_length,
            batch_tokens=batch_tokens,
        ).numpy()
    best = whole.argmax(1)
    return [words[at] if words else None for words, at in zip(asked.candidates, best, strict=True)]


def _drawn(found: Sequence[LastWord], candidates: Sequence[Sequence[str]]) -> float:
    """The expected accuracy, in per cent, of a word drawn from each passage's candidates."""
    chances = [
        (passage.word in words) / max(1, len(words))
        for passage, words in zip(found, candidates, strict=True)
    ]
    return 100 * float(np.mean(chances))
