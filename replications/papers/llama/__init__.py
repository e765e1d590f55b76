"""LLaMA: Touvron et al. 2023 (arXiv:2302.13971), and Llama 2 (arXiv:2307.09288)."""

from replications.papers.llama import gpu, gpu_claims, recipes, smoke
from replications.papers.llama.claims import CLAIMS as _CLAIMS
from replications.papers.llama.recipes import (
    CONTEXTS,
    HEADS,
    IN_WORDS,
    LAYERS,
    ROUNDED,
    RUNGS,
    SIZES,
    WIDTH,
    candidates,
)
from replications.recipes import Tiers

TITLE = "LLaMA"
CITATION = "Touvron et al. 2023, arXiv:2302.13971 and arXiv:2307.09288"
NUMBER = 14
CLAIMS = (*_CLAIMS, *gpu_claims.CLAIMS)
CORPORA = {**recipes.CORPORA, "gpu": ("wikipedia-en-2018",)}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers({"smoke": smoke.RECIPES, "laptop": recipes.RECIPES, "gpu": gpu.RECIPES})

__all__ = [
    "CITATION",
    "CLAIMS",
    "CONTEXTS",
    "CORPORA",
    "HEADS",
    "IN_WORDS",
    "LAYERS",
    "NUMBER",
    "RECIPES",
    "ROUNDED",
    "RUNGS",
    "SIZES",
    "TITLE",
    "WIDTH",
    "candidates",
]
