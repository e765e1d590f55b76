"""Analogy questions, a is to b as c is to what, answered by vector offsets."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from replications.corpora.loading import load_corpus, note_read
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.errors import ReplicationError
from replications.items import FromItems
from replications.tokens.words import Vocabulary


@runtime_checkable
class Vectors(Protocol):
    """A model that has a vector for each word of its vocabulary, by id."""

    @property
    def vectors(self) -> Float[Tensor, "word d"]: ...


class Questions(NamedTuple):
    """Ids of a, b, c and d, and the name of each question's section."""

    ids: Int64[Tensor, "question 4"]
    sections: tuple[str, ...]


def answerable(
    questions: Iterable[Sequence[str]], vocabulary: Vocabulary, most_frequent: int | None = None
) -> Questions:
    """The questions (section, a, b, c, d), lower-cased, all of whose words are frequent enough.

    Source: Mikolov et al. 2013a, section 4.1 and table 2 (the 30,000 most frequent words).
    Raises ReplicationError when none is left.
    """
    limit = len(vocabulary) if most_frequent is None else most_frequent
    ids, sections = [], []
    for section, *words in questions:
        numbers = [vocabulary.index.get(word.lower(), limit) for word in words]
        if max(numbers) < limit:
            ids.append(numbers)
            sections.append(section)
    if not ids:
        raise ReplicationError(
            f"No analogy question has all its words among the {min(limit, len(vocabulary))} most "
            "frequent of this text. Give more text or a smaller min_count."
        )
    return Questions(torch.tensor(ids), tuple(sections))


def solve(
    vectors: Float[Tensor, "word d"],
    ids: Int64[Tensor, "question 4"],
    *,
    exclude_inputs: bool = True,
) -> Int64[Tensor, " question"]:
    """The word whose vector is nearest to b - a + c by the cosine, among all rows of `vectors`.

    Source: Mikolov et al. 2013a, section 4; the three words of the question are no answers.
    """
    unit = torch.nn.functional.normalize(vectors, dim=1)
    answers = []
    for part in ids.split(1024):
        a, b, c, _ = part.T
        scores = (unit[b] - unit[a] + unit[c]) @ unit.T
        if exclude_inputs:
            scores.scatter_(1, part[:, :3], -torch.inf)
        answers.append(scores.argmax(1))
    return torch.cat(answers)


def analogy_accuracy(
    model: Vectors,
    data: object,
    *,
    corpus: str = "word-vector-evaluation",
    most_frequent: int | None = 30_000,
) -> dict[str, float]:
    """Percent of questions-words solved: total, semantic, syntactic, by section; and how many.

    `total_inputs_allowed` lets the question's own words be answers too, as a check of how much of
    the score the exclusion is worth.
    """
    asked, identity = _questions(corpus)
    note_read(identity)
    questions = answerable(asked, data.vocabulary, most_frequent)
    vectors = model.vectors[:most_frequent]
    right = solve(vectors, questions.ids) == questions.ids[:, 3]
    naive = solve(vectors, questions.ids, exclude_inputs=False) == questions.ids[:, 3]
    syntactic = torch.tensor([section.startswith("gram") for section in questions.sections])
    numbers = {
        "total": percent(right),
        "questions": float(len(right)),
        "semantic_questions": float((~syntactic).sum()),
        "total_inputs_allowed": percent(naive),
    }
    for name, part in (("semantic", ~syntactic), ("syntactic", syntactic)):
        if part.any():
            numbers[name] = percent(right[part])
    for section in dict.fromkeys(questions.sections):
        part = torch.tensor([name == section for name in questions.sections])
        numbers[f"section:{section}"] = percent(right[part])
    return numbers


def analogy_halves(
    model: Vectors,
    data: object,
    *,
    corpus: str = "word-vector-evaluation",
    most_frequent: int | None = 30_000,
) -> dict[str, float]:
    """`analogies_chosen_by` and `analogies_judged`: percent solved of every other question.

    Two halves of each section: epochs and windows are chosen on the one, compared on the other.
    """
    asked, identity = _questions(corpus)
    note_read(identity)
    questions = answerable(asked, data.vocabulary, most_frequent)
    right = solve(model.vectors[:most_frequent], questions.ids) == questions.ids[:, 3]
    return {"analogies_chosen_by": percent(right[::2]), "analogies_judged": percent(right[1::2])}


def world_analogy_accuracy(model: Vectors, data: object) -> dict[str, float]:
    """Percent of the synthetic world's analogies solved, with the whole vocabulary as answers."""
    questions = answerable(data.text.world.analogies, data.vocabulary)
    right = solve(model.vectors, questions.ids) == questions.ids[:, 3]
    return {"world_analogies": percent(right), "world_questions": float(len(right))}


def percent(right: Tensor) -> float:
    return FromItems(100 * right.double().mean().item(), "percent", right.cpu().numpy())


@lru_cache(maxsize=4)
def _questions(corpus: str) -> tuple[tuple[tuple[str, ...], ...], CorpusIdentity]:
    rows, identity = load_corpus(corpus, "analogies")
    columns = (rows[name] for name in ("category", "a", "b", "c", "d"))
    return tuple(zip(*columns, strict=True)), identity
