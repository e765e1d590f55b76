"""Translation quality by the length of the source sentence."""

from replications.items import FromItems
from replications.metrics.ranges import indices_by_range
from replications.metrics.translation.bleu import (
    BLEU_SIGNATURE,
    Translations,
    agree,
    bleu,
    bleu_items,
)
from replications.tokens.marked_words import split_words


def source_lengths(sources: tuple[str, ...]) -> list[int]:
    """Words and punctuation marks of each source sentence."""
    return [len(split_words(text)) for text in sources]


def bleu_by_length(
    translations: Translations,
    *,
    edges: tuple[int, ...] = (10, 20, 30, 40, 50),
    signature: str = BLEU_SIGNATURE,
) -> dict[str, float]:
    """BLEU of the sentences in each range of source lengths, and how it falls with length.

    Source: Sutskever et al. 2014, figure 3; Bahdanau et al. 2014, figure 2. Length is counted in
    words and punctuation marks of the source, whatever the model's tokens are.

    `bleu:1-10` and `sentences:1-10` for each range that has sentences. `bleu_slope` is the slope
    of the least-squares line of BLEU over the mean length of each range, weighted by the number of
    sentences. Units: BLEU per 10 source words; below 0 where long sentences are worse.
    It is left out when there is one range only.
    """
    lengths = source_lengths(translations.source)
    numbers, points = {}, []
    for name, indices in indices_by_range(lengths, edges).items():
        part = translations.at(indices)
        score, actual = bleu(part.hypothesis, part.reference)
        agree(actual, signature)
        numbers[f"bleu:{name}"] = bleu_items(score, part)
        numbers[f"sentences:{name}"] = float(len(indices))
        mean = sum(lengths[index] for index in indices) / len(indices)
        points.append((mean, score, len(indices)))
    if len(points) > 1:
        numbers["bleu_slope"] = 10 * weighted_slope(points)
    return numbers


def weighted_slope(points: list[tuple[float, float, int]]) -> float:
    """The slope of the least-squares line through points (x, y, weight)."""
    total = sum(weight for _, _, weight in points)
    x = sum(weight * x for x, _, weight in points) / total
    y = sum(weight * y for _, y, weight in points) / total
    together = sum(weight * (a - x) * (b - y) for a, b, weight in points)
    return together / sum(weight * (a - x) ** 2 for a, _, weight in points)


def accuracy_by_length(
    translations: Translations, *, edges: tuple[int, ...] = (5, 10, 15, 20)
) -> dict[str, float]:
    """Percent of sentences, and of words, that are as in the reference: for synthetic languages.

    A word is right where the translation has the same one at the same position; words are divided
    by white space. `exact` and `word_accuracy` over all, and `exact:1-5` and so on by the number
    of source words.
    """
    exact, right, words = [], [], []
    for ours, theirs in zip(translations.hypothesis, translations.reference, strict=True):
        found, expected = ours.split(), theirs.split()
        exact.append(found == expected)
        right.append(sum(map(str.__eq__, found, expected)))
        words.append(len(expected))
    ranges = indices_by_range([len(text.split()) for text in translations.source], edges)
    numbers = {}
    for name, indices in {"": list(range(len(exact))), **ranges}.items():
        suffix = f":{name}" if name else ""
        whole, parts, wholes = ([each[p] for p in indices] for each in (exact, right, words))
        numbers[f"exact{suffix}"] = FromItems(100 * sum(whole) / len(whole), "percent", whole)
        share = 100 * (sum(parts) / sum(wholes))
        numbers[f"word_accuracy{suffix}"] = FromItems(share, "percent ratio", parts, wholes)
    return numbers
