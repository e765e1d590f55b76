"""Recipes that a paper compares with its own and that an earlier paper runs and records.

A paper names them in BORROWED: by the slug of the earlier paper, recipes of that paper's
tier `laptop`, or recipes by tier. Without BORROWED it has its own recipes alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from replications.errors import ReplicationError
from replications.paths import RECORDS
from replications.records import Hashed, Record, load_records

BORROWED_TIER = "laptop"


@runtime_checkable
class WithRecipes(Protocol):
    """What is required of a paper here. It may also have BORROWED."""

    RECIPES: Mapping[str, Sequence[Hashed]]


def judged_recipes(paper: WithRecipes) -> dict[str, tuple[Hashed, ...]]:
    """The recipes that the paper's claims may name, by tier: its own and those it borrows.

    Raises ReplicationError when two of a tier have one name.
    """
    recipes = {tier: tuple(own) for tier, own in paper.RECIPES.items()}
    for lender, by_tier in _borrowed(paper).items():
        for tier, borrowed in by_tier.items():
            taken = {recipe.name for recipe in recipes.get(tier, ())}
            if twice := sorted(taken & {recipe.name for recipe in borrowed}):
                raise ReplicationError(
                    f"The recipe {twice[0]!r} is borrowed from {lender!r}, and another of tier "
                    f"{tier!r} has the same name: a claim could mean either. Rename one."
                )
            recipes[tier] = (*recipes.get(tier, ()), *borrowed)
    return recipes


def records_to_judge(slug: str, paper: WithRecipes, folder: Path = RECORDS) -> list[Record]:
    """The paper's own records, and those of borrowed recipes from the folders of their papers."""
    lent = {
        (lender, tier): {recipe.name for recipe in borrowed}
        for lender, by_tier in _borrowed(paper).items()
        for tier, borrowed in by_tier.items()
    }
    elsewhere = {(tier, name) for (_, tier), names in lent.items() for name in names}
    own = load_records(slug, folder=folder)
    borrowed = [
        record
        for (lender, tier), names in lent.items()
        for record in load_records(lender, tier, folder)
        if record.recipe in names
    ]
    return [record for record in own if (record.tier, record.recipe) not in elsewhere] + borrowed


def chapters_that_run(
    slug: str, paper: WithRecipes, tier: str, recipes: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The recipes that a claim of the paper names, by the slug of the chapter that records them."""
    lent = {
        recipe.name: lender
        for lender, by_tier in _borrowed(paper).items()
        for recipe in by_tier.get(tier, ())
    }
    found: dict[str, list[str]] = {}
    for name in recipes:
        found.setdefault(lent.get(name, slug), []).append(name)
    return {chapter: tuple(names) for chapter, names in found.items()}


def _borrowed(paper: WithRecipes) -> Mapping[str, Mapping[str, Sequence[Hashed]]]:
    return {
        lender: borrowed if isinstance(borrowed, Mapping) else {BORROWED_TIER: borrowed}
        for lender, borrowed in getattr(paper, "BORROWED", {}).items()
    }
