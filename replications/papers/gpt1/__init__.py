"""GPT-1: Radford, Narasimhan, Salimans and Sutskever 2018, OpenAI technical report."""

from replications.papers.gpt1 import (
    claims,
    gpu,
    gpu_claims,
    read_out_claims,
    read_outs,
    recipes,
    smoke,
)
from replications.papers.gpt1.recipes import LAYERS, TASKS
from replications.recipes import Tiers

TITLE = "GPT-1"
CITATION = "Radford et al. 2018, OpenAI technical report"
NUMBER = 6
CLAIMS = (*claims.CLAIMS, *read_out_claims.CLAIMS, *gpu_claims.CLAIMS)
CORPORA = {**recipes.CORPORA, "gpu": ("classic-books", *recipes.GLUE, "wikipedia-en-2018", "blimp")}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(
    {
        "smoke": smoke.RECIPES,
        "laptop": (*recipes.RECIPES, *read_outs.RECIPES),
        "gpu": gpu.RECIPES,
    }
)
# What a run is worth on a card that is lent for minutes: the read-out that can decide comes first.
PRIORITY = {"gpu": gpu.PRIORITY}

__all__ = [
    "CITATION",
    "CLAIMS",
    "CORPORA",
    "LAYERS",
    "NUMBER",
    "PRIORITY",
    "RECIPES",
    "TASKS",
    "TITLE",
]
