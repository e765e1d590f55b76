"""Least squares of many samples at once: Levenberg's and Marquardt's method, with Huber's loss.

Every sample has starts and weights of its own, so that a bootstrap of a thousand fits, or a grid
of thousands of starts, is one call.
"""

from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float


@runtime_checkable
class Curve(Protocol):
    """What is fitted: its values at the runs, and their derivatives by the parameters."""

    def __call__(
        self, parameters: Float[np.ndarray, "sample parameter"]
    ) -> tuple[
        Float[np.ndarray, "sample run"],
        Float[np.ndarray, "sample run parameter"],
    ]: ...


class Minimum(NamedTuple):
    """The parameters at which each sample converged, and its objective there."""

    parameters: Float[np.ndarray, "sample parameter"]
    objective: Float[np.ndarray, " sample"]

    @property
    def best(self) -> int:
        return int(np.argmin(self.objective))


def huber(residuals: Float[np.ndarray, "*run"], delta: float = np.inf) -> Float[np.ndarray, "*run"]:
    """r² / 2 up to `delta`, beyond it delta (|r| - delta / 2). Source: Huber 1964, section 4."""
    size = np.abs(residuals)
    inner = np.minimum(size, delta)
    return inner * (size - inner / 2)


def minimise(
    curve: Curve,
    target: Float[np.ndarray, " run"],
    starts: Float[np.ndarray, "sample parameter"],
    weights: Float[np.ndarray, "#sample run"],
    *,
    delta: float = np.inf,
    steps: int = 300,
    tolerance: float = 1e-9,
) -> Minimum:
    """Minimise the weighted sum over the runs of Huber's loss of curve minus target.

    Each step solves the normal equations of all samples at once. A residual beyond `delta` is given
    the weight delta / |r|, which bounds Huber's loss from above, so that no step that is taken
    raises it. A sample has converged once a step lowers its objective by less than `tolerance` of
    itself.

    Source: Marquardt 1963; for Huber's loss Holland and Welsch 1977, iteratively reweighted least
    squares.
    """
    samples, count = starts.shape
    weights = np.broadcast_to(weights, (samples, len(target)))
    found, best = starts.copy(), np.empty(samples)
    damping = np.full(samples, 1e-3)
    active = np.arange(samples)
    values, slopes = curve(found)
    residuals = values - target
    best[:] = np.einsum("sr,sr->s", weights, huber(residuals, delta))
    for _ in range(steps):
        held = weights[active]
        bounded = held * np.minimum(1.0, delta / np.maximum(np.abs(residuals), 1e-300))
        weighted = slopes * bounded[..., None]
        curvature = np.swapaxes(weighted, 1, 2) @ slopes
        gradient = np.einsum("srp,sr->sp", weighted, residuals)
        scale = np.einsum("spp->sp", curvature)
        ridge = damping[active, None] * scale + 1e-15 * scale.max(1, keepdims=True) + 1e-300
        step = np.linalg.solve(curvature + ridge[..., None] * np.eye(count), gradient[..., None])
        tried = found[active] - step[..., 0]
        with np.errstate(over="ignore", invalid="ignore"):
            new_values, new_slopes = curve(tried)
            new_residuals = new_values - target
            objective = np.einsum("sr,sr->s", held, huber(new_residuals, delta))
        better = objective < best[active]
        gained = best[active] - objective
        resting = better & (gained <= tolerance * best[active])
        damping[active] = np.where(better, damping[active] / 5, damping[active] * 4)
        resting |= damping[active] > 1e12
        found[active[better]] = tried[better]
        best[active[better]] = objective[better]
        residuals = np.where(better[:, None], new_residuals, residuals)
        slopes = np.where(better[:, None, None], new_slopes, slopes)
        damping = np.maximum(damping, 1e-12)
        if resting.any():
            active, residuals, slopes = active[~resting], residuals[~resting], slopes[~resting]
        if not active.size:
            break
    return Minimum(found, best)
