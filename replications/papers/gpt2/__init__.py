"""GPT-2: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"."""

from replications.papers.gpt2 import claims, gpu, gpu_claims, recipes, size_claims, sizes
from replications.papers.gpt2.recipes import DOMAINS, SIZES
from replications.recipes import Tiers

TITLE = "GPT-2"
CITATION = "Radford et al. 2019, OpenAI technical report"
NUMBER = 7
CLAIMS = (*claims.CLAIMS, *size_claims.CLAIMS, *gpu_claims.CLAIMS)
CORPORA = {
    **recipes.CORPORA,
    "laptop": (*recipes.CORPORA["laptop"], "blimp", "ud-english-ewt"),
    "gpu": (
        "wikipedia-en-2018",
        "classic-books:test",
        "tinystories-sample:validation",
        "multi30k",
        "lambada",
        "blimp",
    ),
}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers(
    {
        **recipes.RECIPES,
        "laptop": (*recipes.RECIPES["laptop"], *sizes.RECIPES),
        "gpu": gpu.RECIPES,
    }
)
PRIORITY = {"laptop": sizes.PRIORITY}

__all__ = [
    "CITATION",
    "CLAIMS",
    "CORPORA",
    "DOMAINS",
    "NUMBER",
    "PRIORITY",
    "RECIPES",
    "SIZES",
    "TITLE",
]
