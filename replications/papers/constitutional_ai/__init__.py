"""Constitutional AI: Bai et al. 2022 (arXiv:2212.08073)."""

from replications.papers.constitutional_ai import claims, close_claims, published_claims
from replications.papers.constitutional_ai.gpu import GPU
from replications.papers.constitutional_ai.recipes import CORPORA, LABELS, RECIPES, close_name
from replications.papers.constitutional_ai.stages import (
    COUNTS,
    KL_COEFFICIENTS,
    MATCHED,
    PRINCIPLES,
    REVISERS,
    REVISIONS,
    revisers_name,
)
from replications.recipes import Tiers

TITLE = "Constitutional AI"
CITATION = "Bai et al. 2022, arXiv:2212.08073"
NUMBER = 13
CLAIMS = (*claims.CLAIMS, *published_claims.CLAIMS, *close_claims.CLAIMS)
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers({**RECIPES, "gpu": GPU})
CORPORA = {**CORPORA, "gpu": CORPORA["laptop"]}

__all__ = [
    "CITATION",
    "CLAIMS",
    "CORPORA",
    "COUNTS",
    "KL_COEFFICIENTS",
    "LABELS",
    "MATCHED",
    "NUMBER",
    "PRINCIPLES",
    "RECIPES",
    "REVISERS",
    "REVISIONS",
    "TITLE",
    "close_name",
    "revisers_name",
]
