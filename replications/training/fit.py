"""Trains and measures a recipe, and makes its record."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import lightning
import torch

from replications.code_version import code_version
from replications.corpora.loading import corpora_read
from replications.metrics.measuring import measure
from replications.recipes import Recipe, Workspace, trained_folder
from replications.records import Record
from replications.training.failures import finite_points, non_finite
from replications.training.provenance import (
    device_name,
    forget_peak_memory,
    peak_memory_bytes,
    provenance,
)
from replications.training.shares import is_first_process


class Run(NamedTuple):
    """The result of a training: its record, the trained model and the data.

    Of several processes that trained together only the first has a record.
    """

    record: Record | None
    model: Any
    data: lightning.LightningDataModule


def fit(
    recipe: Recipe,
    *,
    paper: str,
    tier: str,
    seed: int,
    device: str = "cpu",
    resume: bool = False,
    checkpoints: Path | None = None,
    progress: bool | Callable[..., None] = False,
    start: Any = None,
    devices: int = 1,
    nodes: int = 1,
    parts: int = 1,
) -> Run:
    """Train the recipe once and measure it.

    With `checkpoints` a checkpoint is written there after each epoch; with `resume` the run goes on
    from it and ends with the same metrics as an uninterrupted one. A recipe that starts from a
    trained model takes `start`, or has it trained: see `trained_start`.

    On each of `nodes` machines `devices` processes share each batch, and each process reads `parts`
    shares of it one after the other; results depend on none of the three. See training/shares.

    Where the loss or a metric is not finite, the record states that the run diverged, and has no
    metrics. Raises ReplicationError where data are unavailable, or a metric has no value.
    """
    origin = provenance(device)
    shared = {"devices": devices, "nodes": nodes, "parts": parts}
    if start is None:
        start = trained_start(recipe.start, seed=seed, device=device, progress=progress, **shared)
    # The memory that the start took belongs to its own record.
    forget_peak_memory(device)
    # As of now: the code may be edited while the run lasts.
    code_version()
    with corpora_read() as read:
        data = prepare_data(recipe, seed)
        place = {name: origin[name] for name in ("commit", "device")}
        workspace = Workspace(seed, device, checkpoints, resume, progress, start, place, **shared)
        learned = recipe.learner(data, recipe.metrics, workspace)
        if devices * nodes > 1 and not is_first_process():
            return Run(None, learned.model, data)
        if isinstance(learned.model, torch.nn.Module):
            # Lightning moves what it trained on an accelerator to the CPU.
            learned.model.to(device)
        # A network that diverged has nothing to be measured, and a metric may fail on it.
        why = non_finite(learned.trajectory)
        metrics = {} if why else measure(recipe.metrics, learned.model, data)
        why = why or non_finite([metrics])
        texts = [] if why or recipe.texts is None else recipe.texts(learned.model, data)
    if learned.device is not None:
        origin["device"] = device_name(learned.device)
    # The synthetic worlds are not loaded, and the corpora of metrics are no part of the data.
    corpora = dict.fromkeys((*data.identities, *read))
    record = Record(
        paper=paper,
        recipe=recipe.name,
        tier=tier,
        seed=seed,
        recipe_hash=recipe.hash,
        recipe_parts=recipe.describe(),
        corpora=[asdict(identity) for identity in corpora],
        parameters=learned.parameters,
        tokens_seen=int(learned.trajectory[-1]["tokens"]),
        flops=learned.flops,
        seconds=learned.seconds,
        peak_memory_bytes=peak_memory_bytes(learned.device or device),
        trajectory=finite_points(learned.trajectory) if why else learned.trajectory,
        metrics={} if why else metrics,
        texts=texts,
        resumed_from=list(learned.resumed_from),
        failed={"how": "diverged", "why": why} if why else {},
        **origin,
    )
    return Run(record, learned.model, data)


def trained_start(
    recipe: Recipe | None,
    *,
    seed: int,
    device: str = "cpu",
    progress: bool | Callable[..., None] = False,
    **shared: int,
) -> Any:
    """The model that this recipe trains, from the cache where it was trained before.

    Many recipes may start from one model. Its last checkpoint is kept under the hashes of its
    recipe and code, so that it is trained once, and resumed where it was interrupted. None where
    there is no recipe to start from. `shared` are `devices`, `nodes` and `parts`, as of `fit`.
    """
    if recipe is None:
        return None
    before = trained_start(recipe.start, seed=seed, device=device, progress=progress, **shared)
    data = prepare_data(recipe, seed)
    # Models of other data than the registered ones are not kept, so that no recipe starts from one.
    registered = all(identity.expected for identity in data.identities)
    folder = (
        trained_folder(recipe.name, recipe.training_hash, seed=seed, device=device)
        if registered
        else None
    )
    workspace = Workspace(
        seed, device, folder, resume=True, progress=progress, start=before, **shared
    )
    return recipe.learner(data, (), workspace).model.to(device)


def prepare_data(recipe: Recipe, seed: int) -> lightning.LightningDataModule:
    """The recipe's data module, set up."""
    data = recipe.data(seed)
    data.setup("fit")
    return data
