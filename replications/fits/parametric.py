"""The loss as a sum of three parts: L(N, D) = E + A / N**alpha + B / D**beta."""

import itertools
from functools import partial
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Num

from replications.fits.least_squares import Minimum, huber, minimise
from replications.fits.power_law import Numbers
from replications.fits.sweep import Sweep

DELTA = 1e-3
"""Where Huber's loss of a logarithm of the loss becomes linear: Hoffmann et al., section 3.3."""

STARTS: Float[np.ndarray, "start 5"] = np.array(
    list(
        itertools.product(
            np.arange(0, 26, 5.0),
            np.arange(0, 26, 5.0),
            np.arange(-1, 1.1, 0.5),
            np.arange(0, 2.1, 0.5),
            np.arange(0, 2.1, 0.5),
        )
    )
)
"""The grid of log A, log B, log E, alpha and beta: Hoffmann et al. 2022, section D.2."""


class ParametricLaw(NamedTuple):
    """L(N, D) = irreducible + size / N**alpha + data / D**beta, in nats: E, A and B of the paper.

    Source: Hoffmann et al. 2022, equation 2.
    """

    irreducible: float
    size: float
    data: float
    alpha: float
    beta: float

    def loss(self, parameters: Numbers, tokens: Numbers) -> Numbers:
        return self.irreducible + self.size / parameters**self.alpha + self.data / tokens**self.beta

    @property
    def exponent(self) -> float:
        """Of the best N in the operations, a = beta / (alpha + beta). Source: equation 4."""
        return self.beta / (self.alpha + self.beta)

    def optimum(self, flops: Numbers, *, operations: float = 6.0) -> tuple[Numbers, Numbers]:
        """The parameters and the tokens of least loss where `operations` N D is spent.

        Source: Hoffmann et al. 2022, equation 4.
        """
        ratio = self.alpha * self.size / (self.beta * self.data)
        parameters = ratio ** (1 / (self.alpha + self.beta)) * (flops / operations) ** self.exponent
        return parameters, flops / operations / parameters


def fit_parametric(
    sweep: Sweep,
    *,
    starts: Float[np.ndarray, "start 5"] = STARTS,
    delta: float = DELTA,
) -> ParametricLaw:
    """The law with the least sum of Huber's losses of log L, from the best of a grid of starts.

    The 200 starts of lowest loss go twelve steps, and the 24 lowest of these on to convergence.
    Source: Hoffmann et al. 2022, section 3.3, equation 3. Raises ValueError for fewer than six
    runs: five parameters fit five losses exactly.
    """
    if len(sweep) < 6:
        raise ValueError(f"a law of five parameters takes six runs or more, not {len(sweep)}")
    fit = partial(_minimise, sweep, np.ones((1, len(sweep))), delta=delta)
    found = starts
    for steps, kept in ((0, 200), (12, 24)):
        tried = fit(found, steps=steps)
        found = tried.parameters[np.argsort(tried.objective)[:kept]]
    rest = fit(found)
    return _law(rest.parameters[rest.best])


def bootstrap_parametric(
    sweep: Sweep, counts: Num[np.ndarray, "sample run"], *, law: ParametricLaw, delta: float = DELTA
) -> list[ParametricLaw]:
    """The laws of samples in which each run counts as often as it was drawn.

    Each starts from the law of all runs.
    """
    start = [np.log(law.size), np.log(law.data), np.log(law.irreducible), law.alpha, law.beta]
    starts = np.tile(np.array(start), (len(counts), 1))
    fitted = _minimise(sweep, counts.astype(float), starts, delta=delta)
    return [_law(row) for row in fitted.parameters]


def objective(law: ParametricLaw, sweep: Sweep, *, delta: float = DELTA) -> float:
    """The sum of Huber's losses of log L over the runs: what the fit makes small."""
    predicted = law.loss(sweep.parameters, sweep.tokens)
    return float(np.sum(huber(np.log(predicted) - np.log(sweep.loss), delta)))


def _minimise(
    sweep: Sweep,
    counts: Float[np.ndarray, "#sample run"],
    starts: Float[np.ndarray, "sample 5"],
    *,
    delta: float,
    steps: int = 500,
) -> Minimum:
    curve = partial(_log_sum, np.log(sweep.parameters), np.log(sweep.tokens))
    return minimise(curve, np.log(sweep.loss), starts, counts, delta=delta, steps=steps)


def _log_sum(
    log_parameters: Float[np.ndarray, " run"],
    log_tokens: Float[np.ndarray, " run"],
    row: Float[np.ndarray, "sample 5"],
) -> tuple[Float[np.ndarray, "sample run"], Float[np.ndarray, "sample run 5"]]:
    """The logarithm of the three parts' sum, and its derivatives."""
    a, b, e, alpha, beta = row.T[..., None]
    parts = np.stack(
        np.broadcast_arrays(a - alpha * log_parameters, b - beta * log_tokens, e), axis=-1
    )
    top = parts.max(-1, keepdims=True)
    shares = np.exp(parts - top)
    total = shares.sum(-1, keepdims=True)
    shares /= total
    values = (top + np.log(total))[..., 0]
    size, data = shares[..., 0], shares[..., 1]
    slopes = np.concatenate(
        [shares, -(size * log_parameters)[..., None], -(data * log_tokens)[..., None]], axis=-1
    )
    return values, slopes


def _law(row: Float[np.ndarray, " 5"]) -> ParametricLaw:
    a, b, e, alpha, beta = map(float, row)
    return ParametricLaw(float(np.exp(e)), float(np.exp(a)), float(np.exp(b)), alpha, beta)
