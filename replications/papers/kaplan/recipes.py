"""The recipes of the chapter on Kaplan et al., by tier; what runs first."""

from replications.papers.kaplan import gpu
from replications.papers.kaplan.grids import BATCH_RUNS, GRID_RUNS, GRIDS, SHAPE_RUNS, SIZE_RUNS
from replications.papers.kaplan.long_schedules import LONG_SCHEDULES
from replications.papers.kaplan.smoke import LIVE
from replications.papers.kaplan.sums import SUM_RUNS
from replications.papers.kaplan.sweep import SWEEP

RECIPES = {
    "smoke": LIVE,
    "laptop": (*SWEEP, *GRIDS, *LONG_SCHEDULES, *SUM_RUNS),
    "gpu": (*gpu.GPU_SWEEP, gpu.GPU_LARGEST),
}
CORPORA = {
    "smoke": ("world-stories",),
    "laptop": ("wikipedia-en-2018", "blimp"),
    "gpu": ("wikipedia-en-2018", "blimp"),
}
# The sweep before all. The budget that is predicted from it is a recipe of the chapter on
# Chinchilla.
PRIORITY = {
    "laptop": {
        **{recipe.name: 9 for recipe in SWEEP},
        **{recipe.name: 7 for recipe in GRID_RUNS},
        **{recipe.name: 6 for recipe in SIZE_RUNS},
        **{recipe.name: 5 for recipe in SHAPE_RUNS},
        **{recipe.name: 4 for recipe in BATCH_RUNS},
        **{recipe.name: 3 for recipe in LONG_SCHEDULES},
        **{recipe.name: 2 for recipe in SUM_RUNS},
    },
    "gpu": {gpu.GPU_LARGEST.name: -1},
}
