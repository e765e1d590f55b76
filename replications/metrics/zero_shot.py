"""A classifier without any tuning: which word would the language model put after the text?"""

from collections.abc import Sequence
from typing import Any

from replications.errors import ReplicationError
from replications.items import FromItems
from replications.metrics.completions import choose


def zero_shot_accuracy(
    objective: Any,
    data: Any,
    *,
    task: str,
    ending: str,
    answers: Sequence[str],
    examples: int | None = None,
) -> dict[str, float]:
    """`zero_shot_accuracy`: how many texts, in per cent, get the answer of their label.

    Source: Radford et al. 2018, section 5: each text is followed by `ending`, and the label is the
    number of the most probable among `answers`. `zero_shot_last` is the share that get the last of
    them: near 0 or 100 the model prefers a word and does not judge.

    The texts are the test part of `data.beside[task]`, or its first `examples`. Blanks at their
    ends are left out. Raises ReplicationError for a task of pairs, or with other labels.
    """
    part = data.beside[task].test
    texts, labels = part.texts[:examples], part.labels[:examples]
    if any(len(text) != 1 for text in texts) or not set(labels) <= set(range(len(answers))):
        raise ReplicationError(
            f"Each example of {task!r} must be one text, labelled with 0 to {len(answers) - 1}: "
            "give an answer for each label, or another task."
        )
    questions = [(text.rstrip() + ending, answers) for (text,) in texts]
    chosen = choose(objective.model, data.vocabulary, questions, longest=data.length)
    right = sum(answer == label for answer, label in zip(chosen, labels, strict=True))
    last = sum(answer == len(answers) - 1 for answer in chosen)
    return {
        "zero_shot_accuracy": FromItems(100 * right / len(texts), "accuracy", chosen, labels),
        "zero_shot_last": 100 * last / len(texts),
    }
