"""BERT: Devlin, Chang, Lee and Toutanova 2019, NAACL, arXiv:1810.04805."""

from replications.papers.bert import claims, gpu, gpu_claims, recipes
from replications.papers.bert.recipes import BORROWED
from replications.recipes import Tiers

TITLE = "BERT"
CITATION = "Devlin et al. 2019, NAACL, arXiv:1810.04805"
NUMBER = 9
CLAIMS = (*claims.CLAIMS, *gpu_claims.CLAIMS)
CORPORA = {**recipes.CORPORA, "gpu": (*recipes.CORPORA["laptop"], "wikipedia-en-2018", "blimp")}
# A notebook takes the tier from a setting that may be misspelt.
RECIPES = Tiers({**recipes.RECIPES, "gpu": gpu.RECIPES})
# What a run is worth on a card that is lent for minutes: the read-out that can decide comes first.
PRIORITY = {"gpu": gpu.PRIORITY}

__all__ = ["BORROWED", "CITATION", "CLAIMS", "CORPORA", "NUMBER", "PRIORITY", "RECIPES", "TITLE"]
