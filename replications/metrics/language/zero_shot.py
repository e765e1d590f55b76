"""Zero-shot classification by the most probable word after a text."""

from collections.abc import Sequence
from typing import Any

from sklearn.metrics import roc_auc_score

from replications.corpora.texts.labelled_texts import Labelled
from replications.errors import ReplicationError
from replications.items import FromItems
from replications.metrics.language.completions import (
    Completion,
    choose_completion,
    score_completions,
)


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
    index of the most probable among `answers`. `zero_shot_last` is the share that get the last of
    them: near 0 or 100 the model prefers one word whatever the text is.

    The texts are the test part of `data.eval_sets[task]`, or its first `examples`. White space at
    their ends is left out. Raises ReplicationError for a task of pairs, or with other labels.
    """
    prompts, labels = _asked(data.eval_sets[task].test, examples, task, ending, len(answers))
    questions = [(prompt, answers) for prompt in prompts]
    chosen = choose_completion(objective.model, data.vocabulary, questions, max_length=data.length)
    right = sum(answer == label for answer, label in zip(chosen, labels, strict=True))
    last = sum(answer == len(answers) - 1 for answer in chosen)
    return {
        "zero_shot_accuracy": FromItems(100 * right / len(prompts), "accuracy", chosen, labels),
        "zero_shot_last": 100 * last / len(prompts),
    }


def zero_shot_auc(
    objective: Any,
    data: Any,
    *,
    task: str,
    ending: str,
    answers: tuple[str, str],
    part: str = "test",
    examples: int | None = None,
    batch_tokens: int = 16_384,
    prefix: str = "",
) -> dict[str, float]:
    """`zero_shot_auc`: the area under the ROC curve of ln P(answers[1]) - ln P(answers[0]), in %.

    It is the share of pairs of a text labelled 1 and one labelled 0 of which the first has the
    greater difference: 50 is chance, and that the model prefers one of the words whatever the text
    is, which decides `zero_shot_accuracy`, does not count. Texts and prompts are those of
    `zero_shot_accuracy`; the names get the prefix.

    Raises ReplicationError as that does, and where all texts have the same label.
    """
    labelled = getattr(data.eval_sets[task], part)
    prompts, labels = _asked(labelled, examples, task, ending, 2)
    if len(set(labels)) < 2:
        raise ReplicationError(
            f"All {len(labels)} examples of {task!r} have the label {labels[0]:.0f}: take more."
        )
    scores = score_completions(
        objective.model,
        data.vocabulary,
        [Completion(prompt, answer) for answer in answers for prompt in prompts],
        max_length=data.length,
        tokens_per_batch=batch_tokens,
    ).log_probability.numpy()
    difference = scores[len(prompts) :] - scores[: len(prompts)]
    return {f"{prefix}zero_shot_auc": 100 * float(roc_auc_score(labels, difference))}


def _asked(
    part: Labelled, examples: int | None, task: str, ending: str, answers: int
) -> tuple[list[str], Sequence[float]]:
    texts, labels = part.texts[:examples], part.labels[:examples]
    if any(len(text) != 1 for text in texts) or not set(labels) <= set(range(answers)):
        raise ReplicationError(
            f"Each example of {task!r} must be one text, labelled with 0 to {answers - 1}: "
            "give an answer for each label, or another task."
        )
    return [text.rstrip() + ending for (text,) in texts], labels
