"""Attention for translation: Bahdanau, Cho and Bengio 2014 (arXiv:1409.0473)."""

from replications.papers.bahdanau import careful, careful_claims, claims, gpu, gpu_claims, recipes
from replications.papers.bahdanau.recipes import MOST, fixed, rnnsearch, search
from replications.recipes import Tiers

TITLE = "Attention for translation"
CITATION = "Bahdanau, Cho and Bengio 2014, ICLR 2015, arXiv:1409.0473"
NUMBER = 4
CLAIMS = (*claims.CLAIMS, *careful_claims.CLAIMS, *gpu_claims.CLAIMS)
CORPORA = {**recipes.CORPORA, "gpu": recipes.CORPORA["laptop"]}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(
    {
        **recipes.RECIPES,
        "laptop": (*recipes.RECIPES["laptop"], *careful.RECIPES),
        "gpu": gpu.RECIPES,
    }
)
PRIORITY = {"gpu": gpu.PRIORITY}

__all__ = [
    "CITATION",
    "CLAIMS",
    "CORPORA",
    "MOST",
    "NUMBER",
    "PRIORITY",
    "RECIPES",
    "TITLE",
    "fixed",
    "rnnsearch",
    "search",
]
