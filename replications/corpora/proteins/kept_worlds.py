"""Families and folds of the synthetic world, kept in the cache."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float64, Shaped
from torch import Tensor

from replications.corpora.store.cached_tensors import load_tensors, save_tensors
from replications.corpora.world.proteins import families as world
from replications.corpora.world.proteins.folds import distances_of, make_fold
from replications.paths import cache_folder


def kept_families(seed: int, families: int, **knobs: object) -> Iterator[world.WorldFamily]:
    """`make_families`, drawn once on each machine."""
    file = _file("families", seed=seed, families=families, **knobs)
    if not file.is_file():
        drawn = list(world.make_families(seed, families, **knobs))
        columns = ("alignment", "trace", "strengths")
        save_tensors(file, {name: _stacked(drawn, name) for name in columns}, {})
    there, _ = load_tensors(file)
    for number, (alignment, trace, strengths) in enumerate(
        zip(*(there[name].numpy() for name in ("alignment", "trace", "strengths")), strict=True)
    ):
        yield world.WorldFamily(
            f"world-{seed}-{number}", alignment, trace, distances_of(trace), strengths
        )


def kept_folds(seed: int, folds: int, *, length: int) -> list[Float64[np.ndarray, "residue 3"]]:
    """That many folds, each from a generator of its own."""
    file = _file("folds", seed=seed, folds=folds, length=length)
    if not file.is_file():
        made = [make_fold(np.random.default_rng((seed, n)), length) for n in range(folds)]
        save_tensors(file, {"trace": torch.from_numpy(np.stack(made))}, {})
    return list(load_tensors(file)[0]["trace"].numpy())


def _stacked(drawn: list[world.WorldFamily], name: str) -> Shaped[Tensor, "family ..."]:
    return torch.from_numpy(np.stack([getattr(each, name) for each in drawn]))


def _file(kind: str, **knobs: object) -> Path:
    # The name holds the sources: edited code never reads what other code has drawn.
    digest = hashlib.sha256(json.dumps(knobs, sort_keys=True).encode())
    for source in sorted(Path(world.__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return cache_folder() / "world-proteins" / f"{kind}-{digest.hexdigest()[:16]}.safetensors"
