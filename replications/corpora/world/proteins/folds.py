"""Folds: compact chains of alpha carbons that do not clash, with right-handed helices."""

import numpy as np
from jaxtyping import Bool, Float64

from replications.errors import ReplicationError

BOND = 3.8
"""Angstrom between the alpha carbons of neighbours."""

CLASH = 4.5
"""Angstrom: residues that are no neighbours are never nearer."""

CONTACT = 8.0
"""Angstrom: residues at less are in contact."""

# Angles of alpha carbons, in degrees: the bend at a residue, and the torsion about a bond. Those of
# the ideal right-handed helix; its mirror image has the torsion -50.
_HELIX_BEND, _HELIX_TORSION = 91.0, 50.0
_TRIALS = 64
_ATTEMPTS = 200
# Contacts six or more apart in the chain, a residue: the median of the chains of 90 to 100 residues
# in protein-structures-small.
_COMPACT = 3.0

Trace = Float64[np.ndarray, "residue 3"]


def make_fold(draw: np.random.Generator, length: int, *, attraction: float = 2.0) -> Trace:
    """The alpha carbons of a compact chain, in angstrom, centred.

    The chain grows residue by residue: helices of 4 to 8 residues, turns and loops between them.
    Of the directions that lead to no clash, one near the centre of what is there is the more likely
    by exp(-`attraction` · distance). Raises ReplicationError for fewer than 8 residues.
    """
    if length < 8:
        raise ReplicationError(f"A fold of {length} residues has no contacts; give 8 or more.")
    for _ in range(_ATTEMPTS):
        trace = _grow(draw, length, attraction)
        if trace is not None and _compact(trace):
            return trace - trace.mean(0)
    raise ReplicationError(
        f"No compact chain of {length} residues without a clash was found in {_ATTEMPTS} attempts; "
        "give another attraction, or more residues."
    )


def distances_of(trace: Float64[np.ndarray, "residue 3"]) -> Float64[np.ndarray, "residue residue"]:
    """The distance of each pair, in angstrom."""
    return np.linalg.norm(trace[:, None] - trace[None], axis=-1)


def contacts_of(
    distances: Float64[np.ndarray, "residue residue"], *, separation: int = 3
) -> Bool[np.ndarray, "residue residue"]:
    """Pairs below 8 Å that are `separation` or more apart in the chain."""
    index = np.arange(len(distances))
    return (distances < CONTACT) & (np.abs(index[:, None] - index) >= separation)


def _compact(trace: Trace) -> bool:
    """Whether residues have long-range contacts enough, on the average, for a fold."""
    far = contacts_of(distances_of(trace), separation=6).sum(1)
    return float(far.mean()) >= _COMPACT


def _grow(draw: np.random.Generator, length: int, attraction: float) -> Trace | None:
    points = [np.zeros(3), np.array([BOND, 0.0, 0.0])]
    angle = np.deg2rad(_HELIX_BEND)
    points.append(points[1] + BOND * np.array([-np.cos(angle), np.sin(angle), 0.0]))
    helical = 0
    while len(points) < length:
        if helical == 0 and draw.random() < 0.3:
            helical = int(draw.integers(4, 9))
        if helical:
            bends, torsions = np.array([_HELIX_BEND]), np.array([_HELIX_TORSION])
            helical -= 1
        else:
            bends = draw.uniform(85, 135, _TRIALS)
            torsions = draw.uniform(-180, 180, _TRIALS)
        there = np.stack(points)
        steps = _next(there, np.deg2rad(bends), np.deg2rad(torsions))
        nearest = np.linalg.norm(steps[:, None] - there[None, :-1], axis=-1).min(1)
        free = steps[nearest >= CLASH]
        if not len(free):
            if helical:
                helical = 0
                continue
            return None
        distance = np.linalg.norm(free - there.mean(0), axis=-1)
        weight = np.exp(-attraction * (distance - distance.min()))
        points.append(free[draw.choice(len(free), p=weight / weight.sum())])
    return np.stack(points)


def _next(
    there: Trace, bends: Float64[np.ndarray, " trial"], torsions: Float64[np.ndarray, " trial"]
) -> Float64[np.ndarray, "trial 3"]:
    """Where the next residue lies for each bend and torsion. Source: Parsons et al. 2005 (NeRF)."""
    a, b, c = there[-3:]
    along = (c - b) / np.linalg.norm(c - b)
    normal = np.cross(b - a, along)
    normal /= np.linalg.norm(normal)
    across = np.cross(normal, along)
    local = np.stack(
        [
            -np.cos(bends),
            np.sin(bends) * np.cos(torsions),
            np.sin(bends) * np.sin(torsions),
        ],
        -1,
    )
    return c + BOND * local @ np.stack([along, across, normal])
