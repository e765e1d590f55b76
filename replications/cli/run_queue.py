"""`replicate run` without a paper: what is missing, most valuable first, within a time."""

import gc
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import typer

from replications.cli.environment import Surroundings
from replications.cli.run_display import display_of
from replications.cli.run_options import RunOptions, require_corpora, shown
from replications.cli.run_table import estimates_of, print_table
from replications.cli.terminal import (
    choose,
    choose_tier,
    console,
    duration,
    terminated_as_interrupted,
)
from replications.errors import ReplicationError
from replications.records import require_writable
from replications.training.jobs import Job
from replications.training.queue import Plan, Queue, missing_jobs, started_from
from replications.training.workers import GRACE, START, Crew

# The command leaves before its limit: seconds for the workers to leave, and for the last lines.
MARGIN = GRACE + 4.0


def run_queue(
    options: RunOptions,
    surroundings: Surroundings,
    *,
    within: float | None,
    workers: int,
    dry_run: bool,
    cluster: str | None = None,
) -> None:
    """Run what has no record yet; exit status 1 where a run failed, 130 after Ctrl-C.

    In several processes of this machine, or on the cluster at an address.
    """
    begun = _start_of_this_process()
    every = surroundings.papers()
    papers = _chosen(options, every)
    plan = missing_jobs(
        papers,
        options.tier,
        seeds=options.seeds,
        records=options.records,
        started=started_from(every),
        device=options.device,
        only=options.compared or (dict.fromkeys(papers, options.only) if options.only else None),
        replace_stale=options.replace,
    )
    _say_what_is_there(plan, options)
    # A sweep replaces only what is older, as its help says.
    if options.replace and not options.resume and plan.recorded and not plan.jobs:
        raise ReplicationError(
            "--replace with --workers, --within, --claim or without PAPER replaces records of "
            "older recipes alone, and here are none. `replicate run PAPER --replace`, without "
            "those options, trains again what has a record of today's recipe."
        )
    if not plan.jobs:
        return
    estimates = estimates_of(plan.jobs, options)
    if dry_run:
        print_table(plan.jobs, estimates, workers, within)
        return
    require_writable(options.records)
    queue = Queue(list(plan.jobs))
    display = display_of(queue, estimates)
    _require_what_they_read(queue, papers, options, surroundings)
    crew = Crew(
        queue,
        options.workplace(surroundings.fit),
        display,
        seconds=estimates.seconds,
        parts=epochs_of,
        count=workers,
        deadline=float("inf") if within is None else begun + within - MARGIN,
    )
    if within is not None:
        _require_time(crew, queue, within)
    stopped = False
    try:
        with _workers_of(crew, cluster, options.device), terminated_as_interrupted():
            _say_what_it_takes(queue, estimates, crew.count)
            with display:
                crew.run()
    except KeyboardInterrupt:
        stopped = True
    _say_what_was_done(queue, estimates, options)
    # Else Python collects all of torch's objects once more before it exits: on a busy machine
    # that takes seconds, which would exceed the time limit.
    gc.freeze()
    if stopped:
        raise typer.Exit(130)
    if queue.failed:
        raise typer.Exit(1)


@contextmanager
def _workers_of(crew: Crew, cluster: str | None, device: str) -> Iterator[None]:
    """Let the crew hire on the cluster, where there is one."""
    if cluster is None:
        yield
        return
    from replications.training.cluster import TRIES_AGAIN, joined

    with joined(cluster, device) as there:
        crew.hire, crew.count, crew.tries_again = there.hire, there.size, TRIES_AGAIN
        yield


def _say_what_it_takes(queue: Queue, estimates: Any, workers: int) -> None:
    jobs = queue.waiting
    if not jobs:
        return
    minutes = sum(map(estimates.seconds, jobs)) / 60
    operations = math.fsum(estimates.cost(job).operations for job in jobs)
    beside = f", {duration(minutes / workers)} with {workers} side by side" if workers > 1 else ""
    console.print(
        f"{len(jobs)} runs: {operations:.1e} operations, about {duration(minutes)} of a worker"
        f"{beside}."
    )


