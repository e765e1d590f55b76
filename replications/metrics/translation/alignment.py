"""Word alignment: agreement of attention with gold alignments.

An alignment is a set of links (i, j) of word i of the source with word j of the target, from 0.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

import torch
from einops import einsum, reduce
from jaxtyping import Float
from torch import Tensor

from replications.corpora.batches.translation_batches import padded
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.parallel_text import Pairs
from replications.decoding.inference import batches_by_length, device_of, inference
from replications.errors import ReplicationError
from replications.models.translator import AttentiveTranslator, Translator
from replications.tokens.languages import Languages
from replications.tokens.special import Tokenizer

Link = tuple[int, ...]
"""(source word, target word), with the sentence's number before them in links of many sentences."""


def alignment_error_rate(links: Set[Link], sure: Set[Link], possible: Set[Link]) -> float:
    """1 - (|A and S| + |A and P|) / (|A| + |S|): 0 is perfect, 1 the worst.

    Source: Och and Ney 2003, section 5.1. Sure links count as possible ones too. For many sentences
    give the links of all of them at once, made by `numbered`: the rate is one of sums, not a mean
    of rates. Raises ReplicationError when there is neither a link nor a sure one.
    """
    agreed = len(links & sure) + len(links & (possible | sure))
    return 1 - _share(agreed, len(links) + len(sure))


def alignment_precision(links: Set[Link], possible: Set[Link]) -> float:
    """The share of the links that are possible. Source: Och and Ney 2003, section 5.1."""
    return _share(len(links & possible), len(links))


def alignment_recall(links: Set[Link], sure: Set[Link]) -> float:
    """The share of the sure links that were found. Source: Och and Ney 2003, section 5.1."""
    return _share(len(links & sure), len(sure))


def _share(part: int, whole: int) -> float:
    if not whole:
        raise ReplicationError("There are no links to compare; give pairs whose words are linked.")
    return part / whole


def numbered(sentences: Iterable[Set[Link]]) -> set[Link]:
    """The links of many sentences in one set, each with its sentence's number before it."""
    return {(number, *link) for number, links in enumerate(sentences) for link in links}


