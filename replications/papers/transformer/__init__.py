"""The Transformer: Vaswani et al. 2017 (arXiv:1706.03762), and byte pairs: Sennrich et al. 2016."""

from replications.papers.transformer.claims import CLAIMS
from replications.papers.transformer.recipes import BORROWED, CORPORA, RECIPES
from replications.recipes import Tiers

TITLE = "Transformer"
CITATION = "Vaswani et al. 2017, NIPS, arXiv:1706.03762"
NUMBER = 5
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = ["BORROWED", "CITATION", "CLAIMS", "CORPORA", "NUMBER", "RECIPES", "TITLE"]
