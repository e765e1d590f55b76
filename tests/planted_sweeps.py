"""Sweeps whose law is known: planted, with noise or without."""

from __future__ import annotations

import numpy as np

from replications.fits.parametric import ParametricLaw
from replications.fits.sweep import Course, Sweep

LAW = ParametricLaw(1.82, 480.0, 2100.0, 0.348, 0.366)
"""About what Hoffmann's points give: a = 0.513."""
SKEWED = ParametricLaw(1.69, 406.4, 410.7, 0.45, 0.25)
"""A valley far steeper on one side: a = 0.357."""
BUDGETS = np.geomspace(1e18, 1e21, 7)


def planted_sweep(
    law: ParametricLaw = LAW,
    *,
    noise: float = 0.0,
    sizes: np.ndarray | None = None,
    drift: float = 1.0,
    seed: int = 0,
) -> Sweep:
    """`sizes` are multiples of the best one; at each budget they are `drift` times those before."""
    sizes = np.geomspace(1 / 4, 4, 9) if sizes is None else sizes
    best, _ = law.optimum(BUDGETS)
    multiples = sizes[None] * drift ** np.arange(len(BUDGETS))[:, None]
    parameters = (best[:, None] * multiples).ravel()
    flops = np.repeat(BUDGETS, len(sizes))
    tokens = flops / 6 / parameters
    away = np.random.default_rng(seed).standard_normal(len(flops))
    return Sweep(parameters, tokens, flops, law.loss(parameters, tokens) * np.exp(noise * away))


def planted_courses(
    law: ParametricLaw = LAW, *, noise: float = 0.0, sizes: int = 25, seed: int = 0
) -> list[Course]:
    """Each size trained far enough to be the best one somewhere, and to be passed by the next."""
    generator = np.random.default_rng(seed)
    courses = []
    for size in np.geomspace(1e7, 1e11, sizes):
        tokens = np.geomspace(1e8, 1e13, 60)
        loss = law.loss(size, tokens) * np.exp(noise * generator.standard_normal())
        courses.append(Course(float(size), 6 * size * tokens, tokens, loss))
    return courses


def as_courses(sweep: Sweep) -> list[Course]:
    """Runs that were measured at their ends alone."""
    rows = zip(sweep.parameters, sweep.flops, sweep.tokens, sweep.loss, strict=True)
    return [Course(float(n), *(np.array([v]) for v in rest)) for n, *rest in rows]
