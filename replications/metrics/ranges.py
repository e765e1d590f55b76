"""Named ranges of integers, for metrics by length or by frequency."""

from collections.abc import Sequence

from replications.errors import ReplicationError


def indices_by_range(values: Sequence[int], edges: Sequence[int]) -> dict[str, list[int]]:
    """The indices of the values in each range: edges 10 and 20 make "1-10", "11-20" and "21+".

    An edge belongs to the range it closes. Values below 1 are in no range, and a range without
    values is left out. Raises ReplicationError unless the edges are positive and rise.
    """
    bounds = [0, *edges]
    if any(low >= high for low, high in zip(bounds, bounds[1:], strict=False)):
        raise ReplicationError(f"The edges {tuple(edges)} must be positive and rise.")
    found: dict[str, list[int]] = {}
    for low, high in zip(bounds, [*edges, None], strict=True):
        inside = [
            index
            for index, value in enumerate(values)
            if value > low and (high is None or value <= high)
        ]
        if inside:
            name = f"{low + 1}+" if high is None else f"{low + 1}-{high}"
            found[f"{high}" if high == low + 1 else name] = inside
    return found
