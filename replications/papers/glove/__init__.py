"""GloVe: Pennington, Socher and Manning 2014 (ACL anthology D14-1162)."""

from replications.papers.glove.claims import CLAIMS
from replications.papers.glove.recipes import CORPORA, RECIPES

TITLE = "GloVe"
CITATION = "Pennington, Socher and Manning 2014, EMNLP, pages 1532-1543 (ACL D14-1162)"
NUMBER = 2

__all__ = ["CITATION", "CLAIMS", "CORPORA", "NUMBER", "RECIPES", "TITLE"]
