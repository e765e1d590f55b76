"""How much of a text stands word for word in the text that a model was trained on."""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Int, UInt64

from replications.errors import ReplicationError

_WORD = re.compile(r"[^\W_]+")
# Between documents, where no run of words goes on.
_BREAK = 0
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def overlap_metrics(
    objective: object, data: object, *, domains: tuple[str, ...], n: int = 8
) -> dict[str, float]:
    """`overlap:<domain>` for texts beside the data, and `overlap:test` for the test part itself.

    See `overlap`. The model has no part in it: it is measured once, in one recipe.
    """
    texts = {domain: data.eval_sets[domain].texts for domain in domains}
    found = overlap({**texts, "test": data.text.test}, data.text.train, n=n)
    return {f"overlap:{name}": value for name, value in found.items()}


def overlap(
    tested: Mapping[str, Sequence[str]], train: Sequence[str], *, n: int = 8
) -> dict[str, float]:
    """Per cent of each text's runs of n words that the training documents have too.

    Source: Radford et al. 2019, section 4 and table 6: n = 8, words of letters and digits in lower
    case. Departure: the sets are exact; the paper's Bloom filters err once in 10^8 runs.
    A run that a text has twice counts twice.

    Raises ReplicationError for n below 1, and for a text that has no run of n words.
    """
    if n < 1:
        raise ReplicationError(f"Runs of {n} words: give 1 or more.")
    numbers: dict[str, int] = {}
    runs = {name: _runs(_numbered(texts, numbers, new=True), n) for name, texts in tested.items()}
    if empty := [name for name, found in runs.items() if not len(found)]:
        raise ReplicationError(
            f"{empty[0]} has no run of {n} words: give longer texts, or fewer words as `n`."
        )
    wanted = np.unique(np.concatenate([_keys(found) for found in runs.values()]))
    seen: set[bytes] = set()
    # One document at a time: all runs of the training text would not fit into memory.
    for text in train:
        there = _runs(_numbered([text], numbers, new=False), n)
        likely = there[_among(_keys(there), wanted)]
        seen.update(run.tobytes() for run in likely)
    return {
        name: 100 * sum(run.tobytes() in seen for run in found) / len(found)
        for name, found in runs.items()
    }


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
    """All runs of n words that no break, and no word that was never tested, parts."""
    if len(words) < n:
        return np.empty((0, n), np.int32)
    windows = np.lib.stride_tricks.sliding_window_view(words, n)
    return np.ascontiguousarray(windows[(windows != _BREAK).all(1)])


def _keys(runs: Int[np.ndarray, "run n"]) -> UInt64[np.ndarray, " run"]:
    """A number for each run; different runs have the same one about never."""
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
