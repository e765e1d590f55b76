"""Texts of language models in three parts: a registered corpus's, or the synthetic world's."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories import make_stories
from replications.errors import ReplicationError


@dataclass(frozen=True)
class Documents:
    """Training, validation and test text of a language model. `identities` name the rows used.

    `key` names the training part in caches; without one it is too small to be worth one.
    """

    train: Sequence[str]
    validation: Sequence[str]
    test: Sequence[str]
    identities: tuple[CorpusIdentity, ...]
    key: str | None = field(default=None, repr=False)


Texts = Callable[..., Documents]
"""Where a data module's documents come from: called with the seed."""


def corpus_documents(
    seed: int,
    *,
    corpus: str,
    stride: int = 1,
    test_stride: int = 1,
) -> Documents:
    """A registered corpus with a `text` column, or every n-th document of its training part.

    `test_stride` does the same to the other two parts. The seed changes nothing.

    Raises ReplicationError where the corpus cannot be had, and for a step below 1.
    """
    if stride < 1 or test_stride < 1:
        raise ReplicationError(
            f"Every {stride}-th document to train on and every {test_stride}-th to test on: give "
            f"1, "
            "which takes all, or more."
        )
    parts, identities = [], []
    for split, step in (("train", stride), ("validation", test_stride), ("test", test_stride)):
        rows, identity = load_corpus(corpus, split)
        parts.append(rows["text"][::step])
        identities.append(identity)
    key = hashlib.sha256(f"{identities[0].sha256} {stride}".encode()).hexdigest()[:16]
    return Documents(*parts, identities=tuple(identities), key=f"{corpus}-{key}")


def world_documents(seed: int, *, stories: int, **knobs: object) -> Documents:
    """A draw of the story world: `stories` to train on, the others the same for every seed.

    `knobs` are those of `make_stories`.
    """
    world = make_stories(seed, stories, **knobs)
    parts = ([story.text for story in part] for part in (world.train, world.validation, world.test))
    return Documents(*parts, identities=world.identities)
