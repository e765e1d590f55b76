"""F1 of translated words by their frequency in the training text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from replications.metrics.ranges import indices_by_range
from replications.metrics.translation.bleu import Translations
from replications.tokens.marked_words import JOINER, split_words
from replications.tokens.special import SPECIAL, UNKNOWN

_UNKNOWN = re.compile(f"({re.escape(SPECIAL[UNKNOWN])})")


def rare_word_f1(
    translations: Translations,
    *,
    edges: tuple[int, ...] = (10, 100, 1000),
    rare: int = 10,
) -> dict[str, float]:
    """F1 of the target words, in percent, by how often the training text has them.

    Source: Sennrich et al. 2016, section 5 and table 2: the harmonic mean of clipped unigram
    precision and recall. A word of the translation is right as often as its own reference has it.
    Text is split into words and punctuation marks by `split_words`; case-sensitive. An <unk> is a
    word that the training text lacks.
    Departure: words are binned by frequency; there, rare words are those outside the 50,000 most
    frequent of a far larger text.

    `f1:all`; `f1:rare` for words seen at most `rare` times, never included; `f1:oov` for those
    never seen; `f1:1-10` and so on. `words:*` are the words of the references in each. A bin
    without any is left out.
    """
    frequency = Counter(word for text in translations.training for word in words_of(text))
    produced, reference, right = Counter(), Counter(), Counter()
    for ours, theirs in zip(translations.hypothesis, translations.reference, strict=True):
        found, expected = Counter(words_of(ours)), Counter(words_of(theirs))
        produced += found
        reference += expected
        right += found & expected
    words = list(produced | reference)
    seen = [frequency[word] for word in words]
    bins: dict[str, Iterable[int]] = {
        "all": range(len(words)),
        "rare": _where(seen, lambda times: times <= rare),
        "oov": _where(seen, lambda times: times == 0),
        **indices_by_range(seen, edges),
    }
    numbers = {}
    for name, indices in bins.items():
        total, made, met = (
            sum(counts[words[index]] for index in indices)
            for counts in (reference, produced, right)
        )
        if total:
            numbers[f"f1:{name}"] = 100 * 2 * met / (made + total)
            numbers[f"words:{name}"] = float(total)
    return numbers


def words_of(text: str) -> Iterator[str]:
    """Words and punctuation marks, without the JOINER; <unk> is one word."""
    for piece in _UNKNOWN.split(text):
        if piece == SPECIAL[UNKNOWN]:
            yield piece
        else:
            yield from (word.replace(JOINER, "") for word in split_words(piece))


def _where(values: list[int], condition: Callable[[int], bool]) -> list[int]:
    return [index for index, value in enumerate(values) if condition(value)]
