"""A measured number and the items that it is a statistic of, such as predictions with their labels.

A metric gives `FromItems` in place of a plain number where it has items. It is a float of that
value; the record keeps the items in a file beside itself, so that the uncertainty that comes from
the choice of the items can be computed afterwards.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from jaxtyping import Num

from replications.atomic_write import written_whole
from replications.errors import ReplicationError

Values = Num[np.ndarray, "item column"]

TOLERANCE = 1e-5
"""How far a number may be from that of its items, relatively or, below 1, absolutely: two programs
may sum in another order, and items are kept in single precision."""


def _percent(values: Values) -> float:
    """Per cent of the items whose only column is not 0."""
    return 100 * float(np.mean(values[:, 0] != 0))


def _percent_of_groups(values: Values) -> float:
    """Columns: right or not, group. The mean over the groups of the per cent that is right."""
    groups = np.unique(values[:, 1])
    return 100 * float(np.mean([np.mean(values[values[:, 1] == group, 0]) for group in groups]))


def _mean(values: Values) -> float:
    return float(np.mean(values[:, 0], dtype=np.float64))


def _ratio(values: Values) -> float:
    """Columns: parts, wholes. The sum of the first over the sum of the second."""
    part, whole = values.sum(0, dtype=np.float64)
    return float(part / whole) if whole else 0.0


def _percent_ratio(values: Values) -> float:
    return 100 * _ratio(values)


def _accuracy(values: Values) -> float:
    return 100 * float(np.mean(values[:, 0] == values[:, 1]))


def _f1(values: Values) -> float:
    predicted, label = (values == 1).T
    both = predicted.sum() + label.sum()
    return 200 * float((predicted & label).sum() / both) if both else 0.0


def _matthews(values: Values) -> float:
    """Matthews' correlation of two classes is Pearson's of their labels, 0 and 1."""
    return _pearson(values)


def _pearson(values: Values) -> float:
    predicted, label = values.T.astype(np.float64)
    if np.ptp(predicted) == 0 or np.ptp(label) == 0:
        return 0.0
    return 100 * float(np.corrcoef(predicted, label)[0, 1])


def _spearman(values: Values) -> float:
    # Reading records must not wait for scipy.
    from scipy.stats import rankdata

    return _pearson(np.stack([rankdata(column) for column in values.T], 1))


def _log_odds_ratio(values: Values) -> float:
    """ln of the first sum times the second over the third times the fourth.

    A column that sums to 0 counts as the least positive value of an item: otherwise the ratio would
    have no value.
    """
    positive = values[values > 0]
    if not len(positive):
        return 0.0
    least = positive.min()
    one, two, three, four = np.log(np.maximum(values.sum(0, dtype=np.float64), least))
    return float(one + two - three - four)


def _bleu(values: Values) -> float:
    """Columns: tokens of the translation and of the reference, 4 counts of matches, 4 of all."""
    from sacrebleu.metrics import BLEU

    ours, theirs, *counts = values.sum(0, dtype=np.int64).tolist()
    found = BLEU.compute_bleu(
        counts[:4], counts[4:], ours, theirs, smooth_method="exp", effective_order=False
    )
    return float(found.score)


def _mean_of(statistic: Callable[[Values], float]) -> Callable[[Values], float]:
    """The mean of a statistic of several predictions with the same labels, the last column."""

    def mean(values: Values) -> float:
        *predictions, labels = values.T
        return float(np.mean([statistic(np.stack([each, labels], 1)) for each in predictions]))

    return mean


_OF_LABELS: dict[str, Callable[[Values], float]] = {
    "accuracy": _accuracy,
    "f1": _f1,
    "matthews": _matthews,
    "pearson": _pearson,
    "spearman": _spearman,
}
STATISTICS: Mapping[str, Callable[[Values], float]] = MappingProxyType(
    {
        "mean": _mean,
        "percent": _percent,
        "percent of groups": _percent_of_groups,
        "ratio": _ratio,
        "percent ratio": _percent_ratio,
        **_OF_LABELS,
        **{f"mean {name}": _mean_of(each) for name, each in _OF_LABELS.items()},
        "log odds ratio": _log_odds_ratio,
        "bleu": _bleu,
    }
)
"""The statistics of items, by name. Units are those of the metric, mostly per cent.

