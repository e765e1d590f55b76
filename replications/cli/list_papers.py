"""`replicate list`: the chapters, and what each tier of them needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from replications.cli.environment import current
from replications.cli.peak_memory import peak_memory
from replications.cli.terminal import console, duration, gigabytes
from replications.records import load_records

NOT_HERE = "needs download"


def list_papers() -> None:
    """Show the chapters and their tiers: recipes, time, memory, corpora."""
    surroundings = current()
    papers = surroundings.listed()
    available = corpora_available(papers, surroundings.corpora())
    for slug, paper in papers.items():
        console.print(f"{paper.NUMBER}. {slug}: {paper.TITLE}", style="bold")
        console.print(f"   {paper.CITATION}")
        peaks = peak_memory(load_records(slug, folder=surroundings.records))
        for tier, recipes in paper.RECIPES.items():
            needs = [
                f"{len(recipes)} recipe{'' if len(recipes) == 1 else 's'}",
                _time_of(tier, recipes),
                _memory_of(peaks.get(tier, {})) or "memory not measured yet",
                corpora_and_where(paper.CORPORA.get(tier, ()), available) or "no corpus",
            ]
            console.print(f"   {tier:<7} {'; '.join(needs)}")
    if not papers:
        console.print("There are no chapters yet.")
        return
    first = next(iter(papers))
    with_gpu = next((slug for slug, paper in papers.items() if "gpu" in paper.RECIPES), first)
    console.print(
        "Times are for 2 CPU cores; those of a GPU are counted from the operations: `replicate "
        f"run {with_gpu} --tier gpu --dry-run`. Next: `replicate run {first} --tier smoke`, or "
        "`replicate doctor` for what this machine can run."
    )


def _time_of(tier: str, recipes: Sequence[Any]) -> str:
    # How long a recipe of this tier takes depends on the card; counting needs the models.
    if tier == "gpu":
        return "time by device"
    return f"about {duration(sum(recipe.minutes for recipe in recipes))} a seed"


def _memory_of(peaks: Mapping[str, int]) -> str:
    kinds = {"cpu": "of memory", "cuda": "of a GPU's memory"}
    return ", ".join(f"{gigabytes(peaks[each])} {kinds[each]}" for each in kinds if each in peaks)


def corpora_available(papers: Mapping[str, Any], corpora: Any) -> dict[str, str]:
    """Where each corpus can be had that a paper names, of a corpus the splits that it names."""
    registered = {corpus.name for corpus in corpora.list_corpora()}
    named = {
        need for paper in papers.values() for needs in paper.CORPORA.values() for need in needs
    }
    return {
        need: corpora.where(need) for need in sorted(named) if need.partition(":")[0] in registered
    }


def corpora_and_where(names: tuple[str, ...], available: Mapping[str, Any]) -> str:
    """The corpora with where each can be had: "wikipedia-en-2018 (mirror), world-words (...)"."""
    distinct = dict.fromkeys(names)
    return ", ".join(f"{name} ({available.get(name, 'not registered')})" for name in distinct)
