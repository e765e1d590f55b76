"""Families of the world: a fold, its Potts model, and an alignment drawn from it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, UInt8

from replications.corpora.world.proteins.folds import distances_of, make_fold
from replications.corpora.world.proteins.potts import (
    STATES,
    make_potts,
    sample,
    sample_along_tree,
)


class WorldFamily(NamedTuple):
    """One family: its alignment (the first sequence is the query), fold, and the oracle's score."""

    name: str
    alignment: UInt8[np.ndarray, "sequence residue"]
    trace: Float64[np.ndarray, "residue 3"]
    distances: Float64[np.ndarray, "residue residue"]
    strengths: Float64[np.ndarray, "residue residue"]


def common_templates() -> Float64[np.ndarray, "state state"]:
    """What contacts of all families have in common: which letters like to be near which."""
    drawn = np.random.default_rng(0).standard_normal((STATES, STATES))
    return (drawn + drawn.T) / np.sqrt(2)


def make_families(
    seed: int,
    families: int,
    *,
    length: int = 40,
    depth: int = 64,
    coupling: float = 1.0,
    shared: float = 0.0,
    branch: int | float | None = None,
    sweeps: int = 20,
) -> Iterator[WorldFamily]:
    """Families on folds of their own: no two have a fold in common, so that a split is by family.

    With `branch` the sequences are drawn along a tree: see `sample_along_tree`. The other knobs are
    those of `make_potts`.
    """
    templates = common_templates()
    for number in range(families):
        # Its own generator, so that the first families are the same however many there are.
        draw = np.random.default_rng((seed, number + 1))
        trace = make_fold(draw, length)
        distances = distances_of(trace)
        potts = make_potts(draw, distances, coupling=coupling, shared=shared, templates=templates)
        if branch is None:
            alignment = sample(draw, potts, depth, sweeps=sweeps)
        else:
            alignment = sample_along_tree(draw, potts, depth, sweeps=sweeps, branch=branch)
        yield WorldFamily(f"world-{seed}-{number}", alignment, trace, distances, potts.strengths())
