"""Documents of sentences with grammatical agreement, and cloze items of the same grammar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from replications.corpora.texts.documents import Documents
from replications.corpora.world.tasks_cloze import Cloze, make_cloze
from replications.errors import ReplicationError


@dataclass(frozen=True)
class ClozeDocuments(Documents):
    """Documents of whole sentences, and cloze `items` for evaluation.

    No sentence of the items is in the training part.
    """

    items: tuple[Cloze, ...] = ()


def cloze_documents(
    seed: int, *, items: int, sentences: int = 20, **knobs: object
) -> ClozeDocuments:
    """A draw of the synthetic world's cloze sentences, `sentences` to a document.

    `items` are the sentences to train on; the cloze items are the test part, the same for every
    seed. `knobs` are those of `make_cloze`. Raises ReplicationError for empty documents.
    """
    if sentences < 1:
        raise ReplicationError(f"A document of {sentences} sentences is none: give 1 or more.")
    world = make_cloze(seed, items, **knobs)
    parts = (
        tuple(_joined(part, sentences)) for part in (world.train, world.validation, world.test)
    )
    return ClozeDocuments(*parts, identities=world.identities, items=world.test)


def _joined(items: Sequence[Cloze], sentences: int) -> Iterator[str]:
    for first in range(0, len(items), sentences):
        yield " ".join(item.text for item in items[first : first + sentences])
