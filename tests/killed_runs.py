"""A sweep of two small recipes, and a training that its first try does not survive.

Workers are other processes: they import this module by its name.
"""

from __future__ import annotations

import os
import signal
from dataclasses import replace

from tiny_text import world_recipe

from replications.training.fit import fit

SIZES = (4, 8)


def small_sweep():
    """Skip-gram in two sizes, on the synthetic world."""
    return tuple(
        replace(world_recipe(dimension=size, tokens=1_500), name=f"size-{size}") for size in SIZES
    )


def killed_once(recipe, *, checkpoints, progress, **options):
    """`fit`, but for the first try at size 8 with seed 0: its process is killed after two epochs.

    The try is marked beside the checkpoint, which is there from then on.
    """
    mark = checkpoints.with_name("tried")

    def tell(told):
        chosen = recipe.name == "size-8" and options["seed"] == 0
        if chosen and told.epoch == 2 and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        progress(told)

    return fit(recipe, checkpoints=checkpoints, progress=tell, **options)
