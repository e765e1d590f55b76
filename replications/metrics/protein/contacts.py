"""Precision of predicted contacts."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import lightning
import numpy as np
from jaxtyping import Bool, Float

from replications.corpora.proteins.families import Family
from replications.errors import ReplicationError
from replications.items import FromItems

LONG_RANGE = 24
"""The least sequence separation of a long-range contact, in residues: the field's convention."""


@runtime_checkable
class SetBySource(Protocol):
    """A model with settings of its own for each source of families."""

    def of_source(self, source: str) -> Any: ...


def precision_at(
    scores: Float[np.ndarray, "residue residue"],
    contacts: Bool[np.ndarray, "residue residue"],
    known: Bool[np.ndarray, "residue residue"],
    *,
    separation: int,
    count: int,
) -> float:
    """The share of contacts among the `count` pairs with the highest scores.

    Pairs are `separation` or more apart and known. Of equal scores the first pair counts first.
    Raises ReplicationError where there is no such pair.
    """
    i, j = np.triu_indices(len(scores), separation)
    there = known[i, j]
    i, j = i[there], j[there]
    if not len(i):
        raise ReplicationError(
            f"A chain of {len(scores)} residues has no known pair {separation} apart: it is too "
            "short for contacts of this range, or its residues are missing."
        )
    best = np.argsort(-scores[i, j], kind="stable")[: max(count, 1)]
    return float(contacts[i, j][best].mean())


def contact_precision(
    model: Any,
    data: lightning.LightningDataModule,
    *,
    source: str,
    depth: int,
    separation: int = LONG_RANGE,
    shares: tuple[float, ...] = (1.0, 0.2),
    prefix: str = "",
) -> dict[str, float]:
    """Precision at `shares` of the length, in per cent, mean over the test families of a source.

    By name `precision:1`, `precision:0.2`. Families without a single contact of this range are
    left out: nothing can be found there. A model with settings for each source uses those of this
    one.
    """
    if isinstance(model, SetBySource):
        model = model.of_source(source)
    found = precision_by_share(
        model,
        data,
        data.test_families(source),
        depth=depth,
        separation=separation,
        shares=shares,
    )
    return {
        f"{prefix}precision:{share:g}": FromItems(float(np.mean(values)), "mean", values)
        for share, values in found.items()
    }


def precision_by_share(
    model: Any,
    data: lightning.LightningDataModule,
    families: Sequence[Family],
    *,
    depth: int,
    separation: int,
    shares: tuple[float, ...],
) -> dict[float, list[float]]:
    """Precision at each share of the length, of each family with a contact of this range."""
    found: dict[float, list[float]] = {share: [] for share in shares}
    for family in families:
        if not _reaches(family, separation):
            continue
        scores = model.contact_scores(data.test_alignment(family, depth))
        for share in shares:
            count = round(share * family.length)
            found[share].append(
                100
                * precision_at(
                    scores, family.contacts, family.known, separation=separation, count=count
                )
            )
    return found


def depth_precision(
    model: Any,
    data: lightning.LightningDataModule,
    *,
    source: str,
    depths: tuple[int, ...],
    separation: int,
    share: float,
    prefix: str = "",
) -> dict[str, float]:
    """`contact_precision` at several depths of the alignment: `precision_at_depth:32`."""
    numbers = {}
    for depth in depths:
        (number,) = contact_precision(
            model, data, source=source, depth=depth, separation=separation, shares=(share,)
        ).values()
        numbers[f"{prefix}precision_at_depth:{depth}"] = number
    return numbers


def chance_precision(
    model: Any,
    data: lightning.LightningDataModule,
    *,
    source: str,
    separation: int = LONG_RANGE,
    prefix: str = "",
) -> dict[str, float]:
    """The share of contacts among all pairs of this range, in per cent: the random baseline."""
    values = []
    for family in data.test_families(source):
        if _reaches(family, separation):
            everything = np.zeros((family.length, family.length))
            values.append(
                100
                * precision_at(
                    everything,
                    family.contacts,
                    family.known,
                    separation=separation,
                    count=family.length**2,
                )
            )
    return {f"{prefix}precision_chance": float(np.mean(values))}


def _reaches(family: Family, separation: int) -> bool:
    i, j = np.triu_indices(family.length, separation)
    return bool((family.contacts & family.known)[i, j].any())
