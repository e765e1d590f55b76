"""The recipes of the chapter on AlphaFold at tier `laptop`, and those on promoters among them."""

from functools import partial

from replications.baselines.proteins.kmers import count_kmers
from replications.corpora.batches.proteins.labelled_sequences import LabelledSequenceBatches
from replications.corpora.proteins.promoters import corpus_promoters
from replications.metrics.protein.classification import classification_metrics
from replications.models.protein.sequence_classifier import SequenceClassifier
from replications.objectives.optimisers import adamw
from replications.objectives.protein.sequence_classification import SequenceClassification
from replications.papers.alphafold import contacts, structures
from replications.papers.alphafold.parts import (
    schedule,
)
from replications.recipes import Recipe
from replications.training.trainers import train

CORPORA = ("proteins", "protein-msa-contacts", "protein-structures-small", "tata-promoters")

_promoters = partial(
    LabelledSequenceBatches, sequences=partial(corpus_promoters, corpus="tata-promoters")
)

RECIPES = (
    *contacts.RECIPES,
    *structures.RECIPES,
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
