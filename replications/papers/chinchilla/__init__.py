"""Chinchilla: Hoffmann et al. 2022 (arXiv:2203.15556)."""

from replications.papers.chinchilla.claims import CLAIMS
from replications.papers.chinchilla.recipes import BORROWED, CORPORA, PRIORITY, RECIPES
from replications.recipes import Tiers

TITLE = "Chinchilla"
CITATION = "Hoffmann et al. 2022, NeurIPS, arXiv:2203.15556"
NUMBER = 11
# Many small runs: their records lie in one file a tier.
SWEEPS = {tier: recipes for tier, recipes in RECIPES.items() if tier != "smoke"}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = [
    "BORROWED",
    "CITATION",
    "CLAIMS",
    "CORPORA",
    "NUMBER",
    "PRIORITY",
    "RECIPES",
    "SWEEPS",
    "TITLE",
]
