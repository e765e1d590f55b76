"""Records of a paper's recipes as if they had been run, whose losses follow a planted law."""

from __future__ import annotations

import math
import zlib

import numpy as np
from fabricated import fabricate_record

from replications.fits.parametric import ParametricLaw
from replications.papers.kaplan.sweep import CONTEXT, VOCABULARY, Shape, flops_per_token
from replications.recipes import Recipe
from replications.records import Record

# a = 0.5 in all parameters, and losses such as those of the pilots.
LAW = ParametricLaw(2.0, 76.0, 192.0, 0.38, 0.38)
NOISE = 0.002


def shape_of(recipe: Recipe) -> Shape:
    model = recipe.learner.keywords["objective"].keywords["model"].keywords
    return (model["layers"], model["d_model"], model["heads"], model["d_ff"] // model["d_model"])


def plant(recipe: Recipe, seed: int, *, paper: str = "kaplan", law: ParametricLaw = LAW) -> Record:
    """The record of a run that obeys the law: with fewer different tokens, in these."""
    shape = shape_of(recipe)
    embedding = VOCABULARY * shape[1]
    other = shape[0] * shape[1] ** 2 * (4 + 2 * shape[3]) + CONTEXT * shape[1]
    each, parts = recipe.data.keywords["tokens_per_epoch"], recipe.learner.keywords["epochs"]
    unique = recipe.data.keywords.get("unique_tokens", math.inf)
    batch = recipe.data.keywords["sequences_per_batch"] * CONTEXT
    noise = np.random.default_rng((seed, zlib.crc32(recipe.name.encode()))).standard_normal()
    trajectory = []
    for part in range(1, parts + 1):
        tokens = part * each
        # Tokens of large batches are worth less: see Kaplan et al. 2020, equation 5.1.
        worth = tokens / (1 + batch / 2_000)
        loss = law.loss(embedding + other, min(worth, unique))
        # Beyond an epoch of a small sample a network overfits, the larger the sooner.
        loss += max(0.0, tokens / unique - 1) * other / unique * 1e-2
        trajectory.append(
            {
                "epoch": part,
                "tokens": tokens,
                "flops": flops_per_token(shape) * tokens,
                "validation_nats_per_token": float(loss * (1 + NOISE * noise)),
            }
        )
    return fabricate_record(
        recipe.name,
        seed,
        {"nats_per_token": trajectory[-1]["validation_nats_per_token"]},
        paper=paper,
        recipe_hash=recipe.hash,
        recipe_parts=recipe.describe(),
        parameters={"embedding": embedding, "other": other},
        tokens_seen=parts * each,
        flops=trajectory[-1]["flops"],
        trajectory=trajectory,
    )


def plant_all(recipes, *, seeds: int = 3, paper: str = "kaplan") -> list[Record]:
    return [plant(recipe, seed, paper=paper) for recipe in recipes for seed in range(seeds)]
