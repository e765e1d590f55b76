"""Attention for translation: Bahdanau, Cho and Bengio 2014 (arXiv:1409.0473)."""

from replications.papers.bahdanau.claims import CLAIMS
from replications.papers.bahdanau.recipes import CORPORA, MOST, RECIPES, fixed, rnnsearch, search
from replications.recipes import Tiers

TITLE = "Attention for translation"
CITATION = "Bahdanau, Cho and Bengio 2014, ICLR 2015, arXiv:1409.0473"
NUMBER = 4
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = [
    "CITATION",
    "CLAIMS",
    "CORPORA",
    "MOST",
    "NUMBER",
    "RECIPES",
    "TITLE",
    "fixed",
    "rnnsearch",
    "search",
]
