"""Texts that a language model is only evaluated on: other domains than its training text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories import make_stories
from replications.errors import ReplicationError


@dataclass(frozen=True)
class HeldOutTexts:
    """Documents of one domain. `identities` name the rows that they are taken from."""

    texts: Sequence[str] = field(repr=False)
    identities: tuple[CorpusIdentity, ...]


def held_out_texts(
    seed: int,
    *,
    corpus: str,
    split: str = "test",
    column: str = "text",
    stride: int = 1,
    characters: int | None = None,
    together: int = 1,
    between: str = "\n",
    removed: str = "",
) -> HeldOutTexts:
    """Every n-th row of one split of a registered corpus. The seed changes nothing.

    With `characters`, that many are taken from the middle of each row, in whole lines: a book
    begins with its table of contents. `together` short rows become one document, joined by
    `between`: an end-of-text token after each caption would cost more than the caption. The
    characters in `removed` are taken out.

    Raises ReplicationError where the corpus cannot be had or has no such column, and for a number
    below 1.
    """
    for name, number in (("stride", stride), ("together", together), ("characters", characters)):
        if number is not None and number < 1:
            raise ReplicationError(f"held_out_texts: {name} is {number}; give 1 or more.")
    rows, identity = load_corpus(corpus, split)
    if column not in rows.column_names:
        raise ReplicationError(
            f"The corpus {corpus} has no column {column!r}; it has: {', '.join(rows.column_names)}."
        )
    kept = (text.translate(dict.fromkeys(map(ord, removed))) for text in rows[column][::stride])
    cut = kept if characters is None else (_middle(text, characters) for text in kept)
    return HeldOutTexts(tuple(_joined(cut, together, between)), (identity,))


def world_texts(seed: int, *, stories: int, **knobs: object) -> HeldOutTexts:
    """That many test stories of the story world, the same for every seed; `knobs` are its own."""
    world = make_stories(0, 1, test_stories=stories, **knobs)
    return HeldOutTexts(tuple(story.text for story in world.test), (world.identities[-1],))


def _middle(text: str, characters: int) -> str:
    if len(text) <= characters:
        return text
    first = (len(text) - characters) // 2
    lines = text[first : first + characters].split("\n")
    # The first and the last line are cut somewhere; a single one is all there is.
    return "\n".join(lines[1:-1] if len(lines) > 2 else lines).strip()


def _joined(texts: Iterable[str], together: int, between: str) -> Iterator[str]:
    group: list[str] = []
    for text in texts:
        group.append(text)
        if len(group) == together:
            yield between.join(group)
            group = []
    if group:
        yield between.join(group)
