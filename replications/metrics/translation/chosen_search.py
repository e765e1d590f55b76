"""The length penalty of beam search, chosen on the validation part for each trained model."""

from collections.abc import Callable
from functools import partial
from typing import Any

from replications.decoding.search import beam_search
from replications.errors import ReplicationError
from replications.metrics.translation.bleu import bleu, translate_part


def choose_length_penalty(
    objective: Any,
    data: Any,
    *,
    penalties: tuple[float, ...] = (0.6, 1.2, 1.8),
    beam: int = 4,
    early_stopping: bool = False,
) -> None:
    """Set the objective's `search` to the one with the best BLEU on the validation part.

    Source: Vaswani et al. 2017, section 6.1: beam and penalty "were chosen after experimentation on
    the development set". Their 0.6 is not ours: models trained with label smoothing on short
    sentences end their translations early. At equal BLEU the first penalty is taken.
    """
    search = partial(beam_search, beam=beam, early_stopping=early_stopping)
    scores = {}
    for penalty in penalties:
        tried = partial(search, length_penalty=penalty)
        found = translate_part(objective, data, search=tried, part="validation")
        scores[penalty], _ = bleu(found.hypothesis, found.reference)
    best = max(penalties, key=scores.__getitem__)
    objective.search = partial(search, length_penalty=best)


def with_chosen_search(objective: Any, data: Any, *, metric: Callable) -> Any:
    """The `metric` with the search that was chosen for the objective.

    Raises ReplicationError where none was.
    """
    return metric(objective, data, search=_chosen(objective))


def chosen_penalty(objective: Any, data: Any) -> dict[str, float]:
    """`length_penalty`: the one that was chosen. Raises ReplicationError where none was."""
    return {"length_penalty": _chosen(objective).keywords["length_penalty"]}


def _chosen(objective: Any) -> partial:
    if objective.search is None:
        raise ReplicationError(
            "No search was chosen for this model: give its learner finish=choose_length_penalty."
        )
    return objective.search
