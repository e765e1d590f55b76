"""The runs that a folder of records lacks, and the order in which they are made."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from replications.errors import ReplicationError
from replications.records import is_stale, load_records
from replications.training.jobs import Job, Trained, kept_start


@dataclass(frozen=True)
class Plan:
    """The jobs in their order; how many runs are recorded already; records of old recipes."""

    jobs: tuple[Job, ...]
    recorded: int
    stale: tuple[Path, ...]


def missing_jobs(
    papers: Mapping[str, Any],
    tier: str,
    *,
    seeds: Iterable[int],
    records: Path,
    started: Collection[str],
    device: str = "cpu",
    only: Mapping[str, Collection[str]] | None = None,
    replace_stale: bool = False,
) -> Plan:
    """The runs of these papers' recipes of a tier that have no fresh record in the folder.

    A paper may give in `PRIORITY[tier]`, by the recipe's name, the priority of a run: the larger
    comes first, over all papers; 0 by default. Then seed by seed, so that each recipe has one run
    before any has two, in the order of the papers and their recipes. A recipe that others start
    from has the highest priority of these. `only` names recipes by paper, and leaves out others.
    `started` is what `started_from` gives for all papers, also for those that are not to be run.

    Records of an older recipe are left alone, and named, unless `replace_stale`. A run that
    diverged would do so again and is not missing; one that an error ended is.
    """
    wanted: list[Job] = []
    stale: list[Path] = []
    recorded = 0
    there = {
        (slug, record.recipe, record.seed): record
        for slug in papers
        for record in load_records(slug, tier, records)
    }
    sweeps = {slug: sweep_of(slug, paper, tier) for slug, paper in papers.items()}
    for seed in seeds:
        for slug, paper in papers.items():
            values = _priorities(slug, paper, tier)
            for recipe in paper.RECIPES.get(tier, ()):
                if only is not None and recipe.name not in only.get(slug, ()):
                    continue
                record = there.get((slug, recipe.name, seed))
                if record and is_stale(record, recipe):
                    if not replace_stale:
                        stale.append(records / slug / record.filename)
                        continue
                elif record and record.failed.get("how") != "raised":
                    recorded += 1
                    continue
                worth = float(values.get(recipe.name, 0))
                kept = recipe.training_hash in started
                compact = recipe.name in sweeps[slug]
                wanted.append(Job(slug, tier, recipe, seed, worth, kept=kept, compact=compact))
    return Plan(tuple(_ordered(with_starts(wanted, device))), recorded, tuple(stale))


def started_from(papers: Mapping[str, Any]) -> frozenset[str]:
    """The training hashes of what recipes of these papers start from: such models are kept."""
    return frozenset(
        recipe.start.training_hash
        for paper in papers.values()
        for recipes in paper.RECIPES.values()
        for recipe in recipes
        if recipe.start is not None
    )


def sweep_of(slug: str, paper: Any, tier: str) -> frozenset[str]:
    """The names of the recipes whose runs make a sweep: the paper may name them in `SWEEPS[tier]`.

    They are among its RECIPES as all others. Their records are in one file, see
    `records/compact.py`. Raises ReplicationError for one that is no recipe of the tier.
    """
    names = {recipe.name for recipe in getattr(paper, "SWEEPS", {}).get(tier, ())}
    if unknown := sorted(names - {recipe.name for recipe in paper.RECIPES.get(tier, ())}):
        raise ReplicationError(
            f"replications/papers/{slug}: SWEEPS[{tier!r}] has {', '.join(unknown)}, which is no "
            "recipe of that tier. Add it to RECIPES."
        )
    return frozenset(names)


def _priorities(slug: str, paper: Any, tier: str) -> Mapping[str, int | float]:
    values = getattr(paper, "PRIORITY", {}).get(tier, {})
    names = {recipe.name for recipe in paper.RECIPES.get(tier, ())}
    if unknown := sorted(values.keys() - names):
        raise ReplicationError(
            f"replications/papers/{slug}: PRIORITY[{tier!r}] names {', '.join(unknown)}, which is "
            "no recipe of that tier. Correct the name."
        )
    return values


def with_starts(wanted: list[Job], device: str) -> list[Job]:
    """The jobs with the start that each waits for; a start without a job gets one of its own."""
    jobs = {job.trained: job for job in reversed(wanted)}
    order, waiting = list(wanted), list(wanted)
    begins: dict[int, Trained] = {}
    while waiting:
        job = waiting.pop()
        start = job.recipe.start
        if start is None:
            continue
        name = Trained(start.name, start.training_hash, job.seed)
        if name not in jobs:
            if kept_start(start, job.seed, device).exists():
                continue
            again = Job(job.paper, job.tier, start, job.seed, kept=True, recorded=False)
            jobs[name] = again
            order.insert(order.index(job), again)
            waiting.append(again)
        begins[id(job)] = name
    return [replace(job, start=begins.get(id(job))) for job in order]


def _ordered(jobs: list[Job]) -> list[Job]:
    worth = defaultdict(lambda: -float("inf"))
    for job in jobs:
        worth[job.trained] = max(worth[job.trained], job.priority)
    # As many rounds as a chain of starts is long.
    for _ in jobs:
        lifted = False
        for job in jobs:
            if job.start is not None and worth[job.start] < worth[job.trained]:
                worth[job.start], lifted = worth[job.trained], True
        if not lifted:
            break
    lifted_jobs = [replace(job, priority=worth[job.trained]) for job in jobs]
    # Seeds are the outer loop already, and sorting is stable.
    by_worth = sorted(lifted_jobs, key=lambda job: -job.priority)
    return _starts_first(by_worth)


def _starts_first(jobs: list[Job]) -> list[Job]:
    """The same order, but for starts: each comes before the first job that starts from it."""
    by_name = {job.trained: job for job in reversed(jobs)}
    order: dict[int, Job] = {}

    def place(job: Job) -> None:
        if id(job) in order:
            return
        if job.start is not None:
            place(by_name[job.start])
        order[id(job)] = job

    for job in jobs:
        place(job)
    return list(order.values())


@dataclass
class Queue:
    """Jobs that wait, run, are done or failed. A job is ready when its start is trained."""

    waiting: list[Job]
    running: list[Job] = field(default_factory=list)
    done: list[Job] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def take(self, may_start: Callable[[Job], bool]) -> Job | None:
        """The first that is ready and may start; it is running from now on."""
        unfinished = {job.trained for job in (*self.waiting, *self.running)}
        for job in self.waiting:
            if job.start not in unfinished and may_start(job):
                self.waiting.remove(job)
                self.running.append(job)
                return job
        return None

    def end(self, job: Job) -> None:
        self.running.remove(job)
        self.done.append(job)

    def put_back(self, job: Job) -> None:
        """The job was stopped before its end: it waits again, before all others."""
        self.running.remove(job)
        self.waiting.insert(0, job)

    def fail(self, job: Job, why: str) -> None:
        """The job failed, and with it all that start from its model."""
        (self.running if job in self.running else self.waiting).remove(job)
        self.failed[job.title] = why
        for other in [each for each in self.waiting if each.start == job.trained]:
            if other in self.waiting:
                self.fail(other, f"it begins with {job.recipe.name}, which failed")