def epochs_of(job: Job) -> int:
    from replications.training.estimates import epochs_of

    return epochs_of(job)


def _start_of_this_process() -> float:
    """When this command was started, on the clock of `time.monotonic`: imports took time, too."""
    import psutil

    return time.monotonic() - (time.time() - psutil.Process().create_time())


def _chosen(options: RunOptions, papers: Mapping[str, Any]) -> dict[str, Any]:
    """The papers that have the tier, and one of the recipes that were asked for."""
    if options.compared is not None:
        return {slug: papers[slug] for slug in options.compared}
    if options.paper is not None:
        papers = {options.paper: choose("paper", options.paper, papers)}
    tiers = dict.fromkeys(tier for paper in papers.values() for tier in paper.RECIPES)
    choose_tier(options.tier, options.paper or "The book", tiers)
    found = {slug: paper for slug, paper in papers.items() if options.tier in paper.RECIPES}
    names = {
        recipe.name: None for paper in found.values() for recipe in paper.RECIPES[options.tier]
    }
    for name in options.only:
        choose("recipe", name, names)
    return found


def _say_what_is_there(plan: Plan, options: RunOptions) -> None:
    console.print(
        f"Tier {options.tier}: {len(plan.jobs)} runs are missing in {shown(options.records)}, "
        f"{plan.recorded} are recorded."
    )
    if plan.stale:
        console.print(
            f"{len(plan.stale)} records are of older recipes, such as {shown(plan.stale[0])}: they "
            "are left alone; --replace trains them again and replaces them."
        )
    if not plan.jobs:
        console.print("Nothing is left to be run.")


def _require_what_they_read(
    queue: Queue,
    papers: Mapping[str, Any],
    options: RunOptions,
    surroundings: Surroundings,
) -> None:
    """Fetch the corpora; where some cannot be had, the runs of those chapters fail, not others."""
    for slug in dict.fromkeys(job.paper for job in queue.waiting):
        try:
            require_corpora(
                surroundings.corpora(),
                papers[slug].CORPORA[options.tier],
                options.allow_different_data,
            )
        except ReplicationError as error:
            theirs = [job for job in queue.waiting if job.paper == slug]
            for job in theirs:
                if job in queue.waiting:
                    queue.fail(job, "its corpora cannot be had")
            console.print(f"{slug}: {len(theirs)} runs are left out. {error}")


def _require_time(crew: Crew, queue: Queue, within: float) -> None:
    """Raise ReplicationError where not even the shortest run fits."""
    ready = [job for job in queue.waiting if job.start is None]
    if not ready or any(crew.may_start(job) for job in ready):
        return
    shortest = min(ready, key=lambda job: crew.seconds(job) / crew.parts(job))
    needed = crew.seconds(shortest) / crew.parts(shortest) + START + MARGIN
    part = "an epoch of " if crew.parts(shortest) > 1 else ""
    raise ReplicationError(
        f"--within {duration(within / 60)} is shorter than the shortest run that waits: {part}"
        f"{shortest.title} takes about {duration(needed / 60)}, the start included. Give more time."
    )


def _say_what_was_done(queue: Queue, estimates: Any, options: RunOptions) -> None:
    console.print(
        f"Done: {len(queue.done)} runs. Failed: {len(queue.failed)}. Left: {len(queue.waiting)}."
    )
    for title, why in queue.failed.items():
        console.print(f"   failed: {title}: {why.splitlines()[0]}")
    if queue.waiting:
        by_paper: dict[str, float] = defaultdict(float)
        for job in queue.waiting:
            by_paper[job.paper] += estimates.seconds(job)
        left = ", ".join(f"{slug} {duration(took / 60)}" for slug, took in by_paper.items())
        broken = [job for job in queue.waiting if job.checkpoints(options.runs).exists()]
        console.print(f"   left, in time of a worker: {left}")
        for job in broken:
            console.print(f"   begun, and kept in {options.runs}: {job.title}")
    console.print(f"The records are in {shown(options.records)}.")
    if queue.waiting or queue.failed:
        console.print("The same command goes on with what is left.")
