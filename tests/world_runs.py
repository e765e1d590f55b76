"""Short runs on the synthetic world, and what of their course is the same each time."""

from __future__ import annotations

from tiny_text import world_recipe

from replications.training.fit import fit

# What the clock says differs from run to run, and nothing else may.
CLOCK = {"seconds", "processor_seconds"}


def run(recipe=None, seed=0, **options):
    return fit(recipe or world_recipe(), paper="word2vec", tier="smoke", seed=seed, **options)


def path_of(record) -> list[dict[str, float]]:
    return [
        {name: value for name, value in point.items() if name not in CLOCK}
        for point in record.trajectory
    ]
