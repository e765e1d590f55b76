"""Baselines of contact prediction as learners: nothing is trained, and all is measured alike."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import lightning
import numpy as np
from jaxtyping import Float, UInt8

from replications.baselines.at_once import Stopwatch, trained_at_once
from replications.corpora.proteins.families import Family
from replications.metrics.protein.contacts import precision_by_share
from replications.recipes import TrainedModel, Workspace

# Training families of a source on which a pseudocount is tried, and their maximum length.
_TRIED, _LONGEST = 40, 100

Score = Callable[[UInt8[np.ndarray, "sequence residue"]], Float[np.ndarray, "residue residue"]]


class Scored:
    """Contacts by a score of the alignment alone, with another score for some sources."""

    def __init__(self, score: Score, by_source: Mapping[str, Score] | None = None) -> None:
        self.score, self.by_source = score, dict(by_source or {})

    def of_source(self, source: str) -> "Scored":
        return Scored(self.by_source.get(source, self.score))

    def contact_scores(
        self, alignment: UInt8[np.ndarray, "sequence residue"]
    ) -> Float[np.ndarray, "residue residue"]:
        return self.score(alignment)


class NearestTemplate:
    """The contacts of the training family whose query is the most alike, position by position.

    The template is aligned with the test chain from the first residue, without gaps. Unrelated
    families have no better alignment: what it finds is common to all chains, mostly contacts of
    near neighbours.
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
    pseudocounts: tuple[float, ...] = (),
    tuned: Mapping[str, Mapping[str, int]] | None = None,
) -> TrainedModel:
    """A score of covariation as it is, or with a pseudocount tuned for each source.

    It matters most for shallow alignments. For each source in `tuned`, the one of `pseudocounts`
    with the best precision on training families is taken, at the `depth` and the `separation`
    given there.
    """
    stopwatch = Stopwatch.started()
    by_source = {
        source: _best(score, pseudocounts, data, source, **given)
        for source, given in (tuned or {}).items()
    }
    counts = {"embedding": 0, "other": 0}
    model = Scored(score, by_source)
    return trained_at_once(model, data, stopwatch, parameters=counts, flops=0.0)


def _best(
    score: Score,
    pseudocounts: tuple[float, ...],
    data: lightning.LightningDataModule,
    source: str,
    *,
    depth: int,
    separation: int,
) -> Score:
    """The score with the pseudocount of the best precision at L/2."""
    short = [family for family in data.families[source].train if family.length <= _LONGEST]

    def found(score: Score) -> float:
        given = {"depth": depth, "separation": separation, "shares": (0.5,)}
        (values,) = precision_by_share(Scored(score), data, short[:_TRIED], **given).values()
        return float(np.mean(values))

    return max((partial(score, pseudocount=each) for each in pseudocounts), key=found)


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
