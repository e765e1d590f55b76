"""`replicate doctor`: what this machine has, which tiers it can run, and why not the others."""

import json
import os
import platform
import shutil
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from replications.cli import measured_speed
from replications.cli.environment import current
from replications.cli.list_papers import NOT_HERE, corpora_available
from replications.cli.peak_memory import peak_memory
from replications.cli.terminal import console, gigabytes
from replications.errors import ReplicationError
from replications.paths import cache_folder
from replications.records import load_records, require_writable

# What the tiers take beside their corpora, where no record has measured it yet.
LEAST_MEMORY_BYTES = 4_000_000_000
LEAST_DISK_BYTES = 2_000_000_000
SPARE_MEMORY = 1.25


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    measured: Annotated[
        bool,
        typer.Option(
            "--measure",
            help="Measure how fast each device multiplies, and say how long each chapter takes "
            "here; that takes some seconds more.",
        ),
    ] = False,
) -> None:
    """Look at this machine: Python, torch, memory, disk, device, corpora; say what it can run.

    Exit status 1 when not even the tier `smoke` can run.
    """
    surroundings = current()
    machine = inspect_this_machine()
    papers = surroundings.listed()
    available = corpora_available(papers, surroundings.corpora())
    recorded = (load_records(slug, folder=surroundings.records) for slug in papers)
    memory = peak_memory(chain.from_iterable(recorded))
    everywhere = obstacles_everywhere(machine, surroundings.records)
    tiers = {
        tier: everywhere + obstacles(tier, machine, papers, available, memory.get(tier, {}))
        for tier in _tiers(papers)
    }
    if measured and not as_json:
        console.print("Measuring, and counting the operations of all recipes: about half a minute.")
    speed = (
        measured_speed.measure(surroundings.papers(), machine["devices"], surroundings.records)
        if measured
        else None
    )
    if as_json:
        able = {tier: {"able": not why, "why_not": why} for tier, why in tiers.items()}
        found = {**machine, "tiers": able, **({"measured": speed} if speed else {})}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _show(machine, tiers, speed)
    if tiers.get("smoke"):
        raise typer.Exit(1)


def inspect_this_machine() -> dict[str, Any]:
    """Plain facts, JSON-able. Sizes are in bytes; memory is the whole, disk what is free."""
    import psutil
    import torch

    from replications.training.provenance import device_name

    devices, memory = ["cpu"], {"cpu": psutil.virtual_memory().total}
    if torch.cuda.is_available():
        devices.append("cuda")
        memory["cuda"] = torch.cuda.get_device_properties("cuda").total_memory
    cache = cache_folder()
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "memory_bytes": psutil.virtual_memory().total,
        "cache": str(cache),
        "cache_writable": _can_be_written(cache),
        "free_disk_bytes": shutil.disk_usage(_nearest_existing(cache)).free,
        "devices": {device: device_name(device) for device in devices},
        "device_memory_bytes": memory,
        "cuda_devices": torch.cuda.device_count(),
        "mirror": os.environ.get("REPLICATIONS_MIRROR") or None,
    }


def obstacles_everywhere(machine: Mapping[str, Any], records: Path) -> list[str]:
    """Why nothing can run here, whatever the tier, with the way out."""
    found = []
    if machine["free_disk_bytes"] < LEAST_DISK_BYTES:
        found.append(
            f"Only {gigabytes(machine['free_disk_bytes'])} are free at {machine['cache']}: free "
            "some, or name another folder with REPLICATIONS_CACHE."
        )
    if not machine["cache_writable"]:
        found.append(
            f"Nothing can be written to the cache, {machine['cache']}: name another folder with "
            "REPLICATIONS_CACHE."
        )
    try:
        require_writable(records)
    except ReplicationError as error:
        found.append(str(error))
    return found


def obstacles(
    tier: str,
    machine: Mapping[str, Any],
    papers: Mapping[str, Any],
    available: Mapping[str, str],
    measured_memory: Mapping[str, int],
) -> list[str]:
    """Why this machine cannot run every chapter of the tier, with the way out; empty: it can.

    `measured_memory` is the most bytes that a record of the tier took, by device: see
    `peak_memory`.
    """
    found = []
    if tier == "gpu" and set(machine["devices"]) == {"cpu"}:
        found.append("No GPU is found: use the tier laptop, or a machine with one.")
    memory = max(LEAST_MEMORY_BYTES, int(measured_memory.get("cpu", 0) * SPARE_MEMORY))
    if machine["memory_bytes"] < memory:
        found.append(
            f"{gigabytes(machine['memory_bytes'])} of memory; this tier takes {gigabytes(memory)}."
        )
    # The other tiers need no GPU, whatever they took where somebody used one.
    on_gpu = int(measured_memory.get("cuda", 0) * SPARE_MEMORY) if tier == "gpu" else 0
    if (there := machine["device_memory_bytes"].get("cuda", on_gpu)) < on_gpu:
        found.append(
            f"The GPU has {gigabytes(there)} of memory; this tier takes {gigabytes(on_gpu)} of it."
        )
    wanted = {
        name
        for paper in papers.values()
        if tier in paper.RECIPES
        for name in paper.CORPORA.get(tier, ())
    }
    absent = sorted(name for name in wanted if available.get(name, NOT_HERE) == NOT_HERE)
    if absent:
        found.append(
            f"Not on this machine: {', '.join(absent)}. Run `replicate data fetch "
            f"{' '.join(absent)}`, or set REPLICATIONS_MIRROR to a folder that holds them."
        )
    return found


def _tiers(papers: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(tier for paper in papers.values() for tier in paper.RECIPES))


def _can_be_written(folder: Path) -> bool:
    """Whether files can be put there, without making anything."""
    nearest = _nearest_existing(folder)
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _nearest_existing(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.exists())


def _show(
    machine: Mapping[str, Any], tiers: Mapping[str, list[str]], speed: Mapping[str, Any] | None
) -> None:
    console.print(f"system   {machine['system']}")
    console.print(f"python   {machine['python']}, torch {machine['torch']}")
    console.print(f"cache    {machine['cache']}, {gigabytes(machine['free_disk_bytes'])} free")
    for device, name in machine["devices"].items():
        several = f", {machine['cuda_devices']} of them" if device == "cuda" else ""
        memory = gigabytes(machine["device_memory_bytes"][device])
        console.print(f"{device:<8} {name}, {memory} of memory{several}")
    console.print(f"mirror   {machine['mirror'] or 'none (REPLICATIONS_MIRROR is not set)'}")
    if speed is None:
        console.print("speed    not measured: `replicate doctor --measure`")
    else:
        measured_speed.show(speed)
    for tier, why_not in tiers.items():
        console.print(f"{tier}: {'no' if why_not else 'yes'}", style="red" if why_not else "green")
        for reason in why_not:
            console.print(f"   {reason}")
    able = [tier for tier, why_not in tiers.items() if not why_not]
    if able:
        console.print(f"Next: `replicate list`, then `replicate run PAPER --tier {able[-1]}`.")
    else:
        console.print("Nothing can run yet: mend what is named above, then ask again.")
