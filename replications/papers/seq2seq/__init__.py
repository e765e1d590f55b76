"""Sequence to sequence: Sutskever, Vinyals and Le 2014 (arXiv:1409.3215), and the LSTM."""

from replications.papers.seq2seq.claims import CLAIMS
from replications.papers.seq2seq.recipes import CORPORA, RECIPES
from replications.recipes import Tiers

TITLE = "Sequence to sequence"
CITATION = "Sutskever, Vinyals and Le 2014, NIPS, arXiv:1409.3215"
NUMBER = 3
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(RECIPES)

__all__ = ["CITATION", "CLAIMS", "CORPORA", "NUMBER", "RECIPES", "TITLE"]
