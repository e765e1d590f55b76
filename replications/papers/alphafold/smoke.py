"""The recipes of the chapter on AlphaFold at tier `smoke`: few families and folds of the world."""

from functools import partial

from replications.baselines.proteins.contact_baselines import score_contacts
from replications.baselines.proteins.covariation import mutual_information
from replications.baselines.proteins.kmers import count_kmers
from replications.corpora.batches.proteins.alignment_batches import AlignmentBatches
from replications.corpora.batches.proteins.distance_completion import DistanceCompletion
from replications.corpora.batches.proteins.labelled_sequences import LabelledSequenceBatches
from replications.corpora.proteins.chains import world_chains
from replications.corpora.proteins.families import world_families
from replications.corpora.proteins.promoters import world_promoters
from replications.metrics.protein.classification import classification_metrics
from replications.metrics.protein.contacts import chance_precision, contact_precision
from replications.metrics.protein.distances import distance_lddt
from replications.metrics.protein.invariance import frame_invariance
from replications.metrics.protein.structures import shown_structures, structure_metrics
from replications.models.protein.completion_network import StructureNetwork
from replications.objectives.protein.distance_prediction import ContactPrediction
from replications.objectives.protein.losses import frame_aligned_point_error
from replications.objectives.protein.structure_prediction import StructurePrediction
from replications.papers.alphafold.contacts import WORLD
from replications.papers.alphafold.parts import OPTIMISER, PAIR_UPDATES, evoformer, schedule
from replications.recipes import Recipe
from replications.training.trainers import train

CORPORA: tuple[str, ...] = ()

_families = partial(
    AlignmentBatches,
    families={
        "world": partial(
            world_families,
            train_families=24,
            test_families=6,
            length=20,
            depth=24,
            test_depth=64,
            coupling=1.6,
            shared=0.5,
            sweeps=8,
        )
    },
    crop=20,
    depths=(8, 16),
    families_per_batch=4,
    batches_per_epoch=12,
)
_precision = partial(contact_precision, **WORLD, depth=24, shares=(0.5,))


def _live_contacts(name: str, pair_updates: str) -> Recipe:
    return Recipe(
        name=name,
        data=_families,
        learner=partial(
            train,
            objective=partial(
                ContactPrediction,
                model=evoformer(pair_updates=pair_updates, blocks=1),
                schedule=schedule(5e-3),
                optimiser=OPTIMISER,
                cycles=2,
            ),
            epochs=2,
        ),
        metrics=(
            _precision,
            partial(distance_lddt, source="world", depth=24, prefix="world_"),
        ),
        minutes=0.1,
    )


RECIPES = (
    _live_contacts("world-evoformer", "both"),
    Recipe(
        name="world-mi-apc",
        data=_families,
        learner=partial(score_contacts, score=mutual_information),
        metrics=(_precision, partial(chance_precision, **WORLD)),
        minutes=0.02,
    ),
    Recipe(
        name="world-structure",
        data=partial(
            DistanceCompletion,
            chains=partial(world_chains, train_chains=24, test_chains=4, length=20),
            crop=20,
            chains_per_batch=4,
            batches_per_epoch=15,
            observed=0.4,
        ),
        learner=partial(
            train,
            objective=partial(
                StructurePrediction,
                model=partial(
                    StructureNetwork,
                    d_single=24,
                    d_pair=16,
                    blocks=1,
                    pair_updates=PAIR_UPDATES["multiplication"],
                    layers=3,
                    heads=2,
                    d_head=8,
                    rotation_gradients=True,
                ),
                loss=frame_aligned_point_error,
                schedule=schedule(5e-3),
                optimiser=OPTIMISER,
            ),
            epochs=2,
        ),
        metrics=(structure_metrics, frame_invariance),
        minutes=0.1,
        texts=shown_structures,
    ),
    Recipe(
        name="world-promoters",
        data=partial(
            LabelledSequenceBatches, sequences=partial(world_promoters, examples=300, length=60)
        ),
        learner=partial(count_kmers, words=(4, 6), strengths=(0.1, 1.0)),
        metrics=(classification_metrics,),
        minutes=0.05,
    ),
)
