"""`replicate run`: train recipes, and write one record for each recipe and seed."""

from pathlib import Path
from typing import Annotated

import typer

from replications.cli.environment import current
from replications.cli.run_options import RunOptions, require_device, seconds_of
from replications.cli.run_paper import run_paper
from replications.cli.run_queue import run_queue
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
    tier: Annotated[
        str,
        typer.Option(
            envvar="REPLICATIONS_TIER",
            help="How large: smoke (seconds, no network), laptop (real corpora), gpu.",
        ),
    ] = "smoke",
    seeds: Annotated[
        int | None,
        typer.Option(
            min=1,
            show_default="1 for a chapter, 3 for all",
            help="How many seeds. A verdict takes 3 or more.",
        ),
    ] = None,
    seed_from: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="RECIPE", help="Only this recipe; may be given several times."),
    ] = None,
    device: Annotated[str, typer.Option(help="Where to train: cpu or cuda.")] = "cpu",
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Skip what is recorded already and go on with interrupted runs."
        ),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Train again what has a record, and replace it.")
    ] = False,
    records: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write records there, and not into data/records."),
    ] = None,
    checkpoints: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep interrupted runs there, and not in the cache."),
    ] = None,
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
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what is missing, and what it would take; run nothing"),
    ] = False,
    allow_different_data: Annotated[
        bool,
        typer.Option(
            "--allow-different-data",
            help="Accept corpora whose rows are not the registered ones; the records say so.",
        ),
    ] = False,
) -> None:
    """Train recipes and write a record of each run.

    A chapter's, seed by seed: all recipes with the first seed, then all with the next. Or, without
    PAPER or with --within, --workers or --dry-run, what has no record yet, most valuable first.
    """
    queued = paper is None or within is not None or workers is not None or dry_run
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
    )
    limit = None if within is None else seconds_of(within)
    require_device(device)
    if queued:
        run_queue(options, surroundings, within=limit, workers=workers or 1, dry_run=dry_run)
    else:
        run_paper(options, surroundings)
