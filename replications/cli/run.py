"""`replicate run`: train recipes, and write one record for each recipe and seed."""

import os
from pathlib import Path
from typing import Annotated

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
from replications.cli.run_claim import of_a_claim
from replications.cli.run_options import DEVICES, RunOptions, require_device, seconds_of
from replications.cli.run_own_text import run_own_text
from replications.cli.run_paper import run_paper
from replications.cli.run_queue import run_queue
from replications.cli.terminal import choose
from replications.errors import ReplicationError
from replications.paths import cache_folder


def run(
    paper: Annotated[
        str | None,
        typer.Argument(
            metavar="[PAPER]",
            help="The chapter, by its name in `replicate list`. Without it: what is missing of all "
            "chapters, most valuable first.",
        ),
    ] = None,
    tier: Tier = "smoke",
    seeds: Annotated[
        int | None,
        typer.Option(
            min=1,
            show_default="1 for a chapter, 3 for all",
            help="How many seeds. A verdict takes 3 or more.",
        ),
    ] = None,
    seed_from: FirstSeed = 0,
    only: Only = None,
    claim: Annotated[
        str | None,
        typer.Option(
            metavar="CLAIM",
            help="Run what this claim of PAPER compares and has no record yet, at its own tier and "
            "with as many seeds as a verdict takes.",
        ),
    ] = None,
    device: Device = "cpu",
    devices: Annotated[
        int,
        typer.Option(
            min=1,
            help="How many processes train together, on a device each; they share each batch, so "
            "that the numbers do not depend on it.",
        ),
    ] = 1,
    num_nodes: Annotated[
        int, typer.Option(min=1, help="How many machines do so, each with this same command.")
    ] = 1,
    parts: Annotated[
        int,
        typer.Option(
            min=1,
            help="Process each batch in this many parts, one after the other: less memory, the "
            "same updates.",
        ),
    ] = 1,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Skip what is recorded already and go on with interrupted runs."
        ),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Train again what has a record, and replace it.")
    ] = False,
    records: Records = None,
    checkpoints: Checkpoints = None,
    within: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Run what is missing and leave within this time (9m, 8h, 1h30m); the same "
            "command goes on later.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Run what is missing with so many processes side by side."),
    ] = None,
    dry_run: DryRun = False,
    text: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Train on a text of your own, a file or a folder of .txt and .gz."
        ),
    ] = None,
    text_target: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="To translate: the file whose line n translates line n of --text."
        ),
    ] = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="Of --text, each line is a document of its own.")
    ] = False,
    allow_different_data: AllowDifferentData = False,
) -> None:
    """Train recipes and write a record of each run.

    A chapter's, seed by seed: all recipes with the first seed, then all with the next. Or, without
    PAPER or with --claim, --within or --workers, what has no record yet, most valuable first.

    With --text: one recipe of the chapter on your own text. The record and the model go to a folder
    of yours, which is printed, and never to data/records; `replicate ask` queries the model.
    """
    queued = text is None and (
        paper is None or within is not None or workers is not None or claim is not None
    )
    surroundings = current()
    options = RunOptions(
        paper=paper,
        tier=tier,
        seeds=range(seed_from, seed_from + (seeds or (3 if queued else 1))),
        only=tuple(dict.fromkeys(only or ())),
        device=device,
        resume=resume,
        replace=replace,
        records=surroundings.records if records is None else records.expanduser().absolute(),
        runs=cache_folder() / "runs" if checkpoints is None else checkpoints.expanduser(),
        allow_different_data=allow_different_data,
        devices=devices,
        nodes=num_nodes,
        parts=parts,
    )
    if claim is not None:
        options = of_a_claim(options, claim, surroundings.papers(), seeds=seeds)
    limit = None if within is None else seconds_of(within)
    if dry_run:
        choose("device", device, dict.fromkeys(DEVICES))
    else:
        require_device(device, devices)
    if queued and devices * num_nodes * parts > 1:
        raise ReplicationError(
            "--devices, --num-nodes and --parts go with one chapter at once: give PAPER, without "
            "--within, --workers and --claim."
        )
    if num_nodes > 1 and not dry_run:
        _require_rank_of_machine(num_nodes)
    if text is not None:
        _refuse_with_text(
            {
                "--within": within is not None,
                "--workers": workers is not None,
                "--dry-run": dry_run,
                "--only": bool(only),
                "--claim": claim is not None,
                "--allow-different-data": allow_different_data,
            }
        )
        run_own_text(
            options, surroundings, text=text, target=text_target, a_line=lines, records=records
        )
    elif text_target is not None or lines:
        raise ReplicationError("--text-target and --lines belong to --text FILE: give that, too.")
    elif queued:
        run_queue(options, surroundings, within=limit, workers=workers or 1, dry_run=dry_run)
    else:
        run_paper(options, surroundings, dry_run=dry_run)


# As torchrun, Slurm, LSF and Kubeflow set them, by which Lightning finds the machines itself.
_LAUNCHED = ("TORCHELASTIC_RUN_ID", "SLURM_NTASKS", "LSB_JOBID", "RANK")
_RANK_OF_MACHINE = ("MASTER_ADDR", "MASTER_PORT", "NODE_RANK")


def _require_rank_of_machine(nodes: int) -> None:
    """Raise ReplicationError where each machine would take itself for the first, and wait."""
    missing = [name for name in _RANK_OF_MACHINE if name not in os.environ]
    if missing and not any(name in os.environ for name in _LAUNCHED):
        raise ReplicationError(
            f"--num-nodes {nodes}: {', '.join(missing)} not set. Set MASTER_ADDR and MASTER_PORT "
            f"to the first machine's address and a free port of it, and NODE_RANK to 0 to "
            f"{nodes - 1}, on all machines; or start the command by torchrun or Slurm. All "
            "machines need one shared REPLICATIONS_CACHE."
        )


def _refuse_with_text(given: dict[str, bool]) -> None:
    if wrong := [name for name, there in given.items() if there]:
        raise ReplicationError(
            f"{' and '.join(wrong)} cannot go with --text, which trains one recipe at once: leave "
            "it out."
        )
