"""The Transformer, Vaswani et al. 2017 (arXiv:1706.03762); and BPE, Sennrich et al. 2016."""

from replications.papers.transformer import (
    careful,
    careful_claims,
    claims,
    gpu,
    gpu_claims,
    recipes,
)
from replications.recipes import Tiers

TITLE = "Transformer"
CITATION = "Vaswani et al. 2017, NIPS, arXiv:1706.03762"
NUMBER = 5
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
# Of the same papers at both tiers.
BORROWED = {
    lender: {"laptop": lent, "gpu": gpu.BORROWED[lender]}
    for lender, lent in recipes.BORROWED.items()
}

__all__ = ["BORROWED", "CITATION", "CLAIMS", "CORPORA", "NUMBER", "PRIORITY", "RECIPES", "TITLE"]
