"""Scores of a task by the number of labelled training examples."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from replications.records import Number, Record


def scores_by_labels(
    records: Sequence[Record], recipes: Mapping[int, Sequence[str]]
) -> dict[int, list[Number]]:
    """By the number of labels the score at each seed, a mean over the draws of labels.

    `recipes` has by the number of labels a recipe for each draw. A seed at which one of them has no
    record is left out, and so is a number of labels without a seed.
    """
    found = {}
    for labels, draws in recipes.items():
        by_seed: dict[int, list[Number]] = defaultdict(list)
        for record in records:
            if record.recipe in draws:
                by_seed[record.seed].append(record.metric("score"))
        means = [sum(each) / len(each) for each in by_seed.values() if len(each) == len(draws)]
        if means:
            found[labels] = means
    return found
