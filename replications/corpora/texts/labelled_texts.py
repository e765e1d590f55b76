"""Labelled texts, or pairs of texts, that a language model is fine-tuned on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.tasks_labelled import LabelledText, make_labelled
from replications.errors import ReplicationError


class Labelled(NamedTuple):
    """Examples, each of one text or two, and their labels: a class from 0, or a number."""

    texts: Sequence[tuple[str, ...]]
    labels: Sequence[float]


@dataclass(frozen=True)
class LabelledTexts:
    """One task. `classes` is how many there are; 0 where the label is a number.

    `symmetric` says that the order of the two texts is irrelevant.
    """

    train: Labelled
    validation: Labelled
    test: Labelled
    classes: int
    symmetric: bool
    identities: tuple[CorpusIdentity, ...]


LabelledTask = Callable[..., LabelledTexts]
"""Where a data module's examples come from: called with the seed."""


def corpus_task(
    seed: int,
    *,
    corpus: str,
    columns: tuple[str, ...],
    label: str = "label",
    classes: int = 2,
    symmetric: bool = False,
    train: str = "train",
    test: str = "validation",
    held_out: int = 200,
    examples: int | None = None,
    shuffled: bool = False,
) -> LabelledTexts:
    """A registered corpus with columns of text and one of labels.

    GLUE does not publish the labels of its test parts, so its validation part is the `test` here,
    and `held_out` examples of the training part, always the same ones, are the validation. What is
    left is shuffled by the seed; the first `examples` of it are kept. With `shuffled` the labels of
    the training part are permuted: the control, which has nothing to learn.

    Raises ReplicationError where the corpus cannot be had, has not these columns, or too few rows.
    """
    parts, identities = [], []
    for split in (train, test):
        rows, identity = load_corpus(corpus, split)
        if lacking := [name for name in (*columns, label) if name not in rows.column_names]:
            raise ReplicationError(
                f"The corpus {corpus} has no column {lacking[0]!r}; it has: "
                f"{', '.join(rows.column_names)}."
            )
        texts = list(zip(*(rows[column] for column in columns), strict=True))
        parts.append(Labelled(texts, [float(value) for value in rows[label]]))
        identities.append(identity)
    kept, held = _split(parts[0], held_out, corpus)
    task = LabelledTexts(kept, held, parts[1], classes, symmetric, tuple(identities))
    return drawn(task, seed, examples=examples, shuffled=shuffled)


def drawn(
    task: LabelledTexts, seed: int, *, examples: int | None = None, shuffled: bool = False
) -> LabelledTexts:
    """The task with its training examples shuffled by the seed, and the first `examples` of them.

    With `shuffled` their labels are permuted. Raises ReplicationError where there are too few.
    """
    count = len(task.train.labels)
    if examples is not None and not 1 <= examples <= count:
        raise ReplicationError(f"{examples} examples of {count} were asked for: give 1 to {count}.")
    draw = np.random.default_rng((seed, 1))
    order = draw.permutation(count)[:examples]
    labels = order[draw.permutation(len(order))] if shuffled else order
    chosen = Labelled(
        [task.train.texts[index] for index in order], [task.train.labels[index] for index in labels]
    )
    return replace(task, train=chosen)


def subset_of_labels(seed: int, *, task: LabelledTask, number: int) -> LabelledTexts:
    """Another draw of a task's training examples at the same seed: `number` counts them from 0.

    For tasks drawn by `drawn`, whose `examples` of each seed and number are others.
    """
    if number < 0:
        raise ReplicationError(f"Subset {number} of the labels: they are counted from 0.")
    # No seed of a run is as high, so that no two subsets are drawn alike.
    return task(seed + 1_000_000 * number)


def world_task(seed: int, *, task: str, items: int, **knobs: object) -> LabelledTexts:
    """A draw of a task of the story world: `items` to train on, the others the same for every seed.

    `task` and `knobs` are those of `make_labelled`.
    """
    world = make_labelled(seed, items, task=task, **knobs)
    parts = [_labelled(part) for part in (world.train, world.validation, world.test)]
    return LabelledTexts(
        *parts, classes=2, symmetric=task == "paraphrase", identities=world.identities
    )


def _labelled(items: Sequence[LabelledText]) -> Labelled:
    texts = [(item.first, item.second) if item.second else (item.first,) for item in items]
    return Labelled(texts, [float(item.label) for item in items])


_DEAL = 20180611  # any fixed number: the same examples are held out in every run


def _split(part: Labelled, held_out: int, corpus: str) -> tuple[Labelled, Labelled]:
    count = len(part.labels)
    if not 0 < held_out < count:
        raise ReplicationError(
            f"{held_out} of the {count} examples of {corpus} cannot be held out for validation: "
            f"give 1 to {count - 1}."
        )
    order = np.random.default_rng(_DEAL).permutation(count)
    sides = np.sort(order[held_out:]), np.sort(order[:held_out])
    return tuple(
        Labelled([part.texts[n] for n in side], [part.labels[n] for n in side]) for side in sides
    )
