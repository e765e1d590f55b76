"""`replicate run`: train recipes, and write one record for each recipe and seed."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from replications.cli.environment import current
from replications.cli.list_papers import NOT_HERE
from replications.cli.terminal import choose, console, duration
from replications.errors import ReplicationError
from replications.paths import REPOSITORY, cache_folder
from replications.recipes import trained_folder
from replications.records import (
    Record,
    is_stale,
    load_record,
    record_path,
    require_writable,
    save_record,
)

DEVICES = ("cpu", "cuda", "mps")


def run(
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="The chapter, by its name in `replicate list`.")
    ],
    tier: Annotated[
        str,
        typer.Option(
            envvar="REPLICATIONS_TIER",
            help="How large: smoke (seconds, no network), laptop (real corpora), gpu.",
        ),
    ] = "smoke",
    seeds: Annotated[
        int, typer.Option(min=1, help="How many seeds. A verdict takes 3 or more.")
    ] = 1,
    seed_from: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="RECIPE", help="Only this recipe; may be given several times."),
    ] = None,
    device: Annotated[str, typer.Option(help="Where to train: cpu, cuda or mps.")] = "cpu",
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Skip what is recorded already and go on with interrupted runs."
        ),
    ] = False,
    different: Annotated[
        bool,
        typer.Option(
            "--allow-different-data",
            help="Accept corpora whose rows are not the registered ones; the records say so.",
        ),
    ] = False,
) -> None:
    """Train a chapter's recipes and write a record of each run into data/records.

    Seed by seed: all recipes with the first seed, then all with the next.
    """
    surroundings = current()
    chapter = choose("paper", paper, surroundings.papers())
    by_name = {recipe.name: recipe for recipe in choose("tier", tier, chapter.RECIPES)}
    recipes = [choose("recipe", name, by_name) for name in dict.fromkeys(only or by_name)]
    require_device(device)
    require_writable(surroundings.records / paper)
    # Not above: `replicate --help` must not wait for it.
    from replications.corpora.loading import different_data_allowed

    with different_data_allowed(different):
        _require_corpora(surroundings.corpora(), chapter.CORPORA[tier])

    total = len(recipes) * seeds
    minutes = seeds * sum(recipe.minutes for recipe in recipes)
    console.print(f"{paper}, tier {tier}: {total} runs, about {duration(minutes)} on 2 CPU cores.")
    done = 0
    try:
        for seed in range(seed_from, seed_from + seeds):
            for recipe in recipes:
                path = record_path(paper, recipe.name, tier, seed, surroundings.records)
                if resume and path.exists() and not is_stale(load_record(path), recipe):
                    console.print(f"{recipe.name}, seed {seed}: is recorded already.")
                    continue
                checkpoints = checkpoint_folder(recipe, paper=paper, tier=tier, seed=seed)
                with _failures_to_read(recipe.name, seed), different_data_allowed(different):
                    record = surroundings.fit(
                        recipe,
                        paper=paper,
                        tier=tier,
                        seed=seed,
                        device=device,
                        resume=resume,
                        checkpoints=checkpoints,
                        progress=console.is_terminal,
                    ).record
                _save(record, surroundings.records, checkpoints)
                _keep_or_remove(checkpoints, recipe, record, surroundings.papers(), device)
                done += 1
                console.print(_one_line(record))
    except KeyboardInterrupt:
        console.print(
            f"Stopped after {done} of {total} runs. The same command with --resume goes on."
        )
        raise typer.Exit(130) from None
    _say_what_is_next(chapter, paper, tier, surroundings.records)


def checkpoint_folder(recipe: Any, *, paper: str, tier: str, seed: int) -> Path:
    """Where an interrupted run lies, by the recipe's hash: an edited recipe starts anew."""
    name = f"{recipe.name}.{tier}.seed{seed}-{recipe.hash}"
    return cache_folder() / "runs" / paper / name


def require_device(device: str) -> None:
    """Raise ReplicationError unless this machine, with the installed torch, has the device."""
    choose("device", device, dict.fromkeys(DEVICES))
    if device == "cpu":
        return
    import torch

    there = torch.cuda.is_available() if device == "cuda" else torch.backends.mps.is_available()
    if not there:
        raise ReplicationError(
            f"The installed torch {torch.__version__} finds no {device} device here. Use "
            "--device cpu, or install the torch build for your accelerator (see pytorch.org)."
        )


def _require_corpora(corpora: Any, names: Iterable[str]) -> None:
    available = {corpus.name: corpus.available for corpus in corpora.list_corpora()}
    for name in names:
        if available.get(name, NOT_HERE) == NOT_HERE:
            corpora.fetch_corpus(name)


@contextmanager
def _failures_to_read(recipe: str, seed: int) -> Iterator[None]:
    """Turn a full disk or memory during training into a sentence; defects keep their traceback."""
    try:
        yield
    except OSError as error:
        raise ReplicationError(
            f"{recipe}, seed {seed}, stopped: {error}. Mend that, then give the same command with "
            "--resume: it goes on from the last checkpoint."
        ) from error
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "out of memory" not in str(error):
            raise
        raise ReplicationError(
            f"{recipe}, seed {seed}, ran out of memory. `replicate list` says what a tier takes: "
            "close other programs, take another --device or a smaller tier."
        ) from error


def _save(record: Record, folder: Path, checkpoints: Path) -> None:
    try:
        save_record(record, folder)
    except ReplicationError as error:
        raise ReplicationError(
            f"{error}\nThe trained run is kept in {checkpoints}: the same command with --resume "
            "records it without training it again."
        ) from error


def _keep_or_remove(
    checkpoints: Path, recipe: Any, record: Record, papers: Mapping[str, Any], device: str
) -> None:
    """Keep what a recorded run ended with where other recipes begin with it, and else remove it.

    Of other data than the registered ones nothing is kept, so that nobody begins with it unasked.
    """
    starts = {
        other.start.training_hash
        for chapter in papers.values()
        for recipes in chapter.RECIPES.values()
        for other in recipes
        if other.start is not None
    }
    registered = all(corpus["expected"] for corpus in record.corpora)
    if checkpoints.exists() and registered and recipe.training_hash in starts:
        kept = trained_folder(recipe.name, recipe.training_hash, seed=record.seed, device=device)
        shutil.rmtree(kept, ignore_errors=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        checkpoints.rename(kept)
    shutil.rmtree(checkpoints, ignore_errors=True)


def _one_line(record: Record) -> str:
    metrics = ", ".join(f"{name} {value:.4g}" for name, value in record.metrics.items())
    return f"{record.recipe}, seed {record.seed}: {metrics} ({duration(record.seconds / 60)})"


def _say_what_is_next(chapter: Any, paper: str, tier: str, records: Path) -> None:
    folder = records / paper
    shown = folder.relative_to(REPOSITORY) if folder.is_relative_to(REPOSITORY) else folder
    console.print(f"The records are in {shown}.")
    if any(claim.tier == tier for claim in chapter.CLAIMS):
        console.print(
            f"Next: `replicate claims {paper}` for the verdicts; `git add {shown}` to keep the "
            "records."
        )
    else:
        tiers = ", ".join(dict.fromkeys(claim.tier for claim in chapter.CLAIMS)) or "none"
        console.print(
            f"No claim is judged at tier {tier} (claims are at: {tiers}). Next: `replicate list` "
            "for what the other tiers need."
        )
