"""Many claims judged at once: how many would pass by chance, and which survive a stricter rule."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def benjamini_hochberg(p_values: Mapping[Key, float], false_discovery_rate: float) -> set[Key]:
    """The rejected null hypotheses, of which `false_discovery_rate` is the expected share of true.

    Source: Benjamini and Hochberg 1995, Controlling the false discovery rate, section 3.
    """
    ranked = sorted(p_values, key=p_values.__getitem__)
    kept = [
        rank
        for rank, key in enumerate(ranked, 1)
        if p_values[key] <= false_discovery_rate * rank / len(ranked)
    ]
    return set(ranked[: max(kept, default=0)])
