"""What others measured, fitted again: Hoffmann et al.'s own points, and Porian et al.'s ladder.

Nothing is trained. The seed draws the samples of the bootstrap.
"""

from functools import partial

from replications.baselines.fitted_laws import fit_ladder, fit_law
from replications.corpora.sweeps.planted import planted_counts, planted_points
from replications.corpora.sweeps.published import chinchilla_points, porian_points
from replications.corpora.sweeps.sweep_points import SweepPoints
from replications.metrics.scaling.fitted_numbers import (
    against_constants,
    best_allocation,
    ladder_exponents,
    law_numbers,
)
from replications.recipes import Recipe

# E, A, B, alpha and beta: Hoffmann et al. 2022, equation 10, and the same unrounded, as Besiroglu
# et al. 2024 found it in the source of the paper's text.
ROUNDED = (1.69, 406.4, 410.7, 0.34, 0.28)
UNROUNDED = (1.6934, 406.40, 410.72, 0.33917, 0.28491)


def _law(name: str, points: partial, metrics: tuple = (), *, samples: int = 1000) -> Recipe:
    return Recipe(
        name=name,
        data=partial(SweepPoints, points=points),
        learner=partial(fit_law, samples=samples),
        metrics=(law_numbers, best_allocation, *metrics),
        minutes=0.2,
    )


def _ladder(name: str, points: partial) -> Recipe:
    return Recipe(
        name=name,
        data=partial(SweepPoints, points=points),
        learner=partial(fit_ladder, samples=1000, near=5),
        metrics=(ladder_exponents,),
        minutes=0.1,
    )


_constants = (
    partial(against_constants, constants=ROUNDED, prefix="rounded"),
    partial(against_constants, constants=UNROUNDED, prefix="unrounded"),
)

PUBLISHED = {
    "smoke": (
        _law("planted-points", partial(planted_points), samples=200),
        _ladder("planted-ladder", partial(planted_counts)),
    ),
    "laptop": (
        _law("refit", partial(chinchilla_points), _constants),
        # With the five points that Besiroglu et al. leave out.
        _law("refit-all", partial(chinchilla_points, dropped=0), _constants),
        _ladder("porian-ladder", partial(porian_points)),
    ),
}
