"""Metrics during training, by the tokens read."""

from collections.abc import Iterable

from replications.records import Number, Record


def by_million_tokens(
    records: Iterable[Record], recipe: str, metric: str
) -> dict[Number, list[Number]]:
    """A metric of a recipe's trajectories at each seed, by millions of tokens read.

    Raises ValueError where the runs have trajectories of several lengths.
    """
    runs = [record.trajectory for record in records if record.recipe == recipe]
    points = zip(*runs, strict=True)
    return {round(at[0]["tokens"] / 1e6): [point[metric] for point in at] for at in points}
