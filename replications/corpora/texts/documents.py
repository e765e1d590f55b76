"""Texts for language models in three parts: documents of a registered corpus, or the world's."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories import make_stories
from replications.errors import ReplicationError


@dataclass(frozen=True)
class Documents:
    """What a language model is trained, chosen and tested on. `identities` name the rows used.

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
    every: int = 1,
    test_every: int = 1,
) -> Documents:
    """A registered corpus with a `text` column, or every n-th document of its training part.

    `test_every` thins out the other two parts. The seed changes nothing: a corpus is what it is.

    Raises ReplicationError where the corpus cannot be had, and for a step below 1.
    """
    if every < 1 or test_every < 1:
        raise ReplicationError(
            f"Every {every}-th document to train on and every {test_every}-th to test on: give 1, "
            "which takes all, or more."
        )
    parts, identities = [], []
    for split, step in (("train", every), ("validation", test_every), ("test", test_every)):
        rows, identity = load_corpus(corpus, split)
        parts.append(rows["text"][::step])
        identities.append(identity)
    key = hashlib.sha256(f"{identities[0].sha256} {every}".encode()).hexdigest()[:16]
    return Documents(*parts, identities=tuple(identities), key=f"{corpus}-{key}")


def world_documents(seed: int, *, stories: int, **knobs: object) -> Documents:
    """A draw of the story world: `stories` to train on, the others the same for every seed.

    `knobs` are those of `make_stories`.
    """
    world = make_stories(seed, stories, **knobs)
    parts = ([story.text for story in part] for part in (world.train, world.validation, world.test))
    return Documents(*parts, identities=world.identities)
