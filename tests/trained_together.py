"""Small runs whose numbers must not depend on how their batches are shared; as a script, with two
processes: Lightning starts the second by the same command.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from cut_down import cut_down, replace_corpora

from replications.metrics.language.masked_likelihood import masked_likelihood
from replications.metrics.language.text_likelihood import bits_per_byte
from replications.metrics.translation.likelihood import negative_log_likelihood
from replications.papers import PAPERS
from replications.recipes import Recipe
from replications.training.fit import fit

# A network of each kind, none with dropout, which draws anew for each share; and its measure, taken
# in 32 bits.
MEASURES = {
    ("gpt2", "layers-2"): bits_per_byte,
    ("bert", "bert"): partial(masked_likelihood, batches=2),
    ("transformer", "dropout-0"): negative_log_likelihood,
}
KINDS = tuple(MEASURES)


def small_recipe(paper: str, name: str) -> Recipe:
    """In miniature and in 32 bits, with the losses on the way in its trajectory."""
    by_name = {recipe.name: recipe for recipe in PAPERS[paper].RECIPES["laptop"]}
    small = cut_down(by_name[name])
    learner = partial(
        small.learner.func,
        **{**small.learner.keywords, "precision": "32-true", "watch": (), "finish": None},
    )
    return replace(small, learner=learner, metrics=(MEASURES[paper, name],), texts=None)


def numbers_of(record) -> dict[str, float]:
    """Metrics, loss, operations and tokens: all but times, memory and machine."""
    last = record.trajectory[-1]
    counted = {name: float(last[name]) for name in ("loss", "flops", "tokens")}
    return {**{name: float(value) for name, value in record.metrics.items()}, **counted}


class _Set:
    """What of pytest's monkeypatch is used, without putting anything back."""

    setattr = staticmethod(setattr)


if __name__ == "__main__":
    replace_corpora(_Set())
    found = {}
    for paper, name in KINDS:
        run = fit(small_recipe(paper, name), paper=paper, tier="laptop", seed=0, devices=2)
        if run.record is not None:
            found[name] = numbers_of(run.record)
    if found:
        Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
