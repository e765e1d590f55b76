"""InstructGPT: Ouyang et al. 2022 (arXiv:2203.02155)."""

from replications.papers.instructgpt import claims, human_claims, later_claims
from replications.papers.instructgpt.gpu import GPU
from replications.papers.instructgpt.listed import BETAS, listed_name
from replications.papers.instructgpt.people import (
    HH_SPLITS,
    REVIEW_COEFFICIENTS,
    steered_name,
)
from replications.papers.instructgpt.policies import (
    COUNTS,
    MAIN_COEFFICIENT,
    policy_name,
    reward_recipe_name,
)
from replications.papers.instructgpt.recipes import (
    COEFFICIENTS,
    CORPORA,
    POLICY,
    PROMPTS_COMPARED,
    RECIPES,
    REWARD_LAYERS,
    REWARD_MODEL,
)
from replications.papers.instructgpt.tuning import LARGE_BASE
from replications.recipes import Tiers

TITLE = "InstructGPT"
CITATION = "Ouyang et al. 2022, NeurIPS, arXiv:2203.02155"
NUMBER = 12
CLAIMS = (*claims.CLAIMS, *human_claims.CLAIMS, *later_claims.CLAIMS)
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers({**RECIPES, "gpu": GPU})
CORPORA = {**CORPORA, "gpu": CORPORA["laptop"]}

__all__ = [
    "BETAS",
    "CITATION",
    "CLAIMS",
    "COEFFICIENTS",
    "CORPORA",
    "COUNTS",
    "HH_SPLITS",
    "LARGE_BASE",
    "MAIN_COEFFICIENT",
    "NUMBER",
    "POLICY",
    "PROMPTS_COMPARED",
    "RECIPES",
    "REVIEW_COEFFICIENTS",
    "REWARD_LAYERS",
    "REWARD_MODEL",
    "TITLE",
    "listed_name",
    "policy_name",
    "reward_recipe_name",
    "steered_name",
]
