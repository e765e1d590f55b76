"""Prediction of the last word of a passage, as in LAMBADA: accuracy and perplexity."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from replications.corpora.batches.token_stream import StreamTokenizer
from replications.corpora.texts.last_words import LastWord
from replications.decoding.inference import device_of, inference
from replications.items import FromItems
from replications.metrics.language.text_likelihood import token_losses
from replications.models.language_model import LanguageModel, State

# Passages in a batch: a CPU gains nothing by more, and other devices have a cost for each batch.
_MOST = {"cpu": 32}

# Articles, pronouns, prepositions, conjunctions, auxiliaries and the like: words that are hardly
# ever the last of a passage. The paper does not publish its own list.
STOP_WORDS = frozenset(
    """a an the this that these those some any no every each all both either neither such what which
    whose who whom i me my mine myself you your yours yourself he him his himself she her hers
    herself it its itself we us our ours ourselves they them their theirs themselves one someone
    anyone everyone something anything everything nothing of to in on at by for with from into onto
    over under about after before between through during against without within upon out up down off
    as than like and or but nor so yet if because although though while when where why how whether
    until since unless be am is are was were been being have has had having do does did doing will
    would shall should can could may might must not very too more most much many only own same just
    even ever never always also then there here again once now still first last other another few
    little s t don d ll m o re ve""".split()
)


def last_word_metrics(
    objective: object,
    data: object,
    *,
    passages: str = "last_words",
    prefix: str = "",
    guesses: int = 10,
) -> dict[str, float]:
    """Metrics of the last word of the eval set `passages`, named after the prefix:

    - `accuracy`: per cent of words of which each token was the most probable one;
    - `accuracy_filtered`: the same with a stop-word filter on the guesses
      (`Guess.past_stop_words`);
    - `log_perplexity`: the mean of -log p(word) in nats, and `perplexity`: e to that;
    - `accuracy_last_sentence`: as `accuracy`, with the last sentence alone as the context.

    Source: Radford et al. 2019, section 3.3. Its filter is not described further; this is ours.
    """
    model, tokenizer, max_length = objective.model, data.vocabulary, data.length
    found: Sequence[LastWord] = data.eval_sets[passages].passages
    guess = partial(guess_words, model, tokenizer, max_length=max_length)
    whole = guess([(p.context, p.word) for p in found], guesses=guesses)
    alone = guess([(p.last_sentence, p.word) for p in found], guesses=0)
    nats = math.fsum(guess.nats for guess in whole) / len(whole)
    numbers = {
        "accuracy": _per_cent([guess.greedy for guess in whole]),
        "accuracy_filtered": _per_cent([guess.past_stop_words for guess in whole]),
        "log_perplexity": FromItems(nats, "mean", [guess.nats for guess in whole]),
        "perplexity": math.exp(nats),
        "accuracy_last_sentence": _per_cent([guess.greedy for guess in alone]),
    }
    return {prefix + name: value for name, value in numbers.items()}


class Guess(NamedTuple):
    """The score of a word: -log p of it in nats, and whether each token was the most probable.

    `past_stop_words` is the same where its first token need only be the most probable one of a word
    that is no stop word.
    """

    nats: float
    greedy: bool
    past_stop_words: bool


def guess_words(
    model: LanguageModel,
    tokenizer: StreamTokenizer,
    questions: Sequence[tuple[str, str]],
    *,
    max_length: int,
    guesses: int,
    most_tokens: int = 4,
) -> list[Guess]:
    """Each question is a context and the word that follows it, after a space.

    The `guesses` most probable first tokens are each completed to a word, by the most probable
    tokens after them, `most_tokens` in all; those that make a stop word or no word are filtered
    out. Where all are, nothing is filtered. Of a context too long for `max_length` tokens the
    beginning is left out.
    """
    labels = [tokenizer.encode(f" {word}") for _, word in questions]
    room = max_length + 1 - max(most_tokens, *map(len, labels))
    before = [
        [tokenizer.end_of_text, *tokenizer.encode(context)][-room:] for context, _ in questions
    ]
    found: dict[int, Guess] = {}
    device = device_of(model)
    with inference(model):
        for rows in _of_one_length(before, _MOST.get(device.type, 256)):
            ids = torch.tensor([before[row] for row in rows], device=device)
            logits, state = model.step(ids, model.start(len(rows)))
            first = _first_tokens(model, tokenizer, logits, state, guesses, most_tokens)
            scores = _scores(model, [labels[row] for row in rows], logits, state)
            for row, token, (nats, right) in zip(rows, first, scores, strict=True):
                past = token == labels[row][0] and all(right[1:])
                found[row] = Guess(nats, all(right), past)
    return [found[row] for row in range(len(questions))]


def _scores(
    model: LanguageModel,
    labels: Sequence[Sequence[int]],
    logits: Float[Tensor, "row vocabulary"],
    state: State,
) -> Iterator[tuple[float, list[bool]]]:
    """-log p of each word, and for each of its tokens whether it was the most probable."""
    width = max(map(len, labels))
    ids = torch.tensor(
        [[*word, *[0] * (width - len(word))] for word in labels], device=logits.device
    )
    losses, best = [], []
    for index in range(width):
        losses.append(token_losses(logits[:, None], ids[:, index, None])[:, 0].double())
        best.append(logits.argmax(-1) == ids[:, index])
        if index + 1 < width:
            logits, state = model.step(ids[:, index, None], state)
    columns = torch.stack(losses, 1).tolist(), torch.stack(best, 1).tolist()
    for word, nats, right in zip(labels, *columns, strict=True):
        yield sum(nats[: len(word)]), right[: len(word)]


def _first_tokens(
    model: LanguageModel,
    tokenizer: StreamTokenizer,
    logits: Float[Tensor, "row vocabulary"],
    state: State,
    guesses: int,
    most_tokens: int,
) -> list[int]:
    """The most probable first token of a word that is no stop word, of each row."""
    if not guesses:
        return logits.argmax(-1).tolist()
    first = logits.topk(min(guesses, logits.shape[-1])).indices
    made = _completed(model, first, state, most_tokens - 1).tolist()
    return [
        next((word[0] for word in words if _is_answer(tokenizer, word)), words[0][0])
        for words in made
    ]


def _completed(
    model: LanguageModel, first: Int[Tensor, "row guess"], state: State, steps: int
) -> Int[Tensor, "row guess time"]:
    """Each guess with the most probable tokens after it."""
    rows, guesses = first.shape
    state = _repeated(state, guesses)
    made = [first.flatten()[:, None]]
    for _ in range(steps):
        logits, state = model.step(made[-1], state)
        made.append(logits.argmax(-1, keepdim=True))
    return torch.cat(made, 1).view(rows, guesses, -1)


def _repeated(state: State, times: int) -> State:
    """The state of each sequence, repeated: tensors, perhaps nested, batch first."""
    if isinstance(state, Tensor):
        return state.repeat_interleave(times, 0)
    if state is None:
        return None
    parts = [_repeated(part, times) for part in state]
    return type(state)(*parts) if hasattr(state, "_fields") else type(state)(parts)


def _is_answer(tokenizer: StreamTokenizer, ids: Sequence[int]) -> bool:
    """Whether the first word that these tokens write is a word, and no stop word."""
    end = tokenizer.end_of_text
    text = tokenizer.decode(ids[: ids.index(end)] if end in ids else ids)
    if not text.startswith(" "):
        return False
    # Up to the first character that is no letter: without a possessive or punctuation.
    word = "".join(_letters(text[1:]))
    return bool(word) and word.lower() not in STOP_WORDS


def _letters(text: str) -> Iterator[str]:
    for character in text:
        if not (character.isalpha() or character == "-"):
            return
        yield character


def _of_one_length(rows: Sequence[Sequence[int]], most: int) -> Iterator[list[int]]:
    """Indices of sequences of the same length, as a state has no padding; the longest first."""
    by_length: dict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        by_length[len(row)].append(index)
    for length in sorted(by_length, reverse=True):
        indices = by_length[length]
        for first in range(0, len(indices), most):
            yield indices[first : first + most]


def _per_cent(right: Sequence[bool]) -> float:
    return FromItems(100 * sum(right) / len(right), "percent", right)
