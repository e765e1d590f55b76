"""BERT: Devlin, Chang, Lee and Toutanova 2019, NAACL, arXiv:1810.04805."""

from replications.papers.bert.claims import CLAIMS
from replications.papers.bert.recipes import BORROWED, CORPORA, RECIPES
from replications.recipes import Tiers

TITLE = "BERT"
CITATION = "Devlin et al. 2019, NAACL, arXiv:1810.04805"
NUMBER = 9
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = ["BORROWED", "CITATION", "CLAIMS", "CORPORA", "NUMBER", "RECIPES", "TITLE"]
