"""Cloze questions on names in books; the candidates are names of the passage before."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.sentence_ends import NO_TITLE, TITLES
from replications.errors import ReplicationError


class NameQuestion(NamedTuple):
    """The text before the name, the rest of its sentence, the candidates and the right one.

    `before` begins with the passage. The most frequent name of the passage is the first candidate.
    """

    before: str
    after: str
    candidates: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class NameCloze:
    """The questions, and the `identities` of the rows that they were made from."""

    questions: Sequence[NameQuestion] = field(repr=False)
    identities: tuple[CorpusIdentity, ...]


SENTENCE = re.compile(rf"[^\s].*?[.!?]{NO_TITLE}[\"'”’)]*(?=\s|$)", re.DOTALL)
_CAPITALISED = re.compile(r"(?<![\w’'.-])[A-Z][a-z]{2,}(?![\w-])")
# After one of these a capital letter begins a sentence, or direct speech.
_OPENING = re.compile(rf"(?:[.!?:;\"“‘'(*—_-]{NO_TITLE}\s*$|^\s*$)")


def corpus_name_cloze(
    seed: int,
    *,
    corpus: str,
    split: str = "test",
    questions: int = 300,
    characters: int = 550,
    max_length: int = 160,
    fewest: int = 3,
    most: int = 10,
    removed: str = "",
) -> NameCloze:
    """Questions in the manner of the Children's Book Test, spread evenly over the books of a split.

    Source: Hill et al. 2016, section 2.1, named entities: 20 sentences, and a 21st without a word
    that they have, which is one of ten candidates. Departures: the passage is as many whole
    sentences as fit into `characters`, so that a short context holds it; the last sentence has at
    most `max_length`; there are `fewest` to `most` candidates, all names of the passage; and names
    are recognised by a capital letter: words that a book writes with one within sentences, and
    nowhere without. The characters in `removed` are taken out first. The seed changes nothing.

    Raises ReplicationError where the corpus cannot be had, or has fewer such sentences.
    """
    rows, identity = load_corpus(corpus, split)
    found = [
        question
        for text in rows["text"]
        for question in name_questions(
            text.translate(dict.fromkeys(map(ord, removed))),
            characters=characters,
            max_length=max_length,
            fewest=fewest,
            most=most,
        )
    ]
    if not 1 <= questions <= len(found):
        raise ReplicationError(
            f"{questions} questions were asked for, and {corpus} ({split}) has {len(found)}: give "
            f"1 to {len(found)}, or loosen `characters`, `max_length` or `fewest`."
        )
    chosen = tuple(found[number * len(found) // questions] for number in range(questions))
    return NameCloze(chosen, (identity,))


def name_questions(
    text: str, *, characters: int, max_length: int, fewest: int, most: int
) -> Iterator[NameQuestion]:
    """All questions that a book has, in its order, without two that share a sentence."""
    names = names_of(text)
    sentences = [(found.start(), found.end()) for found in SENTENCE.finditer(text)]
    earliest = 0
    for number, (start, end) in enumerate(sentences):
        if end - start > max_length:
            continue
        begin = next((s for s, _ in sentences[earliest:number] if start - s <= characters), start)
        passage = text[begin:start]
        # A passage of a few words is too little context.
        if len(passage) < characters // 2:
            continue
        told = Counter(word for word in _CAPITALISED.findall(passage) if word in names)
        candidates = tuple(name for name, _ in told.most_common(most))
        if len(candidates) < fewest:
            continue
        for place in _CAPITALISED.finditer(text, start, end):
            inside = not _OPENING.search(text[start : place.start()])
            if inside and place[0] in candidates:
                before = text[begin : place.start()].rstrip()
                yield NameQuestion(before, text[place.end() : end], candidates, place[0])
                earliest = number + 1
                break


def names_of(text: str) -> frozenset[str]:
    """Words that a text writes with a capital letter within sentences, and nowhere without."""
    within = {
        found[0]
        for found in _CAPITALISED.finditer(text)
        if not _OPENING.search(text[max(0, found.start() - 6) : found.start()])
    }
    small = set(re.findall(r"\b[a-z]+\b", text))
    return frozenset(word for word in within if word.lower() not in small) - {*TITLES}
