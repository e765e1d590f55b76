"""Synthetic sweeps with a known law, in the form of the published ones: they need no download."""

import numpy as np

from replications.corpora.sweeps.published import PublishedSweeps
from replications.fits.parametric import ParametricLaw
from replications.fits.sweep import Sweep

LAW = ParametricLaw(1.82, 480.0, 2100.0, 0.348, 0.366)
"""About what Hoffmann et al.'s points give: the exponent of the best size is 0.513."""
EMBEDDINGS = 47_491.0
"""Total parameters are N_E + 47491 N_E ** (1/3): Pearce and Song 2024 (arXiv:2406.12907), section
3.1, of the sizes of Hoffmann et al."""


def planted_points(seed: int, *, runs: int = 240, noise: float = 0.01) -> PublishedSweeps:
    """Runs of LAW under the name `chinchilla`: nine budgets as in the paper, sizes about the best.

    `noise` is the standard deviation of log loss; the seed draws it.
    """
    generator = np.random.default_rng(seed)
    flops = np.repeat(np.geomspace(6e18, 3e21, 9), -(-runs // 9))[:runs]
    best, _ = LAW.optimum(flops)
    size = best * np.exp(generator.uniform(-2, 2, runs))
    tokens = flops / (6 * size)
    loss = LAW.loss(size, tokens) * np.exp(noise * generator.standard_normal(runs))
    return PublishedSweeps({"chinchilla": Sweep(size, tokens, flops, loss)}, ())


def planted_counts(seed: int, *, noise: float = 0.0005) -> PublishedSweeps:
    """One law counted in two ways, `planted:kaplan` without embeddings and `planted:output-layer`
    with them, each at budgets where its best sizes lie within the grid: only the second sees LAW's
    exponent.

    Sizes are from a thousand parameters to ten billion.
    """
    generator = np.random.default_rng(seed)
    inner = np.geomspace(1e3, 1e10, 40)
    total = inner + EMBEDDINGS * np.cbrt(inner)
    error = np.exp(noise * generator.standard_normal((12, 40)))
    sweeps = {}
    for name, counted, budgets in (
        ("planted:kaplan", inner, np.geomspace(1e13, 1e19, 12)),
        ("planted:output-layer", total, np.geomspace(1e16, 1e21, 12)),
    ):
        flops, size = (grid.ravel() for grid in np.meshgrid(budgets, counted, indexing="ij"))
        tokens = flops / (6 * size)
        loss = LAW.loss(np.tile(total, 12), tokens) * error.ravel()
        sweeps[name] = Sweep(size, tokens, flops, loss)
    return PublishedSweeps(sweeps, ())
