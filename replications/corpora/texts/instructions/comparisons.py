"""Preference comparisons: pairs of answers to one prompt, of which one is preferred."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError
from replications.tokens.chat import ASSISTANT, USER, Turn


class Comparison(NamedTuple):
    """The turns before the answers, and the two answers."""

    turns: tuple[Turn, ...]
    chosen: str
    rejected: str


@dataclass(frozen=True)
class Comparisons:
    """Training and test comparisons; `ties`, with no preferred answer, were left out."""

    train: Sequence[Comparison]
    test: Sequence[Comparison]
    ties: int
    identities: tuple[CorpusIdentity, ...]


ComparisonSource = Callable[[int], Comparisons]
"""Where a data module's comparisons come from: called with the seed."""

Beginning = tuple[int, int]
"""How many words of a text are the prompt, and how many the answer to it."""

_SPEAKERS = {"Human": USER, "Assistant": ASSISTANT}
_MARK = re.compile(r"\n\n(Human|Assistant):")


def turns_of(dialogue: str) -> list[Turn]:
    """The turns of a dialogue of hh-rlhf, as "\\n\\nHuman: ..." and "\\n\\nAssistant: ...".

    Raises ReplicationError where it is none.
    """
    _, *pieces = _MARK.split(dialogue)
    if not pieces:
        raise ReplicationError(f"{dialogue[:60]!r} is no dialogue: it has no 'Human:' after a gap.")
    speakers, said = pieces[::2], pieces[1::2]
    return [(_SPEAKERS[who], text.strip()) for who, text in zip(speakers, said, strict=True)]


def comparison_of(chosen: str, rejected: str) -> Comparison | None:
    """Two dialogues that differ in the last answer; None where they are equal or end otherwise."""
    one, other = turns_of(chosen), turns_of(rejected)
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    kept, dropped = one[shared:], other[shared:]
    if not kept or not dropped or shared == 0:
        return None
    # What follows a different answer belongs to it, as in the few pairs that differ earlier.
    texts = [" ".join(text for _, text in turns).strip() for turns in (kept, dropped)]
    if kept[0][0] != ASSISTANT or dropped[0][0] != ASSISTANT or not all(texts):
        return None
    return Comparison(tuple(one[:shared]), *texts)


def corpus_comparisons(
    seed: int, *, corpus: str = "hh-rlhf", splits: tuple[str, ...], test_share: float = 0.2
) -> Comparisons:
    """Pairs of dialogues of a corpus with the columns `chosen` and `rejected`.

    A share is drawn for the test by the seed; pairs that begin with one prompt are never in both
    parts. Raises ReplicationError where the corpus cannot be had.
    """
    pairs, identities, ties = [], [], 0
    for split in splits:
        rows, identity = load_corpus(corpus, split)
        identities.append(identity)
        for chosen, rejected in zip(rows["chosen"], rows["rejected"], strict=True):
            pair = comparison_of(chosen, rejected)
            if pair is None:
                ties += 1
            else:
                pairs.append(pair)
    train, test = _dealt(seed, pairs, test_share)
    return Comparisons(train, test, ties, tuple(identities))


def sentiment_comparisons(
    seed: int,
    *,
    corpus: str = "imdb",
    pairs: int,
    test_pairs: int = 500,
    words: Beginning = (4, 20),
) -> Comparisons:
    """A positive review's continuation against a negative one's, after one prompt: the first wins.

    The prompt is the beginning of the one or of the other, in turns. Reviews are dealt to two
    halves, and only those of even numbers are trained on, so that a judge can be fitted to the
    others. The test is from the corpus's own test part.

    Raises ReplicationError where the corpus has fewer pairs.
    """
    found, identities = [], []
    for split, many in (("train", pairs), ("test", test_pairs)):
        rows, identity = load_corpus(corpus, split)
        identities.append(identity)
        labels, texts = np.array(list(rows["label"])), list(rows["text"])
        order = np.random.default_rng((seed, 2)).permutation(len(labels))
        if split == "train":
            order = order[order % 2 == 0]
        good, bad = (order[labels[order] == label][:many] for label in (1, 0))
        if min(len(good), len(bad)) < many:
            raise ReplicationError(f"{many} pairs of {corpus} were asked for: it has fewer.")
        part = []
        for number, two in enumerate(zip(good.tolist(), bad.tolist(), strict=True)):
            cut = [beginning(texts[each], words) for each in two]
            if cut[0][1] != cut[1][1]:
                part.append(Comparison(((USER, cut[number % 2][0]),), cut[0][1], cut[1][1]))
        found.append(part)
    return Comparisons(*found, 0, tuple(identities))


def beginning(text: str, words: Beginning) -> tuple[str, str]:
    """The first words of a review, and those that follow; breaks of lines are taken out."""
    all_ = text.replace("<br />", " ").split()
    return " ".join(all_[: words[0]]), " ".join(all_[words[0] : sum(words)])


def _dealt(
    seed: int, pairs: Sequence[Comparison], test_share: float
) -> tuple[list[Comparison], list[Comparison]]:
    prompts = sorted({pair.turns[0] for pair in pairs})
    drawn = np.random.default_rng((seed, 3)).random(len(prompts)) < test_share
    test = {prompt for prompt, out in zip(prompts, drawn, strict=True) if out}
    order = np.random.default_rng((seed, 4)).permutation(len(pairs))
    kept = [pairs[n] for n in order if pairs[n].turns[0] not in test]
    held = [pairs[n] for n in order if pairs[n].turns[0] in test]
    if not kept or not held:
        raise ReplicationError(
            f"{len(pairs)} comparisons cannot be dealt with a test share of {test_share}: give "
            "more pairs, or another share."
        )
    return kept, held
