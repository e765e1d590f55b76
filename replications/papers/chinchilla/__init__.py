"""Chinchilla: Hoffmann et al. 2022 (arXiv:2203.15556)."""

from replications.papers.chinchilla import recipes
from replications.papers.chinchilla.claims import CLAIMS as OWN_CLAIMS
from replications.papers.chinchilla.published import PUBLISHED
from replications.papers.chinchilla.published_claims import PUBLISHED_CLAIMS
from replications.papers.chinchilla.recipes import BORROWED, PRIORITY
from replications.recipes import Tiers

TITLE = "Chinchilla"
CITATION = "Hoffmann et al. 2022, NeurIPS, arXiv:2203.15556"
NUMBER = 11
# Many small runs: their records lie in one file a tier.
SWEEPS = dict(recipes.RECIPES)
CLAIMS = (*OWN_CLAIMS, *PUBLISHED_CLAIMS)
CORPORA = {
    **recipes.CORPORA,
    "laptop": (*recipes.CORPORA["laptop"], "chinchilla-points", "kaplan-chinchilla-isoflop:points"),
}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers({tier: (*runs, *PUBLISHED.get(tier, ())) for tier, runs in recipes.RECIPES.items()})

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
