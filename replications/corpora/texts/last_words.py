"""Passages whose last word is to be predicted: from all of the passage, or its sentence alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.sentence_ends import NO_TITLE
from replications.corpora.world.stories_last_word import make_last_words
from replications.errors import ReplicationError


class LastWord(NamedTuple):
    """The text before a passage's last word, that word, and its sentence without it."""

    context: str
    word: str
    last_sentence: str


@dataclass(frozen=True)
class LastWords:
    """Passages, and the `identities` of the rows that they are."""

    passages: Sequence[LastWord] = field(repr=False)
    identities: tuple[CorpusIdentity, ...]


# An end of a sentence, with the marks that close a quotation, or the end of a line.
_END = re.compile(rf"(?:[.!?…]{NO_TITLE}[\"'”’)*]*\s+|\n+)")


def corpus_last_words(seed: int, *, corpus: str, split: str = "test", stride: int = 1) -> LastWords:
    """Every n-th text of a registered corpus whose texts end in the word to be predicted.

    Source: Paperno et al. 2016 (LAMBADA). The last sentence begins after the last punctuation that
    ends one, a heuristic of ours: the corpus does not mark sentences. The seed changes nothing.

    Raises ReplicationError where the corpus cannot be had, for a step below 1, and for a text of a
    single word.
    """
    if stride < 1:
        raise ReplicationError(f"Every {stride}-th passage: give 1, which takes all, or more.")
    rows, identity = load_corpus(corpus, split)
    return LastWords(tuple(map(without_last_word, rows["text"][::stride])), (identity,))


def world_last_words(seed: int, *, passages: int, **knobs: object) -> LastWords:
    """That many test passages of the story world, the same for every seed.

    `knobs` are those of `make_last_words`, by which the last sentence is never enough.
    """
    world = make_last_words(0, 1, validation_passages=1, test_passages=passages, **knobs)
    found = tuple(LastWord(p.context, p.last_word, p.last_sentence) for p in world.test)
    return LastWords(found, (world.identities[-1],))


def without_last_word(text: str) -> LastWord:
    """The passage, cut before its last word. Raises ReplicationError for a text of one word."""
    words = text.rstrip().rsplit(None, 1)
    if len(words) < 2:
        raise ReplicationError(
            f"The passage {text[:40]!r} has a single word: there is nothing to guess it from."
        )
    context, word = words
    ends = [found.end() for found in _END.finditer(context)]
    start = ends[-1] if ends else 0
    return LastWord(context, word, context[start:])
