"""Cloze questions on words of one part of speech in books, with candidates of the same."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from replications.corpora.loading import load_corpus
from replications.corpora.texts.name_cloze import SENTENCE, NameCloze, NameQuestion
from replications.corpora.texts.word_classes import corpus_classes
from replications.errors import ReplicationError

_WORD = re.compile(r"(?<![\w’'-])[^\W\d_]+(?![\w’'-])")


def corpus_word_cloze(
    seed: int,
    *,
    corpus: str,
    word_class: str,
    split: str = "test",
    questions: int = 300,
    characters: int = 1_000,
    max_length: int = 200,
    fewest: int = 10,
    most: int = 10,
    treebank: str = "ud-english-ewt",
    removed: str = "",
) -> NameCloze:
    """Questions in the manner of the Children's Book Test, spread evenly over the books of a split.

    Source: Hill et al. 2016 (arXiv:1511.02301), section 2.1: common nouns, verbs and prepositions
    (`word_class` NOUN, VERB or ADP), and ten candidates of the same class; names are
    `corpus_name_cloze`. Departures: those of that function; a word's class is the one that it has
    almost always in a treebank, whatever its sentence; and it is a word of the passage, too, as it
    stands. The seed changes nothing.

    Raises ReplicationError where a corpus cannot be had, or has fewer such sentences.
    """
    classes, labelled = corpus_classes(corpus=treebank)
    rows, identity = load_corpus(corpus, split)
    found = [
        question
        for text in rows["text"]
        for question in word_questions(
            text.translate(dict.fromkeys(map(ord, removed))),
            classes,
            word_class,
            characters=characters,
            max_length=max_length,
            fewest=fewest,
            most=most,
        )
    ]
    if not 1 <= questions <= len(found):
        raise ReplicationError(
            f"{questions} questions about {word_class} were asked for, and {corpus} ({split}) has "
            f"{len(found)}: give 1 to {len(found)}, or loosen `characters`, `max_length` or "
            f"`fewest`."
        )
    chosen = tuple(found[number * len(found) // questions] for number in range(questions))
    return NameCloze(chosen, (identity, labelled))


def word_questions(
    text: str,
    classes: Mapping[str, str],
    word_class: str,
    *,
    characters: int,
    max_length: int,
    fewest: int,
    most: int,
) -> Iterator[NameQuestion]:
    """All questions that a book has, in its order, without two that share a sentence.

    The word left out is the one in the middle of those of its sentence that may be; it is among the
    `most` most frequent of the passage, in lower case as they are, and the most frequent is first.
    """

    def of_class(start: int, end: int) -> list[re.Match]:
        return [
            found
            for found in _WORD.finditer(text, start, end)
            if found[0].islower() and classes.get(found[0]) == word_class
        ]

    sentences = [(found.start(), found.end()) for found in SENTENCE.finditer(text)]
    earliest = 0
    for number, (start, end) in enumerate(sentences):
        if end - start > max_length:
            continue
        begin = next((s for s, _ in sentences[earliest:number] if start - s <= characters), start)
        # A passage of a few words is too little context.
        if start - begin < characters // 2:
            continue
        told = Counter(found[0] for found in of_class(begin, start))
        candidates = tuple(word for word, _ in told.most_common(most))
        if len(candidates) < fewest:
            continue
        # The first word of a sentence has no context within it.
        may_be = [
            found
            for found in of_class(start, end)
            if found[0] in candidates and found.start() > start
        ]
        if may_be:
            out = may_be[len(may_be) // 2]
            before = text[begin : out.start()].rstrip()
            yield NameQuestion(before, text[out.end() : end], candidates, out[0])
            earliest = number + 1
