"""One schedule for runs of every length, as Kaplan et al. trained: read off where a budget lies."""

from functools import partial

from replications.objectives.schedules import cosine, cut_off
from replications.papers.kaplan.sweep import SIZES, flops_per_token, learning_rate_peak, training
from replications.recipes import Recipe

# The schedule is planned for so many tokens whatever a run is to cost. Its warm-up is either a
# small part of them, or longer than what the larger networks train for altogether: Kaplan et al.
# 2020, section 2.2, warm up for 3,000 updates, of which Porian et al. 2024, section 3.2, say that
# it is too long for small models.
LONG_TOKENS = 4_000_000
LONG_SIZES = ("d8", "d12", "d16", "d24", "d32", "d48", "d64")
LONG_FLOPS = 2e11
WARMUPS = {"short-warmup": 0.005, "long-warmup": 0.06}


def _long(size: str, warmup: str) -> Recipe:
    shape = SIZES[size]
    tokens = LONG_FLOPS / flops_per_token(shape)
    schedule = partial(
        cut_off,
        schedule=partial(
            cosine,
            learning_rate=round(learning_rate_peak(shape[1]), 6),
            warmup=WARMUPS[warmup],
            floor=0.1,
        ),
        overlong=round(LONG_TOKENS / tokens, 3),
    )
    return training(
        f"{warmup}-{size}", shape, tokens=tokens, batch=512, schedule=schedule, parts=(30,)
    )


LONG_SCHEDULES = tuple(_long(size, warmup) for warmup in WARMUPS for size in LONG_SIZES)
