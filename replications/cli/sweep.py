"""`replicate sweep`: the many runs of a chapter's sweep, on this machine or on a cluster."""

from typing import Annotated, Any

import typer

from replications.cli.environment import current
from replications.cli.option_types import (
    AllowDifferentData,
    Checkpoints,
    Device,
    DryRun,
    FirstSeed,
    Only,
    Records,
    Tier,
)
from replications.cli.run_options import DEVICES, RunOptions, require_device, seconds_of
from replications.cli.terminal import choose
from replications.errors import ReplicationError
from replications.paths import cache_folder


def sweep(
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="The chapter, by its name in `replicate list`.")
    ],
    tier: Tier = "smoke",
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            show_default="1",
            help="So many processes of this machine side by side, with one thread each on a CPU.",
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Run on a Ray cluster: host:port, auto for the one that this machine is in, local "
            "for a new one of this machine. Takes the extra `cluster`.",
        ),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds of each recipe.")] = 3,
    seed_from: FirstSeed = 0,
    only: Only = None,
    device: Device = "cpu",
    within: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Leave within this time (9m, 8h, 1h30m); the same command goes on later.",
        ),
    ] = None,
    dry_run: DryRun = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Train again what an older recipe has a record of."),
    ] = False,
    records: Records = None,
    checkpoints: Checkpoints = None,
    allow_different_data: AllowDifferentData = False,
) -> None:
    """Run a chapter's sweep: what has no record yet, seed by seed.

    The records of all its runs are one file a tier, data/records/PAPER/sweep.TIER.jsonl. A run that
    diverges is recorded as such. Given again, the command goes on with what is left.
    """
    if workers is not None and cluster is not None:
        raise ReplicationError(
            "--workers is for processes of this machine, and a cluster has as many workers as it "
            "has processors: give --workers or --cluster, not both."
        )
    surroundings = current()
    names = _recipes(paper, tier, surroundings.papers())
    options = RunOptions(
        paper=paper,
        tier=tier,
        seeds=range(seed_from, seed_from + seeds),
        only=tuple(choose("recipe of the sweep", name, names) for name in only or names),
        device=device,
        resume=True,
        replace=replace,
        records=surroundings.records if records is None else records.expanduser().absolute(),
        runs=cache_folder() / "runs" if checkpoints is None else checkpoints.expanduser(),
        allow_different_data=allow_different_data,
    )
    limit = None if within is None else seconds_of(within)
    if cluster is None:
        require_device(device)
    else:
        choose("device", device, dict.fromkeys(DEVICES))
    # Heavy: it is read only where it runs.
    from replications.cli.run_queue import run_queue

    run_queue(
        options,
        surroundings,
        within=limit,
        workers=workers or 1,
        dry_run=dry_run,
        cluster=cluster,
    )


def _recipes(slug: str, tier: str, papers: Any) -> dict[str, str]:
    """The names of the sweep's recipes. Raises ReplicationError where there is no sweep."""
    sweeps = getattr(choose("paper", slug, papers), "SWEEPS", {})
    if not sweeps:
        have = [name for name, paper in papers.items() if getattr(paper, "SWEEPS", {})]
        raise ReplicationError(
            f"The chapter {slug!r} has no sweep; chapters that have one: "
            f"{', '.join(have) or 'none yet'}. `replicate run {slug}` runs its recipes."
        )
    return {recipe.name: recipe.name for recipe in choose("tier of the sweep", tier, sweeps)}