def diagonal_links(source_length: int, target_length: int) -> set[Link]:
    """The diagonal baseline: each target word is linked to the source word at its position."""
    return {((2 * j + 1) * source_length // (2 * target_length), j) for j in range(target_length)}


def crossing_words(links: Set[Link]) -> set[int]:
    """The reordered target words: those with a link that crosses another link.

    Links (i, j) and (k, l) cross where i < k and j > l.
    """
    return {j for i, j in links if any((i - k) * (j - m) < 0 for k, m in links)}


def word_weights(
    weights: Float[Tensor, "target source"],
    source_words: Sequence[int],
    target_words: Sequence[int],
) -> Float[Tensor, "target_word source_word"]:
    """Attention weights between words, from those between their tokens.

    `source_words` and `target_words` give for each token the word that it belongs to. What comes
    after those tokens, END and padding, is dropped, and each row sums to 1 again; a row that
    attends to nothing else is all zeros. A target word's weight of a source word is the sum over
    the source word's tokens, and the mean over its own.
    """
    kept = weights[: len(target_words), : len(source_words)]
    kept = kept / kept.sum(-1, keepdim=True).clamp_min(torch.finfo(kept.dtype).tiny)
    from_source, from_target = (_membership(words, kept) for words in (source_words, target_words))
    from_target = from_target / from_target.sum(0).clamp_min(1)
    return einsum(kept, from_target, from_source, "t s, t tw, s sw -> tw sw")


def _membership(words: Sequence[int], like: Tensor) -> Float[Tensor, "token word"]:
    return torch.nn.functional.one_hot(torch.tensor(words, device=like.device)).to(like.dtype)


def links_of(weights: Float[Tensor, "target source"]) -> set[Link]:
    """Each target word's source word of greatest weight; none for a row of zeros."""
    best, chosen = weights.max(-1)
    return {
        (i, j)
        for j, (i, weight) in enumerate(zip(chosen.tolist(), best.tolist(), strict=True))
        if weight > 0
    }


def words_of_tokens(tokenizer: Tokenizer, text: str) -> list[int]:
    """For each token of a text the index of its word, where words are divided by single spaces.

    A word may be several words to the tokenizer, as "l'" is. Raises ReplicationError for a
    tokenizer that segments a word differently by itself.
    """
    words = [
        number
        for number, word in enumerate(text.split(" "))
        for symbols in tokenizer.segment(word)
        for _ in symbols
    ]
    if len(words) != len(tokenizer.encode(text, unknown_allowed=True)):
        raise ReplicationError(
            f"{type(tokenizer).__name__} makes other tokens of a sentence than of its words one by "
            f"one, so they cannot be assigned to words: {text[:60]!r}. Use another tokenizer."
        )
    return words


def attention_links(
    model: Translator,
    languages: Languages,
    pairs: Pairs,
    *,
    layer: int | None = None,
    tokens_per_batch: int = 4096,
) -> list[set[Link]]:
    """For each pair the links by a model's attention under teacher forcing.

    A target word's weights are those by which it is predicted, averaged over the heads of `layer`
    (0 is the first), or of all layers. Raises ReplicationError for a model without attention, a
    layer that it does not have, and sentences that `Languages` refuses.
    """
    if not isinstance(model, AttentiveTranslator):
        raise ReplicationError(
            f"{type(model).__name__} has no attention, so no alignment can be read off it; choose "
            "another model or leave this metric out."
        )
    found: list[set[Link]] = [set() for _ in range(len(pairs))]
    with inference(model):
        for number, weights in _weights(model, languages, pairs, layer, tokens_per_batch):
            source_words = languages.order(words_of_tokens(languages.source, pairs.source[number]))
            target_words = words_of_tokens(languages.target, pairs.target[number])
            found[number] = links_of(word_weights(weights, source_words, target_words))
    return found


def _weights(
    model: AttentiveTranslator,
    languages: Languages,
    pairs: Pairs,
    layer: int | None,
    tokens_per_batch: int,
) -> Iterator[tuple[int, Float[Tensor, "target source"]]]:
    sources = [languages.encode_source(text, unknown_allowed=True) for text in pairs.source]
    targets = [languages.encode_target(text, unknown_allowed=True) for text in pairs.target]
    lengths = [max(map(len, both)) for both in zip(sources, targets, strict=True)]
    device = device_of(model)
    for batch in batches_by_length(lengths, tokens_per_batch):
        source, target = (
            padded([ids[number] for number in batch]).to(device) for ids in (sources, targets)
        )
        weights = model.attention(source, target)
        if layer is not None:
            if not 0 <= layer < weights.shape[1]:
                raise ReplicationError(
                    f"layer is {layer}, but the model has {weights.shape[1]} with attention to the "
                    "source, counted from 0."
                )
            weights = weights[:, layer : layer + 1]
        mean = reduce(weights, "batch layer head target source -> batch target source", "mean")
        # Row 0, at BEGIN, is where the first word's first token is predicted, and so on.
        yield from zip(batch, mean, strict=True)


def alignment_metrics(
    objective: object,
    data: object,
    *,
    pairs: Callable[[], tuple[Pairs, CorpusIdentity]] | None = None,
    layer: int | None = None,
) -> dict[str, float]:
    """Agreement of attention with the gold alignments of `pairs`, or else of the test part.

    `aer` is Och and Ney's rate over all sentences, with `precision` and `recall`; `aer_diagonal`
    that of `diagonal_links`. `accuracy` is the share of target words with a sure link whose chosen
    source word is right, `near_accuracy` with an error of one word allowed.
    `reordered_accuracy` is over the `reordered_words` whose sure links cross another sure link; the
    diagonal's are `accuracy_diagonal` and `reordered_accuracy_diagonal`. Where no word is reordered
    those two of the reordered are left out. A model that attends to END alone has no links, and 0
    for its precision.

    Raises ReplicationError where the pairs carry no links, and as `attention_links` does.
    """
    known = data.text.test if pairs is None else pairs()[0]
    if known.sure is None or known.possible is None:
        raise ReplicationError(
            "The test pairs have no gold alignments. Give `pairs`, such as alignment_pairs, or a "
            "synthetic world."
        )
    found = attention_links(objective.model, data.vocabulary, known, layer=layer)
    diagonal = [
        diagonal_links(len(source.split(" ")), len(target.split(" ")))
        for source, target in zip(known.source, known.target, strict=True)
    ]
    links, sure, possible = map(numbered, (found, known.sure, known.possible))
    possible |= sure
    numbers = {
        "aer": alignment_error_rate(links, sure, possible),
        "aer_diagonal": alignment_error_rate(numbered(diagonal), sure, possible),
        "precision": alignment_precision(links, possible) if links else 0.0,
        "recall": alignment_recall(links, sure),
        "accuracy": _accuracy(found, known.sure, _linked_words),
        "near_accuracy": _accuracy(found, known.sure, _linked_words, off=1),
        "accuracy_diagonal": _accuracy(diagonal, known.sure, _linked_words),
    }
    reordered = sum(len(crossing_words(links)) for links in known.sure)
    if reordered:
        numbers["reordered_accuracy"] = _accuracy(found, known.sure, crossing_words)
        numbers["reordered_accuracy_diagonal"] = _accuracy(diagonal, known.sure, crossing_words)
    return {**numbers, "reordered_words": float(reordered)}


def _linked_words(links: Set[Link]) -> set[int]:
    return {j for _, j in links}


def _accuracy(
    found: Sequence[Set[Link]],
    sure: Sequence[Set[Link]],
    asked: Callable[[Set[Link]], set[int]],
    off: int = 0,
) -> float:
    """The share of the target words chosen by `asked` that are linked to one of their sources."""
    right = total = 0
    for links, known in zip(found, sure, strict=True):
        words = asked(known)
        near = {(i + step, j) for i, j in known for step in range(-off, off + 1)}
        right += len({j for i, j in links & near} & words)
        total += len(words)
    return _share(right, total)
