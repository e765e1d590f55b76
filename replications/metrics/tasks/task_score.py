"""The single score of each task in a table of several tasks."""

from collections.abc import Callable
from typing import Any, NamedTuple

from replications.corpora.texts.labelled_texts import LabelledTexts
from replications.errors import ReplicationError
from replications.metrics.tasks.labels import Agreement, Labeller, label_metrics


class ScoredTask(NamedTuple):
    """A task as a table of several tasks has it.

    `text` is called with the seed, `agreement` with true and predicted labels. `score` is the
    number that counts among those that `agreement` gives, `outputs` how many the classifier has (1
    where the label is a number), `minutes` roughly the time of fine-tuning on two cores.
    """

    text: Callable[..., LabelledTexts]
    agreement: Agreement
    score: str
    minutes: float
    outputs: int = 2


def task_score(
    labeller: Labeller,
    data: Any,
    *,
    agreement: Agreement,
    score: str,
    part: str = "test",
    prefix: str = "",
) -> dict[str, float]:
    """The `agreement` on a part of the data's examples, and the number named `score` again.

    So each task has a number named `score`, in per cent, whatever its own measure is. The names get
    the prefix. Raises ReplicationError where `agreement` gives no number of that name.
    """
    found = label_metrics(labeller, data, agreement=agreement, part=part)
    if score not in found:
        raise ReplicationError(
            f"The task has no metric {score!r} to be its score; there is: {', '.join(found)}."
        )
    return {prefix + name: value for name, value in {**found, "score": found[score]}.items()}
