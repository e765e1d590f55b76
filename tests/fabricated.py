"""Fabricated recipes, records, claims, papers: for tests of what is said of runs, without a run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from replications.claims import Above, Claim, Value
from replications.records import Record


@dataclass(frozen=True)
class FabricatedRecipe:
    name: str
    hash: str = "0123456789abcdef"
    minutes: float = 1.5
    parts: dict = field(default_factory=dict)
    training_hash: str = "fedcba9876543210"
    start: "FabricatedRecipe | None" = None
    learner: Any = None

    def describe(self) -> dict:
        return self.parts


WIKIPEDIA = {
    "name": "wikipedia-en-2018",
    "split": "train",
    "kind": "real",
    "sha256": "a" * 64,
    "rows": 29,
    "origin": "mirror",
    "expected": True,
}


def fabricate_record(
    recipe: str = "skip-gram",
    seed: int = 0,
    metrics: dict | None = None,
    *,
    paper: str = "word2vec",
    tier: str = "laptop",
    **changed: object,
) -> Record:
    fields = {
        "recipe_hash": "0123456789abcdef",
        "recipe_parts": {"learner": {"epochs": 3}},
        "commit": "f" * 40,
        "command": "replicate run word2vec --tier laptop --seeds 3",
        "device": "AMD EPYC, 2 threads",
        "date": "2026-01-02T03:04:05+00:00",
        "versions": {"python": "3.11.7", "torch": "2.13.0"},
        "corpora": [dict(WIKIPEDIA)],
        "parameters": {"embedding": 700, "other": 30},
        "tokens_seen": 1100,
        "flops": 1.3e9,
        "seconds": 17.25,
        "peak_memory_bytes": 190_000_000,
        "trajectory": [{"seconds": 1.0, "tokens": 100, "loss": 2.5}],
        "metrics": {"total": 0.1} if metrics is None else metrics,
    }
    return Record(paper=paper, recipe=recipe, tier=tier, seed=seed, **{**fields, **changed})


def fabricate_failed(recipe: str, why: str) -> Record:
    """A run that diverged, and what is said of it."""
    failed = {"how": "diverged", "why": why}
    return fabricate_record(recipe, trajectory=[], metrics={}, failed=failed)


def fabricate_records(recipe: str, totals: Sequence[float], **changed: object) -> list[Record]:
    return [
        fabricate_record(recipe, seed, {"total": total}, **changed)
        for seed, total in enumerate(totals)
    ]


def fabricate_claim(slug: str = "good", **changed: object) -> Claim:
    """A claim that skip-gram's total is above zero; `not_testable` takes the place of a measure."""
    fields = {
        "statement": "Skip-gram is good.",
        "source": "Table 3",
        "paper_value": {"accuracy": 55.5},
        "unit": "%",
    }
    if "not_testable" not in changed:
        fields |= {"measure": Value("skip-gram", "total"), "criterion": Above(0)}
    return Claim(slug, **{**fields, **changed})


def fabricate_paper(*claims: object, **recipes: Sequence[FabricatedRecipe]) -> SimpleNamespace:
    """A stand-in for a module of replications.papers; `recipes` by tier."""
    return SimpleNamespace(
        TITLE="Words as vectors",
        CITATION="Mikolov et al. 2013",
        NUMBER=1,
        CORPORA=dict.fromkeys(recipes, ("wikipedia-en-2018",)),
        RECIPES=dict(recipes),
        CLAIMS=claims,
    )
