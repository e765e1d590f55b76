"""Labelled sentences about the people of the story world: four tasks, each as one of GLUE's.

Source of the tasks' forms: Wang et al. 2018 (GLUE): SST-2 (sentiment), CoLA (acceptability), MRPC
(paraphrase), RTE (entailment). Sentences use the words and templates of the stories, so that what
decides a label can be learnt from stories without labels.

By default a label is decided by roles, who did what, and a linear bag-of-words classifier is at
chance: in three tasks the counts have the same distribution under both labels; for acceptability
each single word has. (There, a threshold chosen with care could reach 0.75, as for any exclusive
or; logistic regression does not find it.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories_parts import (
    PARTS,
    Uniform,
    check_choice,
    check_shares,
    draw_parts,
    identify,
)
from replications.corpora.world.tasks_texts import TEXTS, Text

CORPUS = "world-labelled"
COLUMNS = ("task", "first", "second", "label")
TASKS = tuple(TEXTS)
LABELS = ("true", "shuffled")
DECIDED_BY = ("roles", "words")
DEFAULT_SEED = 0
DEFAULT_ITEMS = 1_000


@dataclass(frozen=True)
class LabelledText:
    """A text, or two for paraphrase and entailment (else `second` is empty), and its label, 0 or 1.

    1 means: the hero's day was good, the sentence is acceptable, the two say the same, the first
    entails the second. `truth` is the label before noise. `prompt` (sentiment alone, else empty) is
    the text up to the word `good` or `bad` that a story would go on with.
    """

    first: str
    second: str
    label: int
    truth: int
    prompt: str


@dataclass(frozen=True)
class LabelledWorld:
    """Items of one task by part; validation and test are the same for every seed, without noise.

    No text is in two parts.
    """

    task: str
    train: tuple[LabelledText, ...]
    validation: tuple[LabelledText, ...]
    test: tuple[LabelledText, ...]
    identities: tuple[CorpusIdentity, ...]


def make_labelled(
    seed: int,
    items: int,
    *,
    task: str = "sentiment",
    validation_items: int = 500,
    test_items: int = 2_000,
    noise: float = 0.05,
    labels: str = "true",
    decided_by: str = "roles",
) -> LabelledWorld:
    """Draw labelled items; both labels are as likely, in each part.

    The tasks, where roles decide:

    - "sentiment": two people, one glad and one sad; the label is the mood of the hero, who is named
      first, as in the last sentence of a story.
    - "acceptability": a sentence about animals; the other label has one word in the wrong number.
    - "paraphrase": facts of two people told twice, in other words; in the other label two people
      have changed one fact with each other.
    - "entailment": facts of three people, and one of them in other words; in the other label it is
      someone else's.

    Knobs:

    - `noise`: share of the training labels that are flipped.
    - `labels`: "true", or "shuffled" for the control: the training labels are coin flips.
    - `decided_by`: "roles", or "words" for the variant that bag-of-words solves: the other person
      has no mood; the wrong word is one that is never right; the fact is changed to one that nobody
      has.

    Raises ReplicationError for a knob out of its range.
    """
    maker = "make_labelled"
    check_choice(maker, "task", task, TASKS)
    check_choice(maker, "labels", labels, LABELS)
    check_choice(maker, "decided_by", decided_by, DECIDED_BY)
    check_shares(maker, noise=noise)
    counts = dict(zip(PARTS, (items, validation_items, test_items), strict=True))
    draw = partial(_draw, task, noise, labels == "shuffled", decided_by == "words")
    parts = draw_parts(f"{maker}({task})", seed, counts, draw, lambda it: (it.first, it.second))
    identities = tuple(
        identify(f"{CORPUS}-{task}", part, rows_of(task, parts[part]), COLUMNS, counts[part])
        for part in PARTS
    )
    return LabelledWorld(task, **parts, identities=identities)


def _draw(
    task: str,
    noise: float,
    shuffled: bool,
    by_words: bool,
    part: str,
    number: int,
    uniform: Uniform,
) -> LabelledText:
    truth = int(2 * uniform())
    turned, flip = uniform() < noise, int(2 * uniform())
    text: Text = TEXTS[task](uniform, bool(truth), by_words)
    label = truth
    if part == "train":
        label = flip if shuffled else 1 - truth if turned else truth
    return LabelledText(text.first, text.second, label, truth, text.prompt)


def rows_of(task: str, items: Sequence[LabelledText]) -> Iterator[dict[str, object]]:
    """The items of a task as rows; labels are "0" and "1"."""
    for item in items:
        yield {
            "task": task,
            "first": item.first,
            "second": item.second,
            "label": str(item.label),
        }
