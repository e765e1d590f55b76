"""The recipes of the chapter on Chinchilla: schedules that do not end where the training ends.

The sweep itself is that of the chapter on Kaplan et al., borrowed.
"""

from functools import partial

from replications.objectives.schedules import cosine, cut_off
from replications.papers.kaplan.sweep import (
    LARGEST,
    SIZES,
    SWEEP,
    flops_per_token,
    peak_learning_rate,
    training,
)
from replications.recipes import Recipe

BORROWED = {"kaplan": (*SWEEP, LARGEST)}
CORPORA = {"smoke": ("world-stories",), "laptop": ("wikipedia-en-2018", "blimp")}

# How many times the training's length the cosine is planned for.
OVERLONG = {"1": 1.0, "1.25": 1.25, "2": 2.0, "5": 5.0}
COSINE_SIZE, COSINE_TOKENS = "d32", 786_432

# One schedule for all: planned for so many tokens whatever a run is to cost, and read off where the
# budgets lie. Its warm-up is either short or as long as many of the runs.
LONG_TOKENS = 4_000_000
LONG_SIZES = ("d8", "d12", "d16", "d24", "d32", "d48")
LONG_FLOPS = 3e11
WARMUPS = {"short-warmup": 0.005, "long-warmup": 0.06}


def _cosine(times: str) -> Recipe:
    overlong = OVERLONG[times]
    schedule = partial(
        cut_off,
        # The warm-up takes as many tokens in each.
        schedule=partial(
            cosine,
            learning_rate=round(peak_learning_rate(SIZES[COSINE_SIZE][1]), 6),
            warmup=0.05 / overlong,
            floor=0.1,
        ),
        overlong=overlong,
    )
    return training(
        f"cosine-{times}", SIZES[COSINE_SIZE], tokens=COSINE_TOKENS, schedule=schedule
    )


def _long(size: str, warmup: str) -> Recipe:
    shape = SIZES[size]
    tokens = LONG_FLOPS / flops_per_token(shape)
    schedule = partial(
        cut_off,
        schedule=partial(
            cosine,
            learning_rate=round(peak_learning_rate(shape[1]), 6),
            warmup=WARMUPS[warmup],
            floor=0.1,
        ),
        overlong=round(LONG_TOKENS / tokens, 3),
    )
    return training(f"{warmup}-{size}", shape, tokens=tokens, schedule=schedule, parts=(30,))


COSINES = tuple(map(_cosine, OVERLONG))
LONG_SCHEDULES = tuple(_long(size, warmup) for warmup in WARMUPS for size in LONG_SIZES)
