"""lDDT of predicted distances."""

from typing import Any

import lightning
import numpy as np
import torch

from replications.items import FromItems
from replications.metrics.protein.contacts import precision_at
from replications.models.protein.distogram import contact_probability, median_distance
from replications.objectives.protein.local_distance import local_distance_difference

_NEAR = 3
"""Pairs nearer in the chain than this are left out: their distances are trivial to predict."""


def distance_lddt(
    model: Any,
    data: lightning.LightningDataModule,
    *,
    source: str,
    depth: int,
    cycles: tuple[int, ...] = (),
    prefix: str = "",
) -> dict[str, float]:
    """lDDT of the medians of the distogram, in per cent, mean over the test families of a source.

    With `cycles` after each of these numbers of cycles: `lddt_after:1` and so on.
    """
    numbers = {}
    for number in cycles or (None,):
        values = []
        for family in data.test_families(source):
            true = torch.from_numpy(np.nan_to_num(family.distances, nan=np.inf))[None]
            found = model.distances(data.test_alignment(family, depth), number)[None]
            counted = apart(family.length, _NEAR)[None]
            values.append(100 * float(local_distance_difference(found, true, counted).mean()))
        name = "lddt" if number is None else f"lddt_after:{number}"
        numbers[f"{prefix}{name}"] = FromItems(float(np.mean(values)), "mean", values)
    return numbers


def completion_metrics(model: Any, data: lightning.LightningDataModule) -> dict[str, float]:
    """lDDT, and precision at L/2, of unobserved pairs six or more residues apart, in per cent.

    Means over the test chains.
    """
    lddt, precision = [], []
    for _, batch in data.test_batches():
        logits = model.logits(batch)
        length = batch.distances.shape[-1]
        hidden = ~batch.observed & apart(length, 6)[None]
        found = median_distance(logits)
        lddt.append(100 * float(local_distance_difference(found, batch.distances, hidden).mean()))
        contacts = (batch.distances < 8)[0].numpy()
        if (contacts & hidden[0].numpy()).any():
            score = precision_at(
                contact_probability(logits)[0].numpy(),
                contacts,
                hidden[0].numpy(),
                separation=6,
                count=length // 2,
            )
            precision.append(100 * score)
    return {
        "completion_lddt": FromItems(float(np.mean(lddt)), "mean", lddt),
        "completion_precision": FromItems(float(np.mean(precision)), "mean", precision),
    }


def apart(length: int, separation: int) -> torch.Tensor:
    """The mask of pairs that are `separation` or more apart in the chain."""
    index = torch.arange(length)
    return (index[:, None] - index).abs() >= separation
