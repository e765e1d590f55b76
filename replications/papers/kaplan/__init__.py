"""Scaling laws: Kaplan et al. 2020 (arXiv:2001.08361)."""

from replications.papers.kaplan.claims import CLAIMS
from replications.papers.kaplan.recipes import CORPORA, PRIORITY, RECIPES
from replications.recipes import Tiers

TITLE = "Scaling laws"
CITATION = "Kaplan et al. 2020, arXiv:2001.08361"
NUMBER = 10
# Many small runs: their records lie in one file a tier.
SWEEPS = dict(RECIPES)
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = ["CITATION", "CLAIMS", "CORPORA", "NUMBER", "PRIORITY", "RECIPES", "SWEEPS", "TITLE"]
