"""The recipes that complete distances and predict structures of real chains, at tier `laptop`."""

from functools import partial

from replications.corpora.batches.proteins.distance_completion import DistanceCompletion
from replications.corpora.proteins.chains import corpus_chains
from replications.metrics.protein.distances import completion_metrics
from replications.metrics.protein.invariance import frame_invariance
from replications.metrics.protein.structures import shown_structures, structure_metrics
from replications.models.protein.completion_network import CompletionNetwork, StructureNetwork
from replications.objectives.protein.distance_prediction import (
    DistanceCompletionObjective,
)
from replications.objectives.protein.losses import distance_error, frame_aligned_point_error
from replications.objectives.protein.structure_prediction import StructurePrediction
from replications.papers.alphafold.parts import (
    OPTIMISER,
    PAIR_UPDATES,
    schedule,
)
from replications.recipes import Recipe
from replications.training.trainers import train

_chains = partial(
    DistanceCompletion,
    chains=partial(corpus_chains, corpus="protein-structures-small"),
)


def _completion(triangles: str, minutes: float, *, batches: int = 450) -> Recipe:
    return Recipe(
        name=f"completion-{triangles}",
        data=partial(
            _chains,
            crop=40,
            observed=0.2,
            noise=0.8,
            chains_per_batch=4,
            batches_per_epoch=batches,
        ),
        learner=partial(
            train,
            objective=partial(
                DistanceCompletionObjective,
                model=partial(
                    CompletionNetwork,
                    d_pair=24,
                    blocks=2,
                    pair_updates=PAIR_UPDATES[triangles],
                ),
                schedule=schedule(4e-3),
                optimiser=OPTIMISER,
            ),
            epochs=4,
        ),
        metrics=(completion_metrics,),
        minutes=minutes,
    )


def _structure(name: str, loss: object, *metrics: object) -> Recipe:
    return Recipe(
        name=name,
        # All distances are shown. They do not determine the handedness.
        data=partial(
            _chains,
            crop=24,
            observed=1.0,
            noise=0.3,
            chains_per_batch=8,
            batches_per_epoch=1250,
        ),
        learner=partial(
            train,
            objective=partial(
                StructurePrediction,
                model=partial(
                    StructureNetwork,
                    d_single=64,
                    d_pair=24,
                    blocks=2,
                    pair_updates=PAIR_UPDATES["multiplication"],
                    layers=4,
                    heads=8,
                    d_head=8,
                    rotation_gradients=True,
                ),
                loss=loss,
                schedule=schedule(3e-3),
                optimiser=OPTIMISER,
            ),
            epochs=4,
        ),
        metrics=(structure_metrics, *metrics),
        minutes=6.0,
        texts=shown_structures,
    )


RECIPES = (
    _completion("both", 5.0),
    _completion("multiplication", 3.0),
    _completion("attention", 4.0),
    # As many operations as triangle multiplication's: a batch takes 2.08/2.90 of them.
    _completion("axial", 4.0, batches=627),
    _structure("structure-fape", frame_aligned_point_error, frame_invariance),
    _structure("structure-distances", distance_error),
)
