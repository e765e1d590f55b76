"""`replicate run PAPER --claim CLAIM`: the runs that one claim of a paper compares."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from replications.cli.run_options import RunOptions
from replications.cli.terminal import choose, console
from replications.errors import ReplicationError


def of_a_claim(
    options: RunOptions, slug: str, papers: Mapping[str, Any], *, seeds: int | None
) -> RunOptions:
    """The options with the tier and the recipes of the claim, and the seeds of its first look.

    `seeds` is how many seeds were asked for, where that was said. Raises ReplicationError without a
    paper, with recipes, a first seed or another tier beside the claim (`smoke` is what stands where
    none was given), and for a claim that no run can decide.
    """
    from replications.claims.shared_recipes import chapters_that_run

    if options.paper is None:
        raise ReplicationError(f"--claim {slug}: give the PAPER that makes the claim, too.")
    if options.only:
        raise ReplicationError("--claim names the recipes: leave --only out.")
    paper = choose("paper", options.paper, papers)
    claim = choose("claim", slug, {each.slug: each for each in paper.CLAIMS})
    if claim.not_testable:
        raise ReplicationError(f"No run decides the claim {slug}: {claim.not_testable}")
    if options.tier not in ("smoke", claim.tier):
        raise ReplicationError(
            f"The claim {slug} is judged at tier {claim.tier}, and not at {options.tier}: leave "
            "--tier out, and REPLICATIONS_TIER unset."
        )
    if options.seeds.start:
        raise ReplicationError("--claim names the first seed: leave --seed-from out.")
    first = claim.first_seed
    console.print(f"{claim.statement} Judged at tier {claim.tier}: {claim.criterion}.")
    return replace(
        options,
        tier=claim.tier,
        seeds=range(first, first + (seeds or min(claim.looks))),
        compared=chapters_that_run(options.paper, paper, claim.tier, claim.recipes),
    )
