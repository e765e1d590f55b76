"""BERT: Devlin, Chang, Lee and Toutanova 2019, NAACL, arXiv:1810.04805."""

from replications.papers.bert import claims, gpu, gpu_claims, long_claims, long_reading, recipes
from replications.papers.bert.recipes import BORROWED
from replications.papers.gpt1.recipes import GLUE
from replications.recipes import Tiers

TITLE = "BERT"
CITATION = "Devlin et al. 2019, NAACL, arXiv:1810.04805"
NUMBER = 9
CLAIMS = (*claims.CLAIMS, *long_claims.CLAIMS, *gpu_claims.CLAIMS)
CORPORA = {
    **recipes.CORPORA,
    "laptop": (*recipes.CORPORA["laptop"], "wikipedia-en-2018", "blimp", "ud-english-ewt"),
    "gpu": ("classic-books", *GLUE, "wikipedia-en-2018", "blimp"),
}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(
    {
        **recipes.RECIPES,
        "laptop": (*recipes.RECIPES["laptop"], *long_reading.RECIPES),
        "gpu": gpu.RECIPES,
    }
)
# What a run is worth on a card that is lent for minutes: the read-out that can decide comes first.
PRIORITY = {"laptop": long_reading.PRIORITY, "gpu": gpu.PRIORITY}

__all__ = ["BORROWED", "CITATION", "CLAIMS", "CORPORA", "NUMBER", "PRIORITY", "RECIPES", "TITLE"]
