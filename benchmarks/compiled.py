"""Our GPT-2 as it is written beside the same network through torch.compile."""

import copy
from functools import partial

import torch

from benchmarks.alternation import Comparison, take_turns
from benchmarks.language_models import (
    BATCH,
    LENGTH,
    PRECISIONS,
    SIZES,
    UPDATES,
    VOCABULARY,
    setting,
)
from benchmarks.updates import tokens_a_second
from replications.models.presets import GPT2
from replications.objectives.optimisers import adamw
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> tuple[Comparison, ...]:
    """Tokens a second of training. The round that does not count compiles; it takes a compiler.

    No corpus is read: updates are made on noise.
    """
    ids = torch.randint(VOCABULARY, (BATCH, LENGTH + 1))
    read, predicted = ids[:, :-1].contiguous(), ids[:, 1:].flatten()
    found = []
    for name, (precision, halved) in PRECISIONS.items():
        ours = GPT2(VOCABULARY, **SIZES)
        compiled = torch.compile(copy.deepcopy(ours))
        timed = [
            partial(
                tokens_a_second,
                model,
                lambda model=model: smoothed_cross_entropy(
                    model(read).flatten(0, 1), predicted, ignored=-1
                )[0],
                partial(adamw, lr=1e-4),
                updates=epochs * UPDATES,
                tokens=BATCH * LENGTH,
                halved=halved,
            )
            for model in (compiled, ours)
        ]
        speeds = take_turns(timed, rounds)
        found.append(
            Comparison(
                f"compiled{name}",
                "compiled",
                "as written",
                "tokens",
                setting(precision),
                *speeds,
            )
        )
    return tuple(found)
