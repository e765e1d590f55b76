"""Film reviews as text to pre-train on, without overlap with a task's sentences."""

import hashlib
import re
from collections.abc import Iterable, Sequence

from replications.corpora.loading import load_corpus
from replications.corpora.texts.documents import Documents
from replications.errors import ReplicationError

_WORD = re.compile(r"[^\W_]+")
_TASK_PARTS = ("train", "validation", "test")


def film_reviews(
    seed: int, *, corpus: str = "imdb", apart_from: str = "sst2-sentences", n: int = 8
) -> Documents:
    """Reviews without their labels; those that share a word n-gram with a task are left out.

    Source: Gururangan et al. 2020 (arXiv:2004.10964), section 3, for pre-training on the domain of
    a task. Of the other part 100 reviews are the validation, and 100 the test. The seed changes
    nothing.

    Raises ReplicationError where a corpus cannot be had, and for n below 1.
    """
    if n < 1:
        raise ReplicationError(f"n-grams of {n} words: give 1 or more.")
    rows, identity = load_corpus(corpus, "train")
    others, other = load_corpus(corpus, "test")
    of_task = [load_corpus(apart_from, part) for part in _TASK_PARTS]
    sentences = (text for part, _ in of_task for text in part["sentence"])
    # The negative ones stand first: every 125th of each half.
    held_out = list(map(_readable, others["text"][:: max(1, len(others) // 200)][:200]))
    key = hashlib.sha256(
        " ".join([identity.sha256, str(n), *(each.sha256 for _, each in of_task)]).encode()
    ).hexdigest()[:16]
    return Documents(
        apart(list(map(_readable, rows["text"])), sentences, n),
        held_out[0::2],
        held_out[1::2],
        identities=(identity, other, *(each for _, each in of_task)),
        key=f"{corpus}-apart-{key}",
    )


def apart(texts: Sequence[str], sentences: Iterable[str], n: int) -> list[str]:
    """The texts that share no word n-gram with a sentence; case and punctuation do not count.

    A sentence of fewer words has no n-gram, and keeps no text out.
    """
    runs = {run for sentence in sentences for run in _runs(sentence, n)}
    return [text for text in texts if runs.isdisjoint(_runs(text, n))]


def _runs(text: str, n: int) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return set(zip(*(words[start:] for start in range(n)), strict=False))


def _readable(text: str) -> str:
    return text.replace("<br />", " ")
