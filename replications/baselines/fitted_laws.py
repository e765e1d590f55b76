"""Scaling laws fitted to a published sweep, each with a bootstrap from the seed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.corpora.sweeps.sweep_points import SweepPoints
from replications.fits.bootstrap import SAMPLES, Spread, draw_runs
from replications.fits.isoflop import NEAR, fit_valleys, growth
from replications.fits.parametric import ParametricLaw, bootstrap_parametric, fit_parametric
from replications.fits.sweep import Sweep
from replications.recipes import TrainedModel, Workspace


@dataclass(frozen=True, eq=False)
class FittedLaw:
    """The law of a sweep, and those of bootstrap samples, with the counts of each run in them."""

    sweep: Sweep
    law: ParametricLaw
    counts: Int[np.ndarray, "sample run"]
    laws: list[ParametricLaw]


@dataclass(frozen=True, eq=False)
class FittedLadder:
    """The exponent of the optimal size in compute for each of the sweeps, by name.

    The bootstrap draws sizes, with all their runs: `counts` of each sweep's.
    """

    exponents: Mapping[str, Spread]
    counts: Mapping[str, Int[np.ndarray, "sample size"]]


def fit_law(
    data: SweepPoints,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
    *,
    sweep: str = "chinchilla",
    samples: int = SAMPLES,
) -> TrainedModel:
    """L(N, D) = E + A / N ** alpha + B / D ** beta. Source: Hoffmann et al. 2022, section 3.3."""
    stopwatch = Stopwatch.started()
    runs = data.sweep(sweep)
    law = fit_parametric(runs)
    counts = draw_runs(np.zeros(len(runs), dtype=int), samples=samples, seed=workspace.seed)
    laws = bootstrap_parametric(runs, counts, law=law)
    return _fitted(FittedLaw(runs, law, counts, laws), data, stopwatch, numbers=5)


def fit_ladder(
    data: SweepPoints,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
    *,
    near: int = NEAR,
    samples: int = SAMPLES,
) -> TrainedModel:
    """IsoFLOP parabolas of all sweeps. Sweeps with as many sizes draw the same ones.

    Source: Porian et al. 2024, section 3, whose optima are interpolated in another way.
    """
    stopwatch = Stopwatch.started()
    exponents, drawn = {}, {}
    for name, runs in data.sweeps.items():
        sizes, member = np.unique(runs.parameters, return_inverse=True)
        nobody = np.zeros(len(sizes), dtype=int)
        counts = draw_runs(nobody, samples=samples, seed=workspace.seed)
        lines = growth(fit_valleys(runs, counts[:, member], near=near))
        value = float(growth(fit_valleys(runs, near=near)).slope[0])
        exponents[name], drawn[name] = Spread(value, lines.slope), counts
    numbers = 2 * len(exponents)
    return _fitted(FittedLadder(exponents, drawn), data, stopwatch, numbers=numbers)


def _fitted(
    model: FittedLaw | FittedLadder, data: SweepPoints, stopwatch: Stopwatch, *, numbers: int
) -> TrainedModel:
    # The operations of a fit are negligible beside a training, and are not counted.
    parameters = {"embedding": 0, "other": numbers}
    return trained_at_once(model, data, stopwatch, parameters=parameters, flops=0.0)
