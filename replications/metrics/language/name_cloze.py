"""Cloze accuracy of a language model on names that were left out of a sentence."""

from collections.abc import Sequence

from replications.corpora.texts.name_cloze import NameQuestion
from replications.items import FromItems
from replications.metrics.language.completions import choose_completion


def name_cloze_metrics(
    objective: object,
    data: object,
    *,
    questions: str = "names",
    prefix: str = "cloze_names",
) -> dict[str, float]:
    """Accuracy in per cent on the eval set `questions`: names, or words of another class
    (texts/word_cloze.py).

    The answer is the candidate that has, with the rest of the sentence, the highest probability.
    Source: Radford et al. 2019, section 3.2. After the prefix, `_chance` is the accuracy of a
    random candidate, and `_frequent` that of the most frequent name of the passage: both are the
    same whatever the model is.
    """
    asked: Sequence[NameQuestion] = data.eval_sets[questions].questions
    said = choose_completion(
        objective.model,
        data.vocabulary,
        [(q.before, [f" {name}{q.after}" for name in q.candidates]) for q in asked],
        max_length=data.length,
    )
    right = [q.candidates[index] == q.answer for q, index in zip(asked, said, strict=True)]
    frequent = [q.candidates[0] == q.answer for q in asked]
    chance = [1 / len(q.candidates) for q in asked]
    return {
        prefix: _per_cent(right),
        f"{prefix}_chance": 100 * sum(chance) / len(asked),
        f"{prefix}_frequent": _per_cent(frequent),
    }


def _per_cent(right: Sequence[bool]) -> float:
    return FromItems(100 * sum(right) / len(right), "percent", right)
