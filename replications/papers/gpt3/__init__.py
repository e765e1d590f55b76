"""GPT-3: Brown et al. 2020 (arXiv:2005.14165)."""

from replications.papers.gpt3.claims import CLAIMS
from replications.papers.gpt3.recipes import (
    ACTIVE,
    CORPORA,
    FAMILIES,
    HELD_OUT,
    LARGEST,
    RECIPES,
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
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = [
    "ACTIVE",
    "CITATION",
    "CLAIMS",
    "CORPORA",
    "FAMILIES",
    "HELD_OUT",
    "LARGEST",
    "NUMBER",
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
