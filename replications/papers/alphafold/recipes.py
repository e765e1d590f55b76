"""The recipes of the chapter on AlphaFold at tier `laptop`."""

from functools import partial

from replications.baselines.proteins.contact_baselines import score_contacts, take_nearest_template
from replications.baselines.proteins.covariation import mean_field_dca, mutual_information
from replications.baselines.proteins.kmers import count_kmers
from replications.corpora.batches.proteins.alignment_batches import AlignmentBatches
from replications.corpora.batches.proteins.distance_completion import DistanceCompletion
from replications.corpora.batches.proteins.labelled_sequences import LabelledSequenceBatches
from replications.corpora.proteins.chains import corpus_chains
from replications.corpora.proteins.families import corpus_families, world_families
from replications.corpora.proteins.promoters import corpus_promoters
from replications.metrics.protein.classification import classification_metrics
from replications.metrics.protein.contacts import (
    chance_precision,
    contact_precision,
    depth_precision,
)
from replications.metrics.protein.distances import completion_metrics, distance_lddt
from replications.metrics.protein.invariance import frame_invariance
from replications.metrics.protein.structures import shown_structures, structure_metrics
from replications.models.protein.completion_network import CompletionNetwork, StructureNetwork
from replications.models.protein.sequence_classifier import SequenceClassifier
from replications.objectives.optimisers import adamw
from replications.objectives.protein.distance_prediction import (
    ContactPrediction,
    DistanceCompletionObjective,
)
from replications.objectives.protein.losses import distance_error, frame_aligned_point_error
from replications.objectives.protein.sequence_classification import SequenceClassification
from replications.objectives.protein.structure_prediction import StructurePrediction
from replications.objectives.schedules import cosine
from replications.papers.alphafold.parts import PAIR_UPDATES, evoformer, msa_attention_alone
from replications.recipes import Recipe
from replications.training.trainers import train

CORPORA = ("proteins", "protein-msa-contacts", "protein-structures-small", "tata-promoters")

DEPTHS = (4, 32, 128, 512)
"""Depths at which the synthetic test families are read."""

TESTED_DEPTH = {"world": 32, "real": 64}
"""Sequences that each method reads of a test family, by source."""

# A pair of the world's short chains counts six apart in the chain, one of a real chain 24 apart.
WORLD = {"source": "world", "separation": 6, "prefix": "world_"}
_REAL = {"source": "real", "depth": TESTED_DEPTH["real"], "prefix": "real_"}

OPTIMISER = partial(adamw, weight_decay=0.01, betas=(0.9, 0.99))


def schedule(learning_rate: float) -> partial:
    return partial(cosine, learning_rate=learning_rate, warmup=0.05)


_families = {
    # A tenth of what the couplings are is common to all families, as chemistry is to proteins.
    "world": partial(world_families, shared=0.1, test_depth=512),
    "real": partial(
        corpus_families, corpus="proteins", further="protein-msa-contacts", max_test_length=150
    ),
}


def _alignments(batches: int) -> partial:
    return partial(
        AlignmentBatches,
        families=_families,
        crop=32,
        depths=(8, 16, 32),
        families_per_batch=4,
        batches_per_epoch=batches,
    )


_world_precision = partial(
    contact_precision, **WORLD, depth=TESTED_DEPTH["world"], shares=(0.5, 0.2)
)
_real_precision = partial(contact_precision, **_REAL, shares=(1.0, 0.2))
_contacts = (_world_precision, _real_precision)
_world_lddt = partial(distance_lddt, source="world", depth=TESTED_DEPTH["world"], prefix="world_")


def _from_alignments(
    name: str,
    model: partial,
    *,
    batches: int,
    minutes: float,
    cycles: int = 3,
    depth: int | None = None,
    metrics: tuple = (),
) -> Recipe:
    return Recipe(
        name=name,
        data=_alignments(batches),
        learner=partial(
            train,
            objective=partial(
                ContactPrediction,
                model=model,
                schedule=schedule(3e-3),
                optimiser=OPTIMISER,
                cycles=cycles,
                depth=depth,
            ),
            epochs=4,
        ),
        metrics=(*_contacts, *metrics),
        minutes=minutes,
    )


def _baseline(name: str, learner: partial, *metrics: partial) -> Recipe:
    return Recipe(
        name=name,
        data=_alignments(4),
        learner=learner,
        metrics=(
            *_contacts,
            partial(depth_precision, **WORLD, depths=DEPTHS, share=0.5),
            *metrics,
        ),
        minutes=1.5,
    )


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
        # All distances are shown. What they do not say is the hand.
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


_promoters = partial(
    LabelledSequenceBatches, sequences=partial(corpus_promoters, corpus="tata-promoters")
)

RECIPES = (
    _from_alignments(
        "evoformer",
        evoformer(),
        batches=700,
        minutes=8.0,
        metrics=(
            partial(depth_precision, **WORLD, depths=DEPTHS, share=0.5),
            partial(_world_lddt, cycles=(1, 2, 3, 4)),
        ),
    ),
    # As many operations as the Evoformer's: a batch takes 3.68/5.20 of them.
    _from_alignments(
        "no-triangles",
        evoformer(pair_updates="axial"),
        batches=990,
        minutes=8.0,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    _from_alignments(
        "no-pair-bias",
        evoformer(pair_bias=False),
        batches=700,
        minutes=8.0,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    _from_alignments(
        "no-msa",
        evoformer(),
        batches=700,
        minutes=6.0,
        depth=1,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    # Likewise: the Evoformer's earlier cycles take a third of one with gradients, and there is one
    # on the average.
    _from_alignments(
        "no-recycling",
        evoformer(),
        batches=933,
        minutes=8.0,
        cycles=1,
        metrics=(partial(_world_lddt, cycles=(1,)),),
    ),
    # Likewise: a batch takes 4.05/5.20. As many parameters, too.
    _from_alignments(
        "plain-msa",
        msa_attention_alone(blocks=5),
        batches=900,
        minutes=8.0,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    _baseline(
        "mi-apc",
        partial(score_contacts, score=mutual_information),
        partial(chance_precision, source="real", prefix="real_"),
        partial(chance_precision, **WORLD),
    ),
    _baseline("mean-field-dca", partial(score_contacts, score=mean_field_dca)),
    _baseline("nearest-template", partial(take_nearest_template)),
    _completion("both", 5.0),
    _completion("multiplication", 3.0),
    _completion("attention", 4.0),
    # As many operations as triangle multiplication's: a batch takes 2.08/2.90 of them.
    _completion("axial", 4.0, batches=627),
    _structure("structure-fape", frame_aligned_point_error, frame_invariance),
    _structure("structure-distances", distance_error),
    Recipe(
        name="promoters-encoder",
        data=_promoters,
        learner=partial(
            train,
            objective=partial(
                SequenceClassification,
                model=partial(
                    SequenceClassifier,
                    letters=5,
                    d_model=32,
                    length=300,
                    blocks=1,
                    heads=2,
                    d_head=16,
                ),
                schedule=schedule(2e-3),
                optimiser=partial(adamw, weight_decay=0.05),
            ),
            epochs=8,
        ),
        metrics=(classification_metrics,),
        minutes=5.0,
    ),
    Recipe(
        name="promoters-kmers",
        data=_promoters,
        learner=partial(count_kmers),
        metrics=(classification_metrics,),
        minutes=1.5,
    ),
)
