"""A calculator: from a compute budget to the best size and its tokens, with intervals."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from IPython.display import HTML

from replications.figures.scaling.calculator_page import PAGE
from replications.figures.scaling.growth import Growth
from replications.fits.parametric import ParametricLaw
from replications.items import Items
from replications.metrics.scaling.fitted_numbers import BUDGET
from replications.records import Record

_Z = 1.959964  # 95 % of a normal distribution


@dataclass(frozen=True)
class Allocation:
    """log N_opt = log_parameters + exponent log (C / flops), and the covariance of the two.

    The three of `covariance` are the variance of log_parameters, their covariance, and the variance
    of the exponent; without them there is no interval. Tokens are what is left of C = `operations`
    N D. `law` gives the loss, too; `known` is the range of compute of the runs behind it. Beyond
    the compute `farthest` the calculator shows no numbers for it.
    """

    name: str
    flops: float
    log_parameters: float
    exponent: float
    covariance: tuple[float, float, float] | None = None
    operations: float = 6.0
    law: ParametricLaw | None = None
    known: tuple[float, float] | None = None
    farthest: float | None = None

    def parameters(self, flops: float) -> tuple[float, float, float]:
        """The best number at that compute, and the ends of its 95 % interval."""
        away = math.log(flops / self.flops)
        middle = self.log_parameters + self.exponent * away
        half = 0.0
        if self.covariance is not None:
            start, both, slope = self.covariance
            half = _Z * math.sqrt(max(start + 2 * both * away + slope * away**2, 0.0))
        return math.exp(middle), math.exp(middle - half), math.exp(middle + half)


def printed_allocation(name: str, law: ParametricLaw, known: tuple[float, float]) -> Allocation:
    """From a law's constants alone, as a paper prints them: no interval."""
    best, _ = law.optimum(BUDGET)
    return Allocation(name, BUDGET, math.log(best), law.exponent, law=law, known=known)


def refitted_allocation(
    name: str, record: Record, items: Mapping[str, Items], known: tuple[float, float]
) -> Allocation:
    """From the record of a fit to published points, with the runs that it was fitted to."""
    law = ParametricLaw(*(float(record.metric(s)) for s in ("E", "A", "B", "alpha", "beta")))
    best = float(record.metric("best_parameters"))
    # Of the logarithm: the error of a number over the number.
    influences = np.stack(
        [
            items["best_parameters"].values[:, 0].astype(float) / best,
            items["exponent"].values[:, 0].astype(float),
        ]
    )
    start, both, slope = _covariance(influences, len(influences[0]))
    return Allocation(
        name, BUDGET, math.log(best), law.exponent, (start, both, slope), law=law, known=known
    )


def our_allocation(
    name: str, growth: Growth, known: tuple[float, float], *, operations: float
) -> Allocation:
    """From the line of our own runs and its bootstrap, about the middle of their budgets."""
    middle = math.sqrt(known[0] * known[1])
    at = math.log(middle)
    kept = np.isfinite(growth.samples.slope)
    slopes = growth.samples.slope[kept]
    starts = growth.samples.intercept[kept] + slopes * at
    value = float(growth.line.intercept[0] + growth.line.slope[0] * at)
    covariance = _covariance(np.stack([starts, slopes]), 1)
    return Allocation(
        name, middle, value, growth.exponent, covariance, operations=operations, known=known
    )


def _covariance(values: np.ndarray, count: int) -> tuple[float, float, float]:
    matrix = np.cov(values) / count
    return float(matrix[0, 0]), float(matrix[0, 1]), float(matrix[1, 1])


def calculator(
    allocations: Sequence[Allocation],
    *,
    examples: Mapping[str, float],
    start: float,
    span: tuple[float, float] = (1e10, 1e26),
) -> HTML:
    """A page with a slider over the budget, from `span`'s one end to its other, and a table.

    `examples` are budgets by name, each a button. Without a script the table shows `start`. All is
    in one piece that needs no network.
    """
    data = {
        "allocations": [_as_data(each) for each in allocations],
        "start": math.log10(start),
        "span": [math.log10(end) for end in span],
    }
    payload = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    identity = "calculator-" + hashlib.sha256(payload.encode()).hexdigest()[:10]
    buttons = "".join(
        f'<button type="button" data-flops="{flops:g}">{escape(name)}</button>'
        for name, flops in examples.items()
    )
    return HTML(
        PAGE.substitute(
            id=identity,
            data=payload,
            low=data["span"][0],
            high=data["span"][1],
            start=data["start"],
            typed=f"{start:.2e}".replace("e+", "e"),
            buttons=buttons,
            rows="".join(_row(each, start) for each in allocations),
        )
    )


def _as_data(allocation: Allocation) -> dict:
    return {
        "name": allocation.name,
        "flops": allocation.flops,
        "log": allocation.log_parameters,
        "exponent": allocation.exponent,
        "covariance": allocation.covariance,
        "operations": allocation.operations,
        "law": None if allocation.law is None else list(allocation.law),
        "known": allocation.known,
        "farthest": allocation.farthest,
    }


def _row(allocation: Allocation, flops: float) -> str:
    """As the page is before its script has run."""
    heads = ("parameters", "tokens", "tokens per parameter", "loss, nats per token")
    if allocation.farthest is not None and flops > allocation.farthest:
        cells = ["–"] * len(heads)
    else:
        cells = _cells(allocation, flops)
    body = "".join(
        f'<td data-head="{head}">{cell}</td>' for head, cell in zip(heads, cells, strict=True)
    )
    return f"<tr><th scope='row'>{escape(allocation.name)}</th>{body}</tr>"


def _cells(allocation: Allocation, flops: float) -> list[str]:
    best, low, high = allocation.parameters(flops)
    tokens = flops / allocation.operations / best
    return [
        f"<b>{_short(best)}</b>{_between(low, high)}",
        f"<b>{_short(tokens)}</b>"
        + _between(tokens * best / high, tokens * best / low, known=low < high),
        f"<b>{tokens / best:.3g}</b>"
        + _between(tokens * best / high**2, tokens * best / low**2, known=low < high),
        "–" if allocation.law is None else f"<b>{float(allocation.law.loss(best, tokens)):.2f}</b>",
    ]


def _between(low: float, high: float, *, known: bool | None = None) -> str:
    if not (low < high if known is None else known):
        return ""
    return f"<small>{_short(low)} to {_short(high)}</small>"


def _short(number: float) -> str:
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        # What rounds to the unit has it.
        if number >= 0.9995 * size:
            return f"{number / size:.3g}{letter}"
    return f"{number:.3g}"
