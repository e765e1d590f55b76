"""The recipes of the chapter on AlphaFold at tier `gpu`: wider, deeper, and on longer folds."""

from functools import partial

from replications.corpora.batches.proteins.alignment_batches import AlignmentBatches
from replications.corpora.proteins.families import world_families
from replications.layers.evoformer.alignment import ColumnAttention, OuterProductMean, RowAttention
from replications.layers.evoformer.transition import AlignmentTransition, Transition
from replications.layers.evoformer.triangle import (
    axial_ending,
    axial_starting,
    ending,
    incoming,
    outgoing,
    starting,
)
from replications.metrics.protein.contacts import contact_precision, depth_precision
from replications.metrics.protein.distances import distance_lddt
from replications.models.protein.contact_network import ContactNetwork
from replications.models.protein.evoformer import EvoformerBlock
from replications.objectives.optimisers import adamw
from replications.objectives.protein.distance_prediction import ContactPrediction
from replications.objectives.schedules import cosine
from replications.recipes import Recipe
from replications.training.trainers import train

CORPORA: tuple[str, ...] = ()

_WORLD = {"source": "world", "separation": 6, "prefix": "world_"}

_families = partial(
    AlignmentBatches,
    families={
        "world": partial(
            world_families,
            train_families=600,
            test_families=60,
            length=64,
            depth=64,
            shared=0.2,
            test_depth=512,
        )
    },
    crop=64,
    depths=(8, 16, 32, 64),
    families_per_batch=16,
    batches_per_epoch=500,
)

_heads = {"heads": 4, "d_head": 16}
_TRIANGLES = {
    "gpu-evoformer": (
        outgoing,
        incoming,
        partial(starting, **_heads),
        partial(ending, **_heads),
        Transition,
    ),
    "gpu-no-triangles": (
        partial(axial_starting, **_heads),
        partial(axial_ending, **_heads),
        Transition,
    ),
}


def _recipe(name: str) -> Recipe:
    block = partial(
        EvoformerBlock,
        msa_updates=(
            partial(RowAttention, heads=8, d_head=8),
            partial(ColumnAttention, heads=8, d_head=8),
            AlignmentTransition,
        ),
        pair_updates=_TRIANGLES[name],
        outer=partial(OuterProductMean, d_hidden=16),
    )
    return Recipe(
        name=name,
        data=_families,
        learner=partial(
            train,
            objective=partial(
                ContactPrediction,
                model=partial(ContactNetwork, d_msa=64, d_pair=64, blocks=4, block=block),
                schedule=partial(cosine, learning_rate=1e-3, warmup=0.05),
                optimiser=partial(adamw, weight_decay=0.01, betas=(0.9, 0.99)),
                cycles=3,
            ),
            epochs=4,
        ),
        metrics=(
            partial(contact_precision, **_WORLD, depth=32, shares=(0.5, 0.2)),
            partial(depth_precision, **_WORLD, depths=(4, 32, 128, 512), share=0.5),
            partial(distance_lddt, source="world", depth=32, cycles=(1, 2, 3, 4), prefix="world_"),
        ),
        minutes=90.0,
    )


RECIPES = tuple(map(_recipe, _TRIANGLES))
