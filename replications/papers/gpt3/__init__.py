"""GPT-3: Brown et al. 2020 (arXiv:2005.14165)."""

from replications.papers.gpt3 import claims, episode_claims, episodes, gpu, gpu_claims, recipes
from replications.papers.gpt3.recipes import (
    ACTIVE,
    FAMILIES,
    HELD_OUT,
    LARGEST,
    SETS,
    SHOTS,
    SHOTS_LIVE,
    SHOTS_OF_SETS,
    SHUFFLED_SETS,
    SIZES,
    WEIGHTS,
    WORDS,
)
from replications.recipes import Tiers

TITLE = "GPT-3"
CITATION = "Brown et al. 2020, NeurIPS, arXiv:2005.14165"
NUMBER = 8
CLAIMS = (*claims.CLAIMS, *episode_claims.CLAIMS, *gpu_claims.CLAIMS)
CORPORA = {**recipes.CORPORA, "gpu": recipes.CORPORA["laptop"]}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(
    {
        **recipes.RECIPES,
        "laptop": (*recipes.RECIPES["laptop"], *episodes.RECIPES),
        "gpu": gpu.RECIPES,
    }
)
PRIORITY = {"laptop": episodes.PRIORITY, "gpu": gpu.PRIORITY}

__all__ = [
    "ACTIVE",
    "CITATION",
    "CLAIMS",
    "CORPORA",
    "FAMILIES",
    "HELD_OUT",
    "LARGEST",
    "NUMBER",
    "PRIORITY",
    "RECIPES",
    "SETS",
    "SHOTS",
    "SHOTS_LIVE",
    "SHOTS_OF_SETS",
    "SHUFFLED_SETS",
    "SIZES",
    "TITLE",
    "WEIGHTS",
    "WORDS",
]
