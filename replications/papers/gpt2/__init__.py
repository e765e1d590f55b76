"""GPT-2: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"."""

from replications.papers.gpt2.claims import CLAIMS
from replications.papers.gpt2.recipes import CORPORA, DOMAINS, RECIPES, SIZES
from replications.recipes import Tiers

TITLE = "GPT-2"
CITATION = "Radford et al. 2019, OpenAI technical report"
NUMBER = 7
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = ["CITATION", "CLAIMS", "CORPORA", "DOMAINS", "NUMBER", "RECIPES", "SIZES", "TITLE"]
