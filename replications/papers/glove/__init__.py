"""GloVe: Pennington, Socher and Manning 2014 (ACL anthology D14-1162)."""

from replications.papers.glove.claims import CLAIMS
from replications.papers.glove.recipes import CORPORA, RECIPES
from replications.recipes import Tiers

TITLE = "GloVe"
CITATION = "Pennington, Socher and Manning 2014, EMNLP, pages 1532-1543 (ACL D14-1162)"
NUMBER = 2
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = ["CITATION", "CLAIMS", "CORPORA", "NUMBER", "RECIPES", "TITLE"]
