"""The parameters of scaling laws that were fitted to a sweep, with the runs as their items.

A model is what `replications.baselines.fitted_laws` gives.
"""

from typing import Any

import numpy as np

from replications.fits.bootstrap import Spread, influence
from replications.fits.least_squares import huber
from replications.fits.parametric import DELTA, ParametricLaw
from replications.items import FromItems

BUDGET = 5.88e23
"""Operations of Gopher, and of Chinchilla: Hoffmann et al. 2022, table 3, at 6 N D."""


def law_numbers(model: Any, data: object) -> dict[str, float]:
    """E, A, B, alpha, beta and `exponent`, a = beta / (alpha + beta). Their items are the runs.

    Units: E is in nats per token.
    """
    numbers = {}
    symbols = zip(("E", "A", "B", "alpha", "beta"), ParametricLaw._fields, strict=True)
    for symbol, name in (*symbols, ("exponent", "exponent")):
        samples = np.array([getattr(law, name) for law in model.laws])
        numbers[symbol] = _from(Spread(getattr(model.law, name), samples), model.counts)
    return numbers


def against_constants(
    model: Any, data: object, *, constants: tuple[float, ...], prefix: str
) -> dict[str, float]:
    """How published constants (E, A, B, alpha, beta) fare on the runs that the law was fitted to.

    `<prefix>:objective_ratio` is Huber's loss of theirs over that of the fit, and
    `<prefix>:tokens_per_parameter` the best D / N that they give for BUDGET. Source: Besiroglu et
    al. 2024 (arXiv:2404.10102), sections 3 and 4.
    """
    theirs, sweep = ParametricLaw(*constants), model.sweep
    left = {law: _losses(law, sweep) for law in (theirs, model.law)}
    again = np.array([_losses(law, sweep) for law in model.laws])
    # Each sample's own fit, as its own runs are what is fitted best.
    samples = (model.counts * left[theirs]).sum(1) / (model.counts * again).sum(1)
    value = float(left[theirs].sum() / left[model.law].sum())
    parameters, tokens = theirs.optimum(BUDGET)
    return {
        f"{prefix}:objective_ratio": _from(Spread(value, samples), model.counts),
        f"{prefix}:tokens_per_parameter": float(tokens / parameters),
    }


def best_allocation(model: Any, data: object) -> dict[str, float]:
    """`tokens_per_parameter` and `best_parameters` of the fitted law for BUDGET."""

    def allocation(law: ParametricLaw) -> tuple[float, float]:
        parameters, tokens = law.optimum(BUDGET)
        return float(tokens / parameters), float(parameters)

    samples = np.array([allocation(law) for law in model.laws]).T
    names = ("tokens_per_parameter", "best_parameters")
    return {
        name: _from(Spread(value, column), model.counts)
        for name, value, column in zip(names, allocation(model.law), samples, strict=True)
    }


def ladder_exponents(model: Any, data: object) -> dict[str, float]:
    """The exponent of each stage, such as `rw:kaplan`. The items are the sizes."""
    return {name: _from(spread, model.counts[name]) for name, spread in model.exponents.items()}


def _from(spread: Spread, counts: np.ndarray) -> FromItems:
    return FromItems(spread.value, "mean", influence(spread, counts))


def _losses(law: ParametricLaw, sweep: Any) -> np.ndarray:
    predicted = law.loss(sweep.parameters, sweep.tokens)
    return huber(np.log(predicted) - np.log(sweep.loss), DELTA)
