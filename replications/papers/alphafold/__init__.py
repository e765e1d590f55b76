"""AlphaFold: Jumper et al. 2021, "Highly accurate protein structure prediction with AlphaFold"."""

from replications.papers.alphafold import gpu, recipes, smoke
from replications.papers.alphafold.claims import CLAIMS
from replications.papers.alphafold.contacts import DEPTHS, TESTED_DEPTH
from replications.recipes import Tiers

TITLE = "AlphaFold"
CITATION = "Jumper et al. 2021, Nature 596:583–589"
NUMBER = 15
CORPORA = {"smoke": smoke.CORPORA, "laptop": recipes.CORPORA, "gpu": gpu.CORPORA}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers({"smoke": smoke.RECIPES, "laptop": recipes.RECIPES, "gpu": gpu.RECIPES})

__all__ = ["CITATION", "CLAIMS", "CORPORA", "DEPTHS", "NUMBER", "RECIPES", "TESTED_DEPTH", "TITLE"]
