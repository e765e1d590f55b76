"""The synthetic world, translation part: sentence pairs whose word alignments are true by design.

Each property of the language is there for a question of a chapter: lengths that fill every bucket
(does a fixed vector hold a long sentence?), order that differs near and far (does attention find
moved words?), agreement (one word depends on two of the source), words that vanish or become two,
and compounds and names without end (can a vocabulary be open?). Each has a knob that removes it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.corpora.world.language_grammar import (
    Grammar,
    Links,
    WorldPair,
    lexicon,
    noun_named,
)
from replications.corpora.world.language_sentences import SHORTEST, UNSEEN_SHARE, SentenceWriter
from replications.corpora.world.language_words import SYNONYMS
from replications.errors import ReplicationError

CORPUS = "world-translation"
COLUMNS = ("source", "target", "sure", "possible")
DEFAULT_SEED = 0
DEFAULT_PAIRS = 2_000
SYNONYM_SHARE = 0.4


@dataclass(frozen=True)
class TranslationWorld:
    """Sentence pairs, and the truth that they were made from.

    Validation and test are the same for every seed; none of their sentences is in `train`, which
    may hold a short sentence more than once. `grammar` translates any sentence of the language.
    """

    train: tuple[WorldPair, ...]
    validation: tuple[WorldPair, ...]
    test: tuple[WorldPair, ...]
    grammar: Grammar
    identities: tuple[CorpusIdentity, ...]

    @property
    def identity(self) -> CorpusIdentity:
        """The identity of the training sentences; `identities` has all three parts."""
        return self.identities[0]

    @property
    def lexicon(self) -> dict[str, tuple[str, ...]]:
        """Each core word with its translation; adjectives without their vowel."""
        return lexicon()

    @cached_property
    def morphemes(self) -> dict[str, tuple[str, ...]]:
        """Each compound that occurs, in either language, with its morphemes."""
        found = {}
        for pair in (*self.train, *self.validation, *self.test):
            for word in pair.source:
                noun = noun_named(word)
                if noun is not None and len(noun.source) > 1:
                    found[word] = noun.source
                    found["".join(noun.target)] = noun.target
        return found

    def translate(self, source: Sequence[str]) -> tuple[tuple[str, ...], Links]:
        """The exact translation of a sentence and its sure links; synonyms are never chosen."""
        pair = self.grammar.translate(source)
        return pair.target, pair.links


def make_translations(
    seed: int,
    pairs: int,
    *,
    shortest: int = 3,
    max_length: int = 24,
    test_max_length: int | None = None,
    validation_pairs: int = 500,
    test_pairs: int = 1_000,
    order: str = "full",
    reverse: bool = False,
    agreement: bool = True,
    fertility: bool = True,
    compound_share: float = 0.1,
    name_share: float = 0.1,
    names: str = "copied",
    synonyms: bool = False,
) -> TranslationWorld:
    """Draw `pairs` training sentences with their translations, and those to validate and test on.

    The same arguments give the same pairs on every machine. The seed changes the training sentences
    alone. Lengths are counted in words of the source. Knobs:

    - `shortest`, `max_length`: training lengths are uniform between them, both included.
    - `test_max_length`: the longest sentence of validation and test, where every length from
      `shortest` on has equally many; as `max_length` when None. Above it, the test extrapolates.
    - `validation_pairs`, `test_pairs`: how many.
    - `order`: "full" puts adjectives behind their noun and verbs at the end of their clause;
      "local" moves adjectives alone; "monotone" moves nothing.
    - `reverse`: the whole target is written from its last word to its first.
    - `agreement`: articles and adjectives take the vowel of the noun's gender; else all the same.
    - `fertility`: "a" and "an" vanish, and eight words become two; else one word for each.
    - `compound_share`: of the nouns, how many are compounds of two or three morphemes. Their
      morphemes are drawn by Zipf's law. One compound in five is kept for validation and test, where
      half of the compounds are such.
    - `name_share`: of the noun phrases, roughly, how many are names; kept apart as compounds are.
    - `names`: "copied" letter by letter, or "ciphered" with another letter for each.
    - `synonyms`: twelve words have a second translation, used in 40 % of the cases, at random: no
      model can predict which.

    With order="monotone", fertility=False and agreement=False the translation is word by word.

    Raises ReplicationError for a knob out of its range, and where there are too few different
    sentences of a length to keep the parts apart.
    """
    test_max_length = max_length if test_max_length is None else test_max_length
    if not SHORTEST <= shortest <= min(max_length, test_max_length):
        raise ReplicationError(
            f"make_translations: lengths from {shortest} to {max_length} (test: "
            f"{test_max_length}); they must start at {SHORTEST} or above and not end before they "
            f"start"
        )
    if not (0 <= compound_share <= 1 and 0 <= name_share < 1):
        raise ReplicationError(
            "make_translations: compound_share must lie between 0 and 1, name_share below 1"
        )
    if min(pairs, validation_pairs, test_pairs) < 1 or seed < 0:
        raise ReplicationError(
            "make_translations: each part needs at least one pair, and the seed may not be negative"
        )
    grammar = Grammar(order, reverse, agreement, fertility, names)
    taken: set[tuple[str, ...]] = set()
    held: list[tuple[WorldPair, ...]] = []
    for part, count in enumerate((test_pairs, validation_pairs)):
        writer = SentenceWriter([1, part], compound_share, name_share, unseen=UNSEEN_SHARE)
        span = test_max_length - shortest + 1
        found = []
        for number in range(count):
            found.append(writer.sentence(shortest + number % span, taken))
            taken.add(found[-1])
        held.append(_translated(found, grammar, writer if synonyms else None))
    writer = SentenceWriter([0, seed], compound_share, name_share, unseen=0.0)
    span = max_length - shortest + 1
    sources = [
        writer.sentence(shortest + int(writer.uniform() * span), taken) for _ in range(pairs)
    ]
    parts = (_translated(sources, grammar, writer if synonyms else None), held[1], held[0])
    identities = tuple(map(_identity, ("train", "validation", "test"), parts))
    return TranslationWorld(*parts, grammar=grammar, identities=identities)


def rows_of(pairs: Sequence[WorldPair]) -> Iterator[dict[str, object]]:
    """The pairs as rows. Links are written as `0-0 1-2`: source and target position, from 0."""
    for pair in pairs:
        sure, possible = (
            " ".join(f"{i}-{j}" for i, j in sorted(links)) for links in (pair.links, pair.possible)
        )
        yield {
            "source": " ".join(pair.source),
            "target": " ".join(pair.target),
            "sure": sure,
            "possible": possible,
        }


def _identity(split: str, pairs: Sequence[WorldPair]) -> CorpusIdentity:
    return CorpusIdentity(
        name=CORPUS,
        split=split,
        kind="synthetic",
        sha256=fingerprint_rows(rows_of(pairs), COLUMNS),
        rows=len(pairs),
        origin="generated",
        expected=True,
    )


def _translated(
    sources: Sequence[tuple[str, ...]], grammar: Grammar, synonyms: SentenceWriter | None
) -> tuple[WorldPair, ...]:
    """The sentences translated; `synonyms` draws between two translations, where there are two."""
    pairs = tuple(map(grammar.translate, sources))
    if synonyms is None:
        return pairs
    return tuple(
        replace(
            pair,
            target=tuple(
                SYNONYMS[word] if word in SYNONYMS and synonyms.uniform() < SYNONYM_SHARE else word
                for word in pair.target
            ),
        )
        for pair in pairs
    )
