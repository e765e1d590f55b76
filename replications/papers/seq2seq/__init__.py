"""Sequence to sequence: Sutskever, Vinyals and Le 2014 (arXiv:1409.3215), and the LSTM."""

from replications.papers.seq2seq import careful, careful_claims, claims, gpu, gpu_claims, recipes
from replications.recipes import Tiers

TITLE = "Sequence to sequence"
CITATION = "Sutskever, Vinyals and Le 2014, NIPS, arXiv:1409.3215"
NUMBER = 3
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

__all__ = ["CITATION", "CLAIMS", "CORPORA", "NUMBER", "PRIORITY", "RECIPES", "TITLE"]
