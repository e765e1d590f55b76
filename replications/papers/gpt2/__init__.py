"""GPT-2: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"."""

from replications.papers.gpt2.claims import CLAIMS
from replications.papers.gpt2.recipes import CORPORA, DOMAINS, RECIPES, SIZES

TITLE = "GPT-2"
CITATION = "Radford et al. 2019, OpenAI technical report"
NUMBER = 7

__all__ = ["CITATION", "CLAIMS", "CORPORA", "DOMAINS", "NUMBER", "RECIPES", "SIZES", "TITLE"]
