"""Tables of a chapter: its cost, its settings, its claims before and after the runs."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from IPython.display import Markdown

from replications.claims import NO_RECORDS
from replications.claims.scoreboard import count_verdicts, over
from replications.claims.shared_recipes import judged_recipes, records_to_judge
from replications.figures.claim_words import (
    both_sides,
    criterion,
    our_value,
    papers_value,
    seed_by_seed,
    verdict_in_words,
)
from replications.figures.judged import verdicts_of
from replications.figures.markdown import (
    BYTES,
    COUNTS,
    FLOPS,
    SECONDS,
    quantity,
    stacking_table,
    table,
)
from replications.papers import find_paper
from replications.paths import RECORDS
from replications.recipes import Recipe
from replications.records import Record, fresh, load_records


def current_records(paper: str, tier: str = "laptop", folder: Path = RECORDS) -> list[Record]:
    """The records at a tier that a paper judges, borrowed ones too: stale ones are left out."""
    module = find_paper(paper)
    records = [r for r in records_to_judge(paper, module, folder) if r.tier == tier]
    return fresh(records, judged_recipes(module))


def no_records_yet(paper: str, tier: str = "laptop") -> Markdown:
    """What stands in place of a table or figure before anything was recorded."""
    return Markdown(
        f"*No records yet:* `replicate run {paper} --tier {tier} --seeds 3` makes them."
    )


def cost_box(paper: str, folder: Path = RECORDS) -> Markdown:
    """What the chapter takes, by tier: hardware, time, memory, operations, seeds, words.

    Recorded tiers show what their runs took; the others show the recipes' own estimate. Borrowed
    recipes take nothing here.
    """
    module = find_paper(paper)
    columns = {
        tier: _recorded_cost(records)
        if (records := fresh(load_records(paper, tier, folder), module.RECIPES))
        else _estimated_cost(tier, recipes)
        for tier, recipes in module.RECIPES.items()
    }
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    # Of a chapter that adds to another's corpora some may be named twice.
    corpora = (", ".join(dict.fromkeys(module.CORPORA[tier])) for tier in columns)
    rows = [["corpora", *corpora]]
    rows += [[name, *(column.get(name, "–") for column in columns.values())] for name in names]
    return stacking_table(["", *(f"`{tier}`" for tier in columns)], rows)


def _recorded_cost(records: Sequence[Record]) -> dict[str, str]:
    recipes = {record.recipe for record in records}
    longest = max(records, key=_training_time)
    return {
        "hardware": "; ".join(_devices(records)),
        "runs": f"{len(records)}, of {len(recipes)} recipes",
        "seeds": _numbers({record.seed for record in records}),
        "training in all": quantity(sum(map(_training_time, records)), SECONDS),
        "longest run": f"{quantity(_training_time(longest), SECONDS)} ({longest.recipe})",
        "peak memory": quantity(max(record.peak_memory_bytes for record in records), BYTES),
        "operations": quantity(sum(record.flops for record in records), FLOPS),
        "tokens read": quantity(sum(record.tokens_seen for record in records), COUNTS),
    }


def _devices(records: Sequence[Record]) -> list[str]:
    return sorted({device for record in records for device in record.devices})


def _training_time(record: Record) -> float:
    """In seconds of processor time: wall-clock time may hold pauses and other work.

    Of a GPU, whose work the processor only launches, it is the wall-clock time.
    """
    if record.tier == "gpu":
        return record.seconds
    epochs = [epoch for epoch in record.trajectory if "processor_seconds" in epoch]
    return epochs[-1]["processor_seconds"] if epochs else record.seconds


def _estimated_cost(tier: str, recipes: Sequence[Recipe]) -> dict[str, str]:
    runs = f"{len(recipes)} recipes, not recorded"
    if tier == "gpu":
        # A recipe's estimate is for a CPU; `replicate run --dry-run` estimates for a GPU.
        return {"hardware": "one GPU", "runs": runs}
    minutes = [recipe.minutes for recipe in recipes]
    return {
        "hardware": "2 CPU cores",
        "runs": runs,
        "training in all": f"about {quantity(60 * sum(minutes), SECONDS)} a seed",
        "longest run": f"about {quantity(60 * max(minutes), SECONDS)}",
    }


def claims_before(paper: str) -> Markdown:
    """The claims with the paper's numbers and our criterion: fixed before anything was run."""
    rows = [
        (
            f"{number}. {claim.statement}",
            f"{papers_value(claim)}<br>*{claim.source}*",
            criterion(claim),
        )
        for number, claim in enumerate(find_paper(paper).CLAIMS, 1)
    ]
    return stacking_table(("claim", "the paper reports", "we accept it when"), rows)


