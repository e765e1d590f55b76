"""GPT-1: Radford, Narasimhan, Salimans and Sutskever 2018, OpenAI technical report."""

from replications.papers.gpt1.claims import CLAIMS
from replications.papers.gpt1.recipes import CORPORA, LAYERS, RECIPES, TASKS
from replications.recipes import Tiers

TITLE = "GPT-1"
CITATION = "Radford et al. 2018, OpenAI technical report"
NUMBER = 6
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = ["CITATION", "CLAIMS", "CORPORA", "LAYERS", "NUMBER", "RECIPES", "TASKS", "TITLE"]
