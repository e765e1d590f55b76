"""Word2Vec: Mikolov et al. 2013a (arXiv:1301.3781) and 2013b (arXiv:1310.4546)."""

from replications.papers.word2vec.claims import CLAIMS
from replications.papers.word2vec.recipes import CORPORA, RECIPES
from replications.recipes import Tiers

TITLE = "Word2Vec"
CITATION = (
    "Mikolov, Chen, Corrado and Dean 2013a, arXiv:1301.3781; Mikolov, Sutskever, Chen, Corrado and "
    "Dean 2013b, arXiv:1310.4546"
)
NUMBER = 1
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = ["CITATION", "CLAIMS", "CORPORA", "NUMBER", "RECIPES", "TITLE"]
