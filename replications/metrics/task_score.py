"""The one number of a task that a table of several tasks has, beside all that is measured."""

from typing import Any

from replications.errors import ReplicationError
from replications.metrics.labels import Agreement, Labeller, label_metrics


def task_score(
    labeller: Labeller,
    data: Any,
    *,
    agreement: Agreement,
    score: str,
    part: str = "test",
    prefix: str = "",
) -> dict[str, float]:
    """What `agreement` says of a part of the data's examples, and the one named `score` again.

    So each task has a number named `score`, in per cent, whatever its own measure is. The names get
    the prefix. Raises ReplicationError where `agreement` gives no number of that name.
    """
    found = label_metrics(labeller, data, agreement=agreement, part=part)
    if score not in found:
        raise ReplicationError(
            f"The score of a task is to be its {score!r}, and there is none; there is: "
            f"{', '.join(found)}."
        )
    return {prefix + name: value for name, value in {**found, "score": found[score]}.items()}
