"""Sentence pairs for translation: of registered corpora, the toy world, a reader's own files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.store.registry import read_entry
from replications.corpora.world.language import TranslationWorld, make_translations
from replications.errors import ReplicationError

Links = frozenset[tuple[int, int]]
"""Alignment links (i, j) of one pair: word i of the source to word j of the target, from 0."""

_DEAL = 20140901  # any fixed number: which sentences are joined must be the same in every run


@dataclass(frozen=True)
class Pairs:
    """Sentences and their translations, with gold alignment links where there are any.

    Words are separated by single blanks: link (i, j) joins `source.split(" ")[i]` and
    `target.split(" ")[j]`. `possible` includes the `sure` links (Och and Ney 2003, section 5).

    Raises ReplicationError when the parts are not equally long.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    sure: tuple[Links, ...] | None = None
    possible: tuple[Links, ...] | None = None

    def __post_init__(self) -> None:
        counts = {
            name: len(part)
            for name in ("source", "target", "sure", "possible")
            if (part := getattr(self, name)) is not None
        }
        if len(set(counts.values())) > 1:
            told = ", ".join(f"{count} in {name}" for name, count in counts.items())
            raise ReplicationError(f"Pairs need one entry for each sentence everywhere: {told}.")

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True)
class ParallelText:
    """Training, validation and test pairs of a translation model.

    `identities` name the rows of every split used. `world` is the ground truth where the text is
    synthetic.
    """

    train: Pairs
    validation: Pairs
    test: Pairs
    identities: tuple[CorpusIdentity, ...]
    world: TranslationWorld | None = field(default=None, repr=False)


ParallelTexts = Callable[..., ParallelText]
"""Where a data module's sentence pairs come from: called with the seed."""


def corpus_pairs(
    seed: int,
    *,
    corpus: str = "multi30k",
    source: str = "en",
    target: str = "de",
    test: str = "test",
    joined: int = 1,
) -> ParallelText:
    """A registered corpus with a column for each language. `test` names the split to test on.

    The seed changes nothing.

    Departure: with `joined` = n > 1 every part is lengthened by `joined_pairs`, for questions about
    long sentences, of which corpora of captions have few.

    Raises ReplicationError for a language the corpus has not, and where the corpus cannot be had.
    """
    if source == target:
        raise ReplicationError(f"source and target are both {source!r}; name two languages.")
    if joined < 1:
        raise ReplicationError(f"joined is {joined}; it is the most sentences in a pair, 1 or more")
    columns = read_entry(corpus).split(test).columns
    for language in (source, target):
        if language not in columns:
            raise ReplicationError(
                f"The corpus {corpus} has no language {language!r}; it has: {', '.join(columns)}."
            )
    parts, identities = [], []
    for split in ("train", "validation", test):
        rows, identity = load_corpus(corpus, split)
        pairs = Pairs(*(_sentences(rows[side], side, identity) for side in (source, target)))
        parts.append(joined_pairs(pairs, joined))
        identities.append(identity)
    return ParallelText(*parts, identities=tuple(identities))


def _sentences(
    column: Sequence[str | None], language: str, identity: CorpusIdentity
) -> tuple[str, ...]:
    """The column itself. Raises ReplicationError, naming the row, where one holds no sentence."""
    for row, sentence in enumerate(column, 1):
        if sentence is None or not sentence.strip():
            raise ReplicationError(
                f"{identity.name}, split {identity.split}, from {identity.origin}: row {row} has "
                f"no sentence in {language!r}. Take that row out, or fetch the registered rows."
            )
    return tuple(column)


def world_pairs(seed: int, *, pairs: int, **knobs: object) -> ParallelText:
    """A draw of the toy translation language: `pairs` to train on, with the true links of all.

    The seed changes the training pairs alone. `knobs` are those of `make_translations`.
    """
    world = make_translations(seed, pairs, **knobs)
    parts = (
        Pairs(
            tuple(" ".join(pair.source) for pair in part),
            tuple(" ".join(pair.target) for pair in part),
            tuple(pair.links for pair in part),
            tuple(pair.possible for pair in part),
        )
        for part in (world.train, world.validation, world.test)
    )
    return ParallelText(*parts, identities=world.identities, world=world)


def joined_pairs(pairs: Pairs, most: int) -> Pairs:
    """Longer pairs: 1 to `most` sentences in a row, joined by a blank on both sides.

    The sentences are shuffled and dealt into groups whose sizes are drawn uniformly from 1 to
    `most`; the last group takes what is left. Every sentence is used exactly once, and the deal is
    always the same. With `most` = 1 the pairs are handed back in their order. Links are dropped.
    """
    if most == 1:
        return pairs
    # RandomState's stream is frozen for all versions of NumPy, unlike that of newer generators.
    draw = np.random.RandomState(_DEAL)
    order = draw.permutation(len(pairs))
    groups, first = [], 0
    while first < len(order):
        last = first + draw.randint(1, most + 1)
        groups.append(order[first:last])
        first = last

    def join(sentences: Sequence[str]) -> tuple[str, ...]:
        return tuple(" ".join(sentences[number] for number in group) for group in groups)

    return Pairs(join(pairs.source), join(pairs.target))


def alignment_pairs(
    corpus: str = "word-alignment-gold",
    languages: str = "en-fr",
) -> tuple[Pairs, CorpusIdentity]:
    """Sentence pairs with gold alignments: `languages` is en-fr, ro-en or en-cs.

    Source: Och and Ney 2003, section 5, for sure and possible links. Where a set has sure links
    only, `possible` equals `sure`.

    Raises ReplicationError for other languages, and where the corpus cannot be had.
    """
    rows, identity = load_corpus(corpus, languages)
    source, target = languages.split("-")
    sure = tuple(map(_links, rows["sure"]))
    possible = tuple(map(_links, rows["possible"]))
    both = tuple(certain | weak for certain, weak in zip(sure, possible, strict=True))
    return Pairs(tuple(rows[source]), tuple(rows[target]), sure, both), identity


def _links(text: str) -> Links:
    pairs = (link.split("-") for link in text.split())
    return frozenset((int(i), int(j)) for i, j in pairs)
