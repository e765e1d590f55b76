"""The recipes of the chapter on Chinchilla: schedules that do not end where the training ends, and
the budget that the sweep predicts.

The sweep itself is that of the chapter on Kaplan et al., borrowed.
"""

from functools import partial

from replications.objectives.schedules import cosine, cut_off
from replications.papers.kaplan.long_schedules import LONG_SCHEDULES
from replications.papers.kaplan.smoke import live
from replications.papers.kaplan.sweep import (
    LARGEST,
    SIZES,
    SWEEP,
    learning_rate_peak,
    training,
)
from replications.recipes import Recipe

BORROWED = {"kaplan": (*SWEEP, *LONG_SCHEDULES)}
CORPORA = {"smoke": ("world-stories",), "laptop": ("wikipedia-en-2018", "blimp")}

# How many times the training's length the cosine is planned for.
OVERLONG = {"1": 1.0, "1.25": 1.25, "2": 2.0, "5": 5.0}
COSINE_SIZE, COSINE_TOKENS = "d32", 786_432


def _planned(size: str, overlong: float) -> partial:
    """A cosine for `overlong` times the length; its warm-up takes as many tokens in each."""
    return partial(
        cut_off,
        schedule=partial(
            cosine,
            learning_rate=round(learning_rate_peak(SIZES[size][1]), 6),
            warmup=0.05 / overlong,
            floor=0.1,
        ),
        overlong=overlong,
    )


def _cosine(times: str) -> Recipe:
    schedule = _planned(COSINE_SIZE, OVERLONG[times])
    return training(f"cosine-{times}", SIZES[COSINE_SIZE], tokens=COSINE_TOKENS, schedule=schedule)


COSINES = tuple(map(_cosine, OVERLONG))

LIVE = tuple(
    live(f"live-cosine-{times}", "d8", schedule=_planned("d8", OVERLONG[times]))
    for times in ("1", "5")
)
RECIPES = {"smoke": LIVE, "laptop": (*COSINES, LARGEST)}
PRIORITY = {"laptop": {recipe.name: 8 for recipe in COSINES}}
