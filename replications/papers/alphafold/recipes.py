"""The recipes of the chapter on AlphaFold, by tier."""

from functools import partial

from replications.baselines.proteins.contact_baselines import score_contacts, take_nearest_template
from replications.baselines.proteins.covariation import mean_field_dca, mutual_information
from replications.baselines.proteins.kmers import count_kmers
from replications.corpora.batches.proteins.alignment_batches import AlignmentBatches
from replications.corpora.batches.proteins.distance_completion import DistanceCompletion
from replications.corpora.batches.proteins.labelled_sequences import LabelledSequenceBatches
from replications.corpora.proteins.chains import corpus_chains, world_chains
from replications.corpora.proteins.families import corpus_families, world_families
from replications.corpora.proteins.promoters import corpus_promoters, world_promoters
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

CORPORA = {
    "smoke": (),
    "laptop": (
        "proteins",
        "protein-msa-contacts",
        "protein-structures-small",
        "tata-promoters",
    ),
}

DEPTHS = (4, 32, 128, 512)
"""Depths at which the synthetic test families are read."""

TESTED_DEPTH = {"world": 32, "real": 64}
"""Sequences that each method reads of a test family, by source."""

# A pair of the world's short chains counts six apart in the chain, one of a real chain 24 apart.
_WORLD = {"source": "world", "separation": 6, "prefix": "world_"}
_REAL = {"source": "real", "depth": TESTED_DEPTH["real"], "prefix": "real_"}

_optimiser = partial(adamw, weight_decay=0.01, betas=(0.9, 0.99))


def _schedule(learning_rate: float) -> partial:
    return partial(cosine, learning_rate=learning_rate, warmup=0.05)


_families = {
    # Half of what the couplings are is common to all families, as chemistry is to all proteins.
    "world": partial(world_families, shared=0.5, test_depth=512),
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
    contact_precision, **_WORLD, depth=TESTED_DEPTH["world"], shares=(0.5, 0.2)
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
                schedule=_schedule(3e-3),
                optimiser=_optimiser,
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
            partial(depth_precision, **_WORLD, depths=DEPTHS, share=0.5),
            *metrics,
        ),
        minutes=1.5,
    )


_chains = partial(
    DistanceCompletion,
    chains=partial(corpus_chains, corpus="protein-structures-small"),
    crop=40,
    chains_per_batch=4,
)


def _completion(triangles: str, minutes: float) -> Recipe:
    return Recipe(
        name=f"completion-{triangles}",
        data=partial(_chains, observed=0.2, noise=0.8, batches_per_epoch=300),
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
                schedule=_schedule(4e-3),
                optimiser=_optimiser,
            ),
            epochs=4,
        ),
        metrics=(completion_metrics,),
        minutes=minutes,
    )


def _structure(name: str, loss: object, *metrics: object) -> Recipe:
    return Recipe(
        name=name,
        data=partial(_chains, observed=0.5, noise=0.4, batches_per_epoch=400),
        learner=partial(
            train,
            objective=partial(
                StructurePrediction,
                model=partial(
                    StructureNetwork,
                    d_single=32,
                    d_pair=24,
                    blocks=2,
                    pair_updates=PAIR_UPDATES["multiplication"],
                    layers=4,
                    heads=4,
                    d_head=8,
                ),
                loss=loss,
                schedule=_schedule(3e-3),
                optimiser=_optimiser,
            ),
            epochs=4,
        ),
        metrics=(structure_metrics, *metrics),
        minutes=5.0,
        texts=shown_structures,
    )


_promoters = partial(
    LabelledSequenceBatches, sequences=partial(corpus_promoters, corpus="tata-promoters")
)

_LAPTOP = (
    _from_alignments(
        "evoformer",
        evoformer(),
        batches=500,
        minutes=8.0,
        metrics=(
            partial(depth_precision, **_WORLD, depths=DEPTHS, share=0.5),
            partial(_world_lddt, cycles=(1, 2, 3, 4)),
        ),
    ),
    _from_alignments(
        "no-triangles",
        evoformer(pair_updates="axial"),
        batches=500,
        minutes=6.0,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    _from_alignments(
        "no-pair-bias",
        evoformer(pair_bias=False),
        batches=500,
        minutes=8.0,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    _from_alignments(
        "no-msa",
        evoformer(),
        batches=500,
        minutes=6.0,
        depth=1,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    # As many operations as the Evoformer's, whose cycles take a third more on the average.
    _from_alignments(
        "no-recycling",
        evoformer(),
        batches=666,
        minutes=8.0,
        cycles=1,
        metrics=(partial(_world_lddt, cycles=(1,)),),
    ),
    _from_alignments(
        "plain-msa",
        msa_attention_alone(blocks=4),
        batches=700,
        minutes=8.0,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    _baseline(
        "mi-apc",
        partial(score_contacts, score=mutual_information),
        partial(chance_precision, source="real", prefix="real_"),
        partial(chance_precision, **_WORLD),
    ),
    _baseline("mean-field-dca", partial(score_contacts, score=mean_field_dca)),
    _baseline("nearest-template", partial(take_nearest_template)),
    _completion("both", 5.0),
    _completion("multiplication", 3.0),
    _completion("attention", 4.0),
    _completion("axial", 4.0),
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
                schedule=_schedule(2e-3),
                optimiser=partial(adamw, weight_decay=0.05),
            ),
            epochs=4,
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

# Smoke: a few small families and folds of the world.
_live_families = partial(
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
_live_precision = partial(contact_precision, **_WORLD, depth=24, shares=(0.5,))


def _live_contacts(name: str, pair_updates: str) -> Recipe:
    return Recipe(
        name=name,
        data=_live_families,
        learner=partial(
            train,
            objective=partial(
                ContactPrediction,
                model=evoformer(pair_updates=pair_updates, blocks=1),
                schedule=_schedule(5e-3),
                optimiser=_optimiser,
                cycles=2,
            ),
            epochs=2,
        ),
        metrics=(
            _live_precision,
            partial(distance_lddt, source="world", depth=24, prefix="world_"),
        ),
        minutes=0.1,
    )


_SMOKE = (
    _live_contacts("world-evoformer", "both"),
    Recipe(
        name="world-mi-apc",
        data=_live_families,
        learner=partial(score_contacts, score=mutual_information),
        metrics=(_live_precision, partial(chance_precision, **_WORLD)),
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
                ),
                loss=frame_aligned_point_error,
                schedule=_schedule(5e-3),
                optimiser=_optimiser,
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

RECIPES = {"smoke": _SMOKE, "laptop": _LAPTOP}
