"""`replicate run PAPER`: a chapter's recipes, in this process, one after the other."""

from pathlib import Path
from typing import Any

import typer

from replications.cli.environment import Surroundings
from replications.cli.run_options import (
    RunOptions,
    one_line,
    progress_of,
    require_corpora,
    require_shared,
    shown,
)
from replications.cli.run_table import estimates_of, print_table
from replications.cli.terminal import (
    choose,
    choose_tier,
    console,
    duration,
    terminated_as_interrupted,
)
from replications.errors import ReplicationError
from replications.records import (
    is_stale,
    load_records,
    require_writable,
)
from replications.training.jobs import Job, run_job
from replications.training.queue import started_from, sweep_of, with_starts


def run_paper(options: RunOptions, surroundings: Surroundings, *, dry_run: bool) -> None:
    """Train what was asked for, seed by seed, and say what to do next; or show what that takes."""
    papers = surroundings.papers()
    chapter = choose("paper", options.paper, papers)
    of_tier = choose_tier(options.tier, options.paper, chapter.RECIPES)
    by_name = {recipe.name: recipe for recipe in of_tier}
    recipes = [choose("recipe", name, by_name) for name in options.only or by_name]
    started = started_from(papers)
    swept = sweep_of(options.paper, chapter, options.tier)
    jobs = [
        Job(
            options.paper,
            options.tier,
            recipe,
            seed,
            kept=recipe.training_hash in started,
            compact=recipe.name in swept,
        )
        for seed in options.seeds
        for recipe in recipes
    ]
    require_shared(recipes, options)
    folder = options.records / options.paper
    recorded = _recorded(jobs, folder, options)
    if dry_run:
        _show([job for job in jobs if job not in recorded], options)
        return
    require_writable(folder)
    require_corpora(
        surroundings.corpora(), chapter.CORPORA[options.tier], options.allow_different_data
    )
    place = options.workplace(surroundings.fit)
    total = len(jobs)
    minutes = len(options.seeds) * sum(recipe.minutes for recipe in recipes)
    console.print(
        f"{options.paper}, tier {options.tier}: {total} runs, about {duration(minutes)} on 2 CPU "
        "cores."
    )
    done = 0
    try:
        with terminated_as_interrupted():
            for job in jobs:
                if job in recorded:
                    console.print(f"{job.recipe.name}, seed {job.seed}: is recorded already.")
                    continue
                record = run_job(job, place, resume=options.resume, progress=progress_of(job))
                done += 1
                if record is not None:
                    console.print(one_line(record))
    except KeyboardInterrupt:
        console.print(
            f"Stopped after {done} of {total} runs. The same command with --resume goes on."
        )
        raise typer.Exit(130) from None
    _say_what_is_next(chapter, options.paper, options.tier, folder)


def _show(jobs: list[Job], options: RunOptions) -> None:
    if jobs:
        jobs = with_starts(jobs, options.device)
        print_table(jobs, estimates_of(jobs, options), workers=1)
    else:
        console.print("Nothing is left to be run.")


def _recorded(jobs: list[Job], folder: Path, options: RunOptions) -> list[Job]:
    """The jobs to be skipped. Raises ReplicationError for records that nobody said to replace."""
    found = load_records(options.paper, options.tier, options.records)
    by_run = {(record.recipe, record.seed): record for record in found}
    there = {
        job.title: record for job in jobs if (record := by_run.get((job.recipe.name, job.seed)))
    }
    fresh = [
        job
        for job in jobs
        if options.resume
        and job.title in there
        and not is_stale(there[job.title], job.recipe)
        and there[job.title].failed.get("how") != "raised"
    ]
    again = {title for title, record in there.items() if record.failed.get("how") == "raised"}
    in_the_way = there.keys() - {job.title for job in fresh} - again
    if in_the_way and not options.replace:
        first = there[min(in_the_way)].filename
        stale = " of an older recipe" if options.resume else ""
        keep = "" if options.resume else "--resume keeps them and makes those that are missing; "
        raise ReplicationError(
            f"{shown(folder)} has {len(in_the_way)} of the {len(jobs)} records already{stale}, "
            f"such as {first}. {keep}--records FOLDER writes to a place of your own; --replace "
            "replaces them."
        )
    return fresh


def _say_what_is_next(chapter: Any, paper: str, tier: str, folder: Path) -> None:
    console.print(f"The records are in {shown(folder)}.")
    if any(claim.tier == tier for claim in chapter.CLAIMS):
        console.print(
            f"Next: `replicate claims {paper}` for the verdicts; `git add {shown(folder)}` to keep "
            "the records."
        )
    else:
        tiers = ", ".join(dict.fromkeys(claim.tier for claim in chapter.CLAIMS)) or "none"
        console.print(
            f"No claim is judged at tier {tier} (claims are at: {tiers}). Next: `replicate list` "
            "for what the other tiers need."
        )
