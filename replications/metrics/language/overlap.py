"""The n-gram overlap of texts with the text that a model was trained on."""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Int, UInt64

from replications.errors import ReplicationError
from replications.items import FromItems

_WORD = re.compile(r"[^\W_]+")
# Between documents, which no n-gram crosses.
_BREAK = 0
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def overlap_metrics(
    objective: object, data: object, *, domains: tuple[str, ...], n: int = 8
) -> dict[str, float]:
    """`overlap:<domain>` for the eval sets, and `overlap:test` for the test part itself.

    See `overlap`. The model has no part in it: it is measured once, in one recipe.
    """
    texts = {domain: data.eval_sets[domain].texts for domain in domains}
    found = overlap({**texts, "test": data.text.test}, data.text.train, n=n)
    return {f"overlap:{name}": value for name, value in found.items()}


def overlap(
    tested: Mapping[str, Sequence[str]], train: Sequence[str], *, n: int = 8
) -> dict[str, FromItems]:
    """Per cent of each set's n-grams of words that are in the training documents too.

    Source: Radford et al. 2019, section 4 and table 6: n = 8, words of letters and digits in lower
    case. Departure: the sets are exact; the paper's Bloom filters err once in 10^8 n-grams.
    An n-gram that a text has twice counts twice. The items are the texts: n-grams found, and all.

    Raises ReplicationError for n below 1, and for texts without an n-gram.
    """
    if n < 1:
        raise ReplicationError(f"n-grams of {n} words: give 1 or more.")
    numbers: dict[str, int] = {}
    words = {name: _numbered(texts, numbers, new=True) for name, texts in tested.items()}
    runs = {name: _runs(each, n) for name, each in words.items()}
    if empty := [name for name, found in runs.items() if not len(found)]:
        raise ReplicationError(
            f"{empty[0]} has no {n}-gram of words: give longer texts, or a smaller `n`."
        )
    wanted = np.unique(np.concatenate([_keys(found) for found in runs.values()]))
    seen: set[bytes] = set()
    # One document at a time: all n-grams of the training text would not fit into memory.
    for text in train:
        there = _runs(_numbered([text], numbers, new=False), n)
        likely = there[_among(_keys(there), wanted)]
        seen.update(run.tobytes() for run in likely)
    found = {name: np.array([run.tobytes() in seen for run in each]) for name, each in runs.items()}
    return {
        name: FromItems(
            100 * float(found[name].mean()),
            "percent ratio",
            *_by_text(found[name], _texts(words[name], n), len(texts)),
        )
        for name, texts in tested.items()
    }


def _by_text(
    found: Bool[np.ndarray, " run"], text: Int[np.ndarray, " run"], texts: int
) -> tuple[Int[np.ndarray, " text"], Int[np.ndarray, " text"]]:
    """How many n-grams of each text were found, and how many it has."""
    return np.bincount(text[found], minlength=texts), np.bincount(text, minlength=texts)


def _numbered(
    texts: Sequence[str], numbers: dict[str, int], *, new: bool
) -> Int[np.ndarray, " word"]:
    """The words of all texts as numbers from 1; words that were not met before are `new` or 0."""

    def each() -> Iterator[int]:
        for text in texts:
            for word in _WORD.findall(text.lower()):
                yield numbers.setdefault(word, len(numbers) + 1) if new else numbers.get(word, 0)
            yield _BREAK

    return np.fromiter(each(), np.int32)


def _runs(words: Int[np.ndarray, " word"], n: int) -> Int[np.ndarray, "run n"]:
    """All n-grams without a break or a word that was never tested."""
    windows = _windows(words, n)
    return np.ascontiguousarray(windows[(windows != _BREAK).all(1)])


def _texts(words: Int[np.ndarray, " word"], n: int) -> Int[np.ndarray, " run"]:
    """The index of the text of each n-gram."""
    starts = (_windows(words, n) != _BREAK).all(1)
    return np.cumsum(words == _BREAK)[: len(starts)][starts]


def _windows(words: Int[np.ndarray, " word"], n: int) -> Int[np.ndarray, "window n"]:
    if len(words) < n:
        return np.empty((0, n), np.int32)
    return np.lib.stride_tricks.sliding_window_view(words, n)


def _keys(runs: Int[np.ndarray, "run n"]) -> UInt64[np.ndarray, " run"]:
    """A hash of each n-gram, of 64 bits: collisions are improbable."""
    keys = np.zeros(len(runs), np.uint64)
    for column in runs.T.astype(np.uint64):
        keys = (keys ^ column) * _SPREAD
        keys ^= keys >> np.uint64(29)
    return keys


def _among(
    keys: UInt64[np.ndarray, " key"], ordered: UInt64[np.ndarray, " wanted"]
) -> Bool[np.ndarray, " key"]:
    indices = np.searchsorted(ordered, keys).clip(max=len(ordered) - 1)
    return ordered[indices] == keys
