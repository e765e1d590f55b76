"""Evasion, and naming of harm, in the paper's own answers, as a stand-in for people labels them."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from replications.items import FromItems


def published_evasion(model: Any, data: Any) -> dict[str, float]:
    """Of each of the paper's models, in per cent of its answers, and words per answer.

    `evasive:MODEL` answers that evade, `names_harm:MODEL` that name a kind of harm. The items are
    the prompts, as a prompt's answers are alike.
    """
    answers = defaultdict(lambda: defaultdict(list))
    for one in data.answers:
        answers[one.model][one.prompt].append(one.answer)
    prompts = sorted(set.intersection(*(set(each) for each in answers.values())))

    def shares(found: dict[str, list[str]], says: Callable[[str], bool]) -> FromItems:
        per_prompt = [100 * np.mean([says(answer) for answer in found[p]]) for p in prompts]
        return FromItems(float(np.mean(per_prompt)), "mean", per_prompt)

    numbers: dict[str, float] = {"prompts": float(len(prompts))}
    for name, found in answers.items():
        numbers[f"evasive:{name}"] = shares(found, model.evades)
        numbers[f"names_harm:{name}"] = shares(found, model.names_harm)
        lengths = [len(answer.split()) for p in prompts for answer in found[p]]
        numbers[f"words:{name}"] = float(np.mean(lengths))
    return numbers


def published_samples(model: Any, data: Any, *, per_model: int = 3) -> list[dict[str, Any]]:
    """A few answers of each of the paper's models, with their labels."""
    seen: dict[str, set[str]] = defaultdict(set)
    rows = []
    for one in data.answers:
        if len(seen[one.model]) == per_model or one.prompt in seen[one.model]:
            continue
        seen[one.model].add(one.prompt)
        rows.append(
            {
                "model": one.model,
                "prompt": one.prompt,
                "answer": one.answer,
                "evasive": int(model.evades(one.answer)),
                "names_harm": int(model.names_harm(one.answer)),
            }
        )
    return rows
