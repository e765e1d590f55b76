"""Baselines of contact prediction as learners: nothing is trained, and all is measured alike."""

from collections.abc import Callable, Sequence

import lightning
import numpy as np
from jaxtyping import Float, UInt8

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.corpora.proteins.families import Family
from replications.recipes import TrainedModel, Workspace

Score = Callable[[UInt8[np.ndarray, "sequence residue"]], Float[np.ndarray, "residue residue"]]


class Scored:
    """Contacts by a score of the alignment alone."""

    def __init__(self, score: Score) -> None:
        self.score = score

    def contact_scores(
        self, alignment: UInt8[np.ndarray, "sequence residue"]
    ) -> Float[np.ndarray, "residue residue"]:
        return self.score(alignment)


class NearestTemplate:
    """The contacts of the training family whose query is the most alike, position by position.

    The template is laid along the test chain from its start, repeated where it is shorter. Between
    families that are not related nothing else can be aligned: what it finds is what chains have in
    common, mostly that neighbours are near.
    """

    def __init__(self, families: Sequence[Family]) -> None:
        self.families = families

    def contact_scores(
        self, alignment: UInt8[np.ndarray, "sequence residue"]
    ) -> Float[np.ndarray, "residue residue"]:
        query = alignment[0]
        length = len(query)

        def alike(family: Family) -> float:
            both = min(length, family.length)
            return float((family.alignment[0, :both] == query[:both]).mean()) * both / length

        best = max(self.families, key=alike)
        index = np.minimum(np.arange(length), best.length - 1)
        contacts = best.contacts[np.ix_(index, index)].astype(float)
        inside = np.arange(length) < best.length
        return contacts * inside[:, None] * inside


def score_contacts(
    data: lightning.LightningDataModule,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
    *,
    score: Score,
) -> TrainedModel:
    """A score of covariation as it stands."""
    stopwatch = Stopwatch.started()
    counts = {"embedding": 0, "other": 0}
    return trained_at_once(Scored(score), data, stopwatch, parameters=counts, flops=0.0)


def take_nearest_template(
    data: lightning.LightningDataModule,
    metrics: tuple[Callable[..., dict[str, float]], ...],
    workspace: Workspace,
) -> TrainedModel:
    """The training families themselves, as templates."""
    stopwatch = Stopwatch.started()
    train = [family for families in data.families.values() for family in families.train]
    counts = {"embedding": 0, "other": 0}
    return trained_at_once(NearestTemplate(train), data, stopwatch, parameters=counts, flops=0.0)
