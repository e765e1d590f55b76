"""The usual part of speech of words, from a labelled treebank."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity


def learned_classes(
    sentences: Iterable[tuple[Sequence[str], Sequence[str]]], *, share: float, fewest: int
) -> dict[str, str]:
    """The usual class of each word, in lower case, from occurrences with their classes.

    A word counts that has one class in a `share` of its occurrences, and occurs `fewest` times.
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for words, classes in sentences:
        for word, label in zip(words, classes, strict=True):
            seen[word.lower()][label] += 1
    best = {word: labels.most_common(1)[0] for word, labels in seen.items()}
    return {
        word: label
        for word, (label, count) in best.items()
        if seen[word].total() >= fewest and count >= share * seen[word].total()
    }


def corpus_classes(
    *, corpus: str = "ud-english-ewt", split: str = "train", share: float = 0.9, fewest: int = 2
) -> tuple[dict[str, str], CorpusIdentity]:
    """`learned_classes` of a registered treebank, by universal part of speech (NOUN, VERB, ADP)."""
    rows, identity = load_corpus(corpus, split)
    sentences = zip(rows["tokens"], rows["upos"], strict=True)
    return learned_classes(sentences, share=share, fewest=fewest), identity