def verdict_table(paper: str, folder: Path = RECORDS) -> Markdown:
    """The claims after the runs: the paper's value, ours with its interval, the verdict.

    Those without records are counted below: `claims_before` has them.
    """
    module = find_paper(paper)
    records, recipes = records_to_judge(paper, module, folder), judged_recipes(module)
    records, verdicts = fresh(records, recipes), verdicts_of(paper, folder)
    rows, waiting = [], []
    for number, verdict in enumerate(verdicts, 1):
        claim = verdict.claim
        if verdict.verdict == NO_RECORDS:
            waiting.append(number)
            continue
        judged = verdict.measured is not None
        rows.append(
            (
                f"{number}. {claim.statement}",
                papers_value(claim),
                both_sides(verdict, records) + our_value(verdict) if judged else "–",
                f"{verdict_in_words(verdict)}{seed_by_seed(verdict, records) if judged else ''} "
                f"(`{claim.tier}`)",
            )
        )
    judged = [verdict for verdict in verdicts if verdict.look]
    covered = ", or ".join(dict.fromkeys(map(over, judged)))
    notes = []
    if rows:
        notes.append(
            "Ours: what the two sides measure, then their difference or ratio, taken seed by seed, "
            f"mean and 98 % interval over {covered or 'the seeds'}, from data that each record "
            "names."
        )
    if waiting:
        what = "claim has" if len(waiting) == 1 else "claims have"
        notes.append(
            f"{len(waiting)} {what} no records yet: {_numbers(waiting)} of the table at the top of "
            "the page."
        )
    note = "\n\n".join(notes)
    header = ("claim", "the paper reports", "ours", "verdict")
    return stacking_table(header, rows, note) if rows else Markdown(note)


def verdict_count(paper: str, folder: Path = RECORDS) -> Markdown:
    """How many of the paper's claims have which verdict, in one line."""
    verdicts = verdicts_of(paper, folder)
    controls = sum(verdict.claim.role == "control" for verdict in verdicts)
    apart = "is a control, which is" if controls == 1 else "are controls, which are"
    left_out = f" Of its rows {controls} {apart} not counted." if controls else ""
    return Markdown(
        f"**{count_verdicts(verdicts)}** The table of verdicts says which is which.{left_out}"
    )


def provenance_line(paper: str, tier: str = "laptop", folder: Path = RECORDS) -> Markdown:
    """Which code, machine, seeds and days the chapter's recorded numbers come from."""
    records = current_records(paper, tier, folder)
    if not records:
        return no_records_yet(paper, tier)
    commits = ", ".join(f"`{name}`" for name in sorted({_short_commit(r.commit) for r in records}))
    days = sorted({record.date[:10] for record in records})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    devices = " and ".join(_devices(records))
    folders = ", ".join(f"`data/records/{slug}`" for slug in sorted({r.paper for r in records}))
    return Markdown(
        f"*Recorded at tier `{tier}`: {len(records)} runs, seeds "
        f"{_numbers({record.seed for record in records})}, commit {commits}, on {devices}, {when}. "
        f"The files: {folders}.*"
    )


def _short_commit(commit: str) -> str:
    sha, _, dirty = commit.partition("-")
    return f"{sha[:9]}-{dirty}" if dirty else sha[:9]


def _numbers(seeds: Iterable[int]) -> str:
    return ", ".join(str(seed) for seed in sorted(seeds))


def recipe_table(recipe: Recipe, rows: Iterable[tuple[str, str, str, str]]) -> Markdown:
    """Settings as (what, the paper's, ours, reason); "ours" is the recipe's argument of that name.

    A dotted name picks one of several arguments that share a name: "output.exponent".
    """
    return table(
        ("", "paper", "ours", "reason"),
        ((what, paper, setting(recipe, name), reason) for what, paper, name, reason in rows),
    )


def setting(recipe: Recipe, name: str) -> str:
    """An argument of one of the recipe's parts, read from its description.

    Raises KeyError when no part has it.
    """
    tree: Any = recipe.describe()
    for key in name.split("."):
        tree = _find(tree, key)
    return str(tree["part"] if isinstance(tree, dict) else tree)


def _find(tree: Any, name: str) -> Any:
    """The value of the key nearest to the root."""
    level = [tree]
    while level:
        for node in level:
            if isinstance(node, dict) and name in node:
                return node[name]
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    raise KeyError(name)
