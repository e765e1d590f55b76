"""`replicate run PAPER --text`: a chapter's recipe on the reader's own text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from replications.cli.environment import Surroundings
from replications.cli.run_options import RunOptions, one_line, progress_of, require_shared
from replications.cli.terminal import choose, console, duration, terminated_as_interrupted
from replications.errors import ReplicationError
from replications.records import Record, is_stale, load_record, record_path, require_writable
from replications.training.jobs import Job, run_job


def run_own_text(
    options: RunOptions,
    surroundings: Surroundings,
    *,
    text: Path,
    target: Path | None,
    a_line: bool,
    records: Path | None,
) -> None:
    """Train, record and keep the model, seed by seed.

    The exit status is 130 after Ctrl-C or SIGTERM, and 1 where a training diverged.
    Seeds that have a record are skipped with `resume`, trained again with `replace`, also with
    both, and else a ReplicationError before anything is trained.
    """
    # Not above: they import all chapters.
    from replications.yours.folders import (
        model_folder,
        require_outside,
        save_model,
        yours_folder,
    )
    from replications.yours.recipes import OwnText, own_recipe

    if options.paper is None:
        raise ReplicationError("--text needs a chapter, as in `replicate run gpt2 --text FILE`.")
    choose("paper", options.paper, surroundings.papers())
    folder = yours_folder() if records is None else records.expanduser().absolute()
    require_outside(folder)
    own = own_recipe(options.paper, options.tier, OwnText(text, target, a_line))
    # Read before anything else, so that a bad file is reported at once.
    own.recipe.data.keywords["text"](0)
    require_shared([own.recipe], options)
    paths = {
        seed: record_path(options.paper, own.recipe.name, options.tier, seed, folder)
        for seed in options.seeds
    }
    recorded = _recorded(paths, own.recipe, options)
    require_writable(folder / options.paper)
    left = len(paths) - len(recorded)
    console.print(
        f"{options.paper}, tier {options.tier}, on {text.name}: {left} run(s) of {own.taken}, "
        f"about {duration(left * own.recipe.minutes)} on 2 CPU cores. {own.left_out}"
    )
    place = options.workplace(surroundings.fit, folder)
    diverged = False
    for seed, path in paths.items():
        job = Job(options.paper, options.tier, own.recipe, seed)
        kept = model_folder(folder, options.paper, own.recipe.name, options.tier, seed)
        if seed in recorded:
            console.print(f"Seed {seed} is recorded already, in {path}; the model is in {kept}.")
            continue
        try:
            with terminated_as_interrupted():
                record = run_job(
                    job,
                    place,
                    resume=options.resume,
                    progress=progress_of(job),
                    also=lambda run, kept=kept: save_model(
                        kept, run, paper=options.paper, tier=options.tier, taken=own.taken
                    ),
                )
        except KeyboardInterrupt:
            console.print("Stopped. The same command with --resume goes on.")
            raise typer.Exit(130) from None
        if record is None:
            continue
        console.print(one_line(record))
        console.print(f"The record is {path}; the model is in {kept}.")
        if warning := _diverged(record):
            diverged = True
            console.print(warning)
    if diverged:
        raise typer.Exit(1)
    console.print(f"Next: `replicate ask {kept} TEXT`.")


def _diverged(record: Record) -> str:
    """What to say of a training whose loss has more than doubled; "" for others."""
    losses = [point["loss"] for point in record.trajectory if "loss" in point]
    if len(losses) < 2 or losses[-1] <= 2 * losses[0]:
        return ""
    return (
        f"The training diverged: its loss rose from {losses[0]:.4g} to {losses[-1]:.4g}, and the "
        "model is of no use. A text of few different words does that: give a more varied one."
    )


def _recorded(paths: Mapping[int, Path], recipe: Any, options: RunOptions) -> frozenset[int]:
    """The seeds to be skipped. Raises ReplicationError for records that are in the way."""
    there = [seed for seed, path in paths.items() if path.exists()]
    if options.replace:
        return frozenset()
    if there and not options.resume:
        more = f", as are records of {len(there) - 1} more of these seeds" if there[1:] else ""
        raise ReplicationError(
            f"{paths[there[0]]} is there already{more}: --resume keeps what is there and makes the "
            "others, --replace trains again and replaces it and its model, --seed-from N takes "
            "another seed, --records FOLDER another place."
        )
    for seed in there:
        if is_stale(load_record(paths[seed]), recipe):
            raise ReplicationError(
                f"{paths[seed]} is of another text, or of an older recipe: --resume cannot keep it "
                "for this one. Give the text another file name, --records FOLDER for another "
                "place, or --replace to replace it and its model."
            )
    return frozenset(there)