Columns: the value for `mean`; right or not for `percent`; right or not, group for
`percent of groups`; part, whole for the ratios; prediction, label for `accuracy`, `f1` (of
class 1), `matthews`, `pearson` and `spearman`, which are 0 where a column has a single value;
several predictions, label for the means of these, such as `mean accuracy`; the four counts of
`log odds ratio`, in nats; and for `bleu` the lengths of translation and reference, the 1- to
4-grams that match, and all.
"""


@dataclass(frozen=True, eq=False)
class Items:
    """What a number is a statistic of: a row for each item, and the statistic's name.

    Raises ReplicationError for an unknown statistic.
    """

    values: Values
    statistic_name: str

    def __post_init__(self) -> None:
        if self.statistic_name not in STATISTICS:
            raise ReplicationError(
                f"There is no statistic {self.statistic_name!r} of items; there are: "
                f"{', '.join(STATISTICS)}."
            )

    def statistic(self, values: Values) -> float:
        """The statistic of these items or of others like them, such as a bootstrap's draw."""
        return STATISTICS[self.statistic_name](values)


class FromItems(float):
    """A number that a metric computed, and the items that it is the named statistic of.

    `columns` are one or several sequences with a value for each item. They are kept as small
    integers where they are integers, and in single precision else.
    """

    items: Items

    def __new__(cls, number: float, statistic: str = "mean", *columns: object) -> "FromItems":
        made = super().__new__(cls, number)
        if columns:
            made.items = Items(_compact(np.stack([np.asarray(c) for c in columns], 1)), statistic)
        return made

    def again(self) -> float:
        """The number, computed anew from the items that are kept."""
        return self.items.statistic(self.items.values)


@contextmanager
def written_items(path: Path, numbers: Mapping[str, FromItems]) -> Iterator[dict]:
    """Gives the record's entry for the items; their file is put in place after the block.

    After an error in the block an older file of that name is unchanged. Raises OSError where the
    file cannot be written.
    """
    arrays: dict[str, np.ndarray] = {}
    named: dict[str, dict[str, str]] = {}
    for name, number in numbers.items():
        # Several metrics may be statistics of the same predictions.
        values = number.items.values
        same = (a for a, other in arrays.items() if np.array_equal(other, values))
        array = next(same, name)
        arrays[array] = values
        named[name] = {"array": array, "statistic": number.items.statistic_name}
    with written_whole(path) as partial:
        with partial.open("wb") as file:
            np.savez_compressed(file, **arrays)
            # A full disk is to be known of while the block can still be left undone.
            file.flush()
            os.fsync(file.fileno())
        yield {"sha256": hashlib.sha256(partial.read_bytes()).hexdigest(), "metrics": named}


def read_items(path: Path, named: Mapping) -> dict[str, Items]:
    """The items that `written_items` wrote, by the record's entry for them.

    Raises ReplicationError, naming the file, where it is missing or another one.
    """
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != named["sha256"]:
            raise ValueError("its sha256 is another")
        with np.load(path, allow_pickle=False) as arrays:
            return {
                name: Items(arrays[each["array"]], each["statistic"])
                for name, each in named["metrics"].items()
            }
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ReplicationError(
            f"{path} does not hold the items that its record names ({error}). Restore both with "
            "`git checkout`, or run the recipe again."
        ) from error


def _compact(values: Values | np.ndarray) -> np.ndarray:
    if values.dtype == bool:
        return values.astype(np.uint8)
    values = values.astype(np.float64)
    if not np.array_equal(values, np.round(values)) or not np.all(np.abs(values) < 2**31):
        return values.astype(np.float32)
    low, high = values.min(initial=0), values.max(initial=0)
    kinds = (np.uint8, np.int16, np.int32)
    fits = (k for k in kinds if np.iinfo(k).min <= low and high <= np.iinfo(k).max)
    return values.astype(next(fits))
