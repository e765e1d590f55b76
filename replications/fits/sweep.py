"""The input of the fits: parameters, tokens, operations and losses of a sweep's runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int


@dataclass(frozen=True, eq=False)
class Course:
    """One run as it trains. How parameters and operations are counted is up to the caller.

    Units: `flops` are floating-point operations and `tokens` those read, since the start; `loss` is
    in nats. The last point is where the run ended; a run that was measured there alone has one.
    Raises ValueError for arrays of unequal lengths and for numbers that have no logarithm.
    """

    parameters: float
    flops: Float[np.ndarray, " point"]
    tokens: Float[np.ndarray, " point"]
    loss: Float[np.ndarray, " point"]

    def __post_init__(self) -> None:
        columns = (self.flops, self.tokens, self.loss)
        if len({len(column) for column in columns}) != 1 or not len(self.loss):
            raise ValueError("a course has operations, tokens and a loss at one point or more")
        if not all(np.all(np.isfinite(c)) and np.all(c > 0) for c in (self.parameters, *columns)):
            raise ValueError("parameters, tokens, operations and losses are finite and above 0")


@dataclass(frozen=True, eq=False)
class Sweep:
    """The ends of runs, one entry each."""

    parameters: Float[np.ndarray, " run"]
    tokens: Float[np.ndarray, " run"]
    flops: Float[np.ndarray, " run"]
    loss: Float[np.ndarray, " run"]

    def __len__(self) -> int:
        return len(self.loss)

    def only(self, chosen: Int[np.ndarray, " chosen"] | Bool[np.ndarray, " run"]) -> "Sweep":
        """The runs of these indices, or those that a mask is True for."""
        columns = (self.parameters, self.tokens, self.flops, self.loss)
        return Sweep(*(column[chosen] for column in columns))

    @property
    def budgets(self) -> Int[np.ndarray, " run"]:
        return budgets_of(self.flops)

    @property
    def operations(self) -> float:
        """Of a parameter and token, on the median of the runs: 6 where C = 6 N D."""
        return float(np.median(self.flops / (self.parameters * self.tokens)))


def ends_of(courses: Sequence[Course]) -> Sweep:
    """The last point of each course."""
    return Sweep(
        np.array([course.parameters for course in courses], dtype=float),
        np.array([course.tokens[-1] for course in courses], dtype=float),
        np.array([course.flops[-1] for course in courses], dtype=float),
        np.array([course.loss[-1] for course in courses], dtype=float),
    )


def budgets_of(flops: Float[np.ndarray, " run"]) -> Int[np.ndarray, " run"]:
    """The number of each run's budget, from 0: a new one where operations rise by a quarter.

    Runs of one budget differ a little in their operations, as they train for whole updates.
    """
    order = np.argsort(flops, kind="stable")
    rises = np.diff(np.log(flops[order])) > np.log(1.25)
    numbers = np.empty(len(flops), dtype=np.int64)
    numbers[order] = np.concatenate([[0], np.cumsum(rises)])
    return numbers


def log_interpolated(
    at: Float[np.ndarray, " wanted"],
    places: Float[np.ndarray, " point"],
    values: Float[np.ndarray, " point"],
) -> Float[np.ndarray, " wanted"]:
    """Between points a line in both logarithms; nan before the first and after the last."""
    logs = np.interp(np.log(at), np.log(places), np.log(values), left=np.nan, right=np.nan)
    return np.exp(logs)
