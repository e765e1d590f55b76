"""Sentences with a gold label for each word, for probes of a network's token representations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError


class LabelledSentence(NamedTuple):
    """Words in their order, and a label for each."""

    words: Sequence[str]
    labels: Sequence[str]


@dataclass(frozen=True)
class LabelledSentences:
    """Training and test sentences of a probe, and the `identities` of the rows they are."""

    train: Sequence[LabelledSentence] = field(repr=False)
    test: Sequence[LabelledSentence] = field(repr=False)
    identities: tuple[CorpusIdentity, ...]


def corpus_word_labels(
    seed: int,
    *,
    corpus: str = "ud-english-ewt",
    label: str = "upos",
    train: int = 2_000,
    test: int = 2_000,
) -> LabelledSentences:
    """Sentences of a treebank, spread evenly over its training and its test part.

    Source: Silveira et al. 2014, in the universal parts of speech of its column `upos`. The seed
    changes nothing. Raises ReplicationError where the corpus cannot be had, or has fewer sentences.
    """
    parts, identities = [], []
    for split, wanted in (("train", train), ("test", test)):
        rows, identity = load_corpus(corpus, split)
        found = [
            LabelledSentence(words, labels)
            for words, labels in zip(rows["tokens"], rows[label], strict=True)
        ]
        if not 1 <= wanted <= len(found):
            raise ReplicationError(
                f"{wanted} sentences of {corpus} ({split}) were asked for, which has {len(found)}: "
                f"give 1 to {len(found)}."
            )
        parts.append(tuple(found[number * len(found) // wanted] for number in range(wanted)))
        identities.append(identity)
    return LabelledSentences(*parts, tuple(identities))
