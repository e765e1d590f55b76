"""The recipes that find contacts in alignments, at tier `laptop`."""

from functools import partial

from replications.baselines.proteins.contact_baselines import score_contacts, take_nearest_template
from replications.baselines.proteins.covariation import mean_field_dca, mutual_information
from replications.corpora.batches.proteins.alignment_batches import AlignmentBatches
from replications.corpora.proteins.families import corpus_families, world_families
from replications.metrics.protein.contacts import (
    LONG_RANGE,
    chance_precision,
    contact_precision,
    depth_precision,
)
from replications.metrics.protein.distances import distance_lddt
from replications.objectives.protein.distance_prediction import (
    ContactPrediction,
)
from replications.papers.alphafold.parts import (
    OPTIMISER,
    evoformer,
    msa_attention_alone,
    schedule,
)
from replications.recipes import Recipe
from replications.training.trainers import train

DEPTHS = (4, 32, 128, 512)
"""Depths at which the synthetic test families are read."""

TESTED_DEPTH = {"world": 32, "real": 64}
"""Sequences that each method reads of a test family, by source."""

# A pair of the world's short chains counts six apart in the chain, one of a real chain 24 apart.
WORLD = {"source": "world", "separation": 6, "prefix": "world_"}
_REAL = {"source": "real", "depth": TESTED_DEPTH["real"], "prefix": "real_"}

SHARED = {"": 0.1, "-fifth": 0.2}
"""How much of the couplings' variance is common to all families of the synthetic world, as
chemistry is to proteins, by how the recipes' names end.

With a tenth, a network finds in these minutes what letters alone tell, and no covariation: a
family's own couplings have any sign, so that no linear rule finds them, and a square has to be
learned. With a fifth it leaves that plateau within some hundred updates; with a half nothing is
left to compare."""

_real = partial(
    corpus_families, corpus="proteins", further="protein-msa-contacts", max_test_length=150
)


def _alignments(batches: int, shared: float) -> partial:
    return partial(
        AlignmentBatches,
        families={"world": partial(world_families, shared=shared, test_depth=512), "real": _real},
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
    shared: float = SHARED["-fifth"],
    cycles: int = 3,
    depth: int | None = None,
    metrics: tuple = (),
) -> Recipe:
    return Recipe(
        name=name,
        data=_alignments(batches, shared),
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


_TUNED = {
    "world": {"depth": TESTED_DEPTH["world"], "separation": WORLD["separation"]},
    "real": {"depth": TESTED_DEPTH["real"], "separation": LONG_RANGE},
}


def _baseline(
    name: str, learner: partial, *metrics: partial, shared: float = SHARED["-fifth"]
) -> Recipe:
    return Recipe(
        name=name,
        data=_alignments(4, shared),
        learner=learner,
        metrics=(
            *_contacts,
            partial(depth_precision, **WORLD, depths=DEPTHS, share=0.5),
            *metrics,
        ),
        minutes=1.5,
    )


# Judged in both worlds: the Evoformer, what stands in its place, and covariation.
_IN_BOTH = tuple(
    recipe
    for ending, shared in SHARED.items()
    for recipe in (
        _from_alignments(
            f"evoformer{ending}",
            evoformer(),
            batches=700,
            minutes=8.0,
            shared=shared,
            metrics=(
                partial(depth_precision, **WORLD, depths=DEPTHS, share=0.5),
                partial(_world_lddt, cycles=(1, 2, 3, 4)),
            ),
        ),
        # As many operations as the Evoformer's: a batch takes 3.68/5.20 of them.
        _from_alignments(
            f"no-triangles{ending}",
            evoformer(pair_updates="axial"),
            batches=990,
            minutes=8.0,
            shared=shared,
            metrics=(partial(_world_lddt, cycles=(3,)),),
        ),
        # As the networks' rates are chosen by pilots, so the pseudocounts on the training families.
        _baseline(
            f"mi-apc{ending}",
            partial(
                score_contacts,
                score=mutual_information,
                pseudocounts=(0.1, 0.5, 2.0, 8.0, 32.0),
                tuned=_TUNED,
            ),
            partial(chance_precision, source="real", prefix="real_"),
            partial(chance_precision, **WORLD),
            shared=shared,
        ),
    )
)

RECIPES = (
    *_IN_BOTH,
    _from_alignments(
        "no-pair-bias-fifth",
        evoformer(pair_bias=False),
        batches=700,
        minutes=8.0,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    _from_alignments(
        "no-msa-fifth",
        evoformer(),
        batches=700,
        minutes=6.0,
        depth=1,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    # Likewise: the Evoformer's earlier cycles take a third of one with gradients, and there is one
    # on the average.
    _from_alignments(
        "no-recycling-fifth",
        evoformer(),
        batches=933,
        minutes=8.0,
        cycles=1,
        metrics=(partial(_world_lddt, cycles=(1,)),),
    ),
    # Likewise: a batch takes 4.05/5.20. As many parameters, too.
    _from_alignments(
        "plain-msa-fifth",
        msa_attention_alone(blocks=5),
        batches=900,
        minutes=8.0,
        metrics=(partial(_world_lddt, cycles=(3,)),),
    ),
    _baseline(
        "mean-field-dca-fifth",
        partial(
            score_contacts,
            score=mean_field_dca,
            pseudocounts=(0.3, 0.5, 0.7, 0.9, 0.97),
            tuned=_TUNED,
        ),
    ),
    _baseline("nearest-template-fifth", partial(take_nearest_template)),
)
