"""In-context learning: accuracy by the number of examples in the prompt."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from replications.corpora.texts.few_shot_questions import FewShotQuestions
from replications.errors import ReplicationError
from replications.items import FromItems
from replications.metrics.language.completions import Completion, score_completions

SHOTS = (0, 1, 2, 4, 8)


def few_shot_accuracy(
    objective: object,
    data: object,
    *,
    questions: str,
    shots: tuple[int, ...] = SHOTS,
    prefix: str = "in_context",
) -> dict[str, float]:
    """Accuracy in per cent on the eval set `questions` after K examples.

    An answer is right where each of its tokens, and the end of its line, is the most probable one:
    what greedy decoding would generate. Source: Brown et al. 2020, sections 2.1 and 2.4. Departure:
    the paper searches with a beam of 4 where answers are free text.

    Names: `<prefix>:<task>:<K>` of each task; `<prefix>:<K>`, the mean of those that are not held
    out, and `<prefix>_held_out:<K>`, of those that are. A prompt longer than a sequence of the
    data loses its beginning.
    """

    def accuracy(task: str, many: int) -> float:
        asked = [Completion(each.prompt(many), each.answer) for each in found.tasks[task]]
        scores = score_completions(objective.model, data.vocabulary, asked, max_length=data.length)
        return FromItems(100 * sum(scores.greedy) / len(asked), "percent", scores.greedy)

    found = _questions(data, questions)
    return _by_task_and_mean(found, shots, prefix, accuracy)


def best_accuracy(
    objective: object,
    data: object,
    *,
    questions: str,
    shots: tuple[int, ...] = SHOTS,
    prefix: str = "best",
) -> dict[str, float]:
    """The best expected accuracy when the task is known, by the same names and units.

    It follows from the synthetic world, without a model. Raises ReplicationError where it is not
    known.
    """
    found = _questions(data, questions)
    if found.best is None:
        raise ReplicationError(
            f"The best accuracy on the questions {questions!r} is not known: take those of the "
            "synthetic world's episodes."
        )
    return _by_task_and_mean(found, shots, prefix, lambda task, k: 100 * found.best(task, k))


def _by_task_and_mean(
    questions: FewShotQuestions,
    shots: tuple[int, ...],
    prefix: str,
    number: Callable[[str, int], float],
) -> dict[str, float]:
    names = {
        "": [task for task in questions.tasks if task not in questions.held_out],
        "_held_out": [task for task in questions.tasks if task in questions.held_out],
    }
    numbers: dict[str, float] = {}
    for many in shots:
        of_task = {task: number(task, many) for task in questions.tasks}
        numbers |= {f"{prefix}:{task}:{many}": value for task, value in of_task.items()}
        numbers |= {
            f"{prefix}{group}:{many}": _mean([of_task[task] for task in tasks])
            for group, tasks in names.items()
            if tasks
        }
    return numbers


def _mean(of_tasks: Sequence[float]) -> float:
    mean = sum(of_tasks) / len(of_tasks)
    parts = [number.items.values[:, 0] for number in of_tasks if isinstance(number, FromItems)]
    if len(parts) < len(of_tasks):
        return mean
    groups = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return FromItems(mean, "percent of groups", np.concatenate(parts), groups)


def _questions(data: object, name: str) -> FewShotQuestions:
    eval_sets: Mapping[str, FewShotQuestions] = data.eval_sets
    if name not in eval_sets:
        raise ReplicationError(
            f"The data have no eval set {name!r}; there are: {', '.join(eval_sets) or 'none'}."
        )
    return eval_sets[name]
