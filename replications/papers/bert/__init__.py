"""BERT: Devlin, Chang, Lee and Toutanova 2019, NAACL, arXiv:1810.04805."""

from replications.papers.bert.claims import CLAIMS
from replications.papers.bert.recipes import BORROWED, CORPORA, RECIPES

TITLE = "BERT"
CITATION = "Devlin et al. 2019, NAACL, arXiv:1810.04805"
NUMBER = 9

__all__ = ["BORROWED", "CITATION", "CLAIMS", "CORPORA", "NUMBER", "RECIPES", "TITLE"]
