"""Training documents of sums and scrambled words, in the format of GPT-3's test sets.

They do not overlap with the sets: they have no pair of numbers of a sum or difference there, and no
word that is an answer there.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import product

from replications.corpora.loading import load_corpus
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.few_shot_questions import SETS
from replications.corpora.world.stories_parts import PARTS, Uniform, identify, uniform_numbers
from replications.corpora.world.tasks_families import HELD_OUT
from replications.corpora.world.tasks_skills import Scrambling
from replications.errors import ReplicationError

CORPUS = "practice"
SUMS = ("plus-1", "plus-2", "minus-1", "minus-2")
WORDS = ("cycle", "anagram-1", "anagram-2", "insertion", "reversal")
MOST_LINES = 9

_SALT = 39
_WORD = re.compile(r"(?<![\w'-])[a-z]{5,15}(?![\w'-])")
_SUM = re.compile(r"What is (\d+) (plus|minus) (\d+)\?")
_VALIDATION = 20  # one pair or word in so many is kept for validation, and one for test

# How many letters an anagram leaves at either end, so that those between can be told apart.
_KEPT = {"anagram-1": 1, "anagram-2": 2}

Line = tuple[str, str]
"""A question up to the blank before its answer, and the answer with that blank."""


def practice_documents(
    seed: int,
    *,
    documents: int,
    validation_documents: int = 200,
    tasks: tuple[str, ...] = SUMS + WORDS,
    corpus: str = "wikipedia-en-2018",
    stride: int = 16,
    least: int = 3,
) -> Documents:
    """Documents of one to nine questions of one task with their answers.

    Source: Brown et al. 2020, sections 3.9.1 and 3.9.2: sums of numbers drawn from 0 on, and five
    ways to scramble a word. Words are those of every n-th training document of `corpus` that occur
    `least` times or more there, in small letters. One pair or word in 20 is in validation alone,
    and one in test alone; these two parts are the same for every seed.

    Raises ReplicationError where a corpus cannot be had, for an unknown task, and where nothing is
    left to be asked.
    """
    known = {**dict.fromkeys(SUMS, _sums), **dict.fromkeys(WORDS, _scrambled)}
    if unknown := [task for task in tasks if task not in known]:
        raise ReplicationError(
            f"There is no practice {unknown[0]!r}; there is: {', '.join(known)}."
        )
    sets, tested = load_corpus(SETS, "test")
    rows, read = load_corpus(corpus, "train")
    asked = pairs_in_sets(sets["context"]), {answer.strip() for answer in sets["completion"]}
    words = [word for word in common_words(rows["text"][::stride], least) if word not in asked[1]]
    parts, sizes = {}, dict(zip(PARTS, (documents, *2 * (validation_documents,)), strict=True))
    for number, part in enumerate(PARTS):
        uniform = uniform_numbers(_SALT, number, seed if part == "train" else 0)
        ask = {task: known[task](task, asked[0], words, number) for task in tasks}
        parts[part] = [_document(ask, uniform) for _ in range(sizes[part])]
    made = tuple(
        identify(CORPUS, part, ({"text": text} for text in parts[part]), ("text",), sizes[part])
        for part in PARTS
    )
    return Documents(
        **parts, identities=(*made, tested, read), key=f"{CORPUS}-{made[0].sha256[:16]}"
    )


def sum_line(a: int, operation: str, b: int) -> Line:
    """A sum or difference as the sets write it."""
    result = a + b if operation == "plus" else a - b
    return f"\n\nQ: What is {a} {operation} {b}?\n\nA:", f" {result}"


def word_line(scrambled: str, word: str) -> Line:
    """A scrambled word as the sets write it."""
    return f"\n{scrambled} =", f" {word}"


def pairs_in_sets(contexts: Iterable[str]) -> set[tuple[str, int, int]]:
    """The pairs of numbers that the sets ask for, with their operation; of sums in either order."""
    pairs = set()
    for found in filter(None, map(_SUM.search, contexts)):
        a, operation, b = int(found[1]), found[2], int(found[3])
        pairs |= {(operation, a, b)} | ({(operation, b, a)} if operation == "plus" else set())
    return pairs


def common_words(texts: Iterable[str], least: int) -> list[str]:
    """Words of 5 to 15 small letters that occur `least` times or more, in alphabetical order."""
    counts = Counter(word for text in texts for word in _WORD.findall(text))
    return sorted(word for word, count in counts.items() if count >= least)


def _part_of(number: int) -> int:
    """Training, validation or test: 0, 1 or 2."""
    return max(number % _VALIDATION - _VALIDATION + len(PARTS), 0)


def _sums(
    task: str, tested: set[tuple[str, int, int]], words: Sequence[str], part: int
) -> Callable[[Uniform], Line]:
    operation, digits = task.split("-")
    pairs = [
        (a, b)
        for a, b in product(range(10 ** int(digits)), repeat=2)
        if (operation, a, b) not in tested and _part_of(_place(operation, a, b)) == part
    ]
    _refuse_none(task, pairs)

    def ask(uniform: Uniform) -> Line:
        a, b = pairs[int(uniform() * len(pairs))]
        return sum_line(a, operation, b)

    return ask


def _place(operation: str, a: int, b: int) -> int:
    low, high = sorted((a, b)) if operation == "plus" else (a, b)
    return low + 3 * high


def _scrambled(
    task: str, tested: set[tuple[str, int, int]], words: Sequence[str], part: int
) -> Callable[[Uniform], Line]:
    kept, scramble = _KEPT.get(task, 0), Scrambling(task, HELD_OUT).scramble
    mine = [
        word
        for index, word in enumerate(words)
        if _part_of(index) == part and len(set(word[kept : len(word) - kept])) > 1
    ]
    _refuse_none(task, mine)

    def ask(uniform: Uniform) -> Line:
        word = mine[int(uniform() * len(mine))]
        return word_line(scramble(word, uniform), word)

    return ask


def _refuse_none(task: str, choices: Sequence[object]) -> None:
    if not choices:
        raise ReplicationError(
            f"Of {task} nothing is left that the sets do not ask: lower `least` or `stride`, or "
            "leave it out of `tasks`."
        )


def _document(ask: dict[str, Callable[[Uniform], Line]], uniform: Uniform) -> str:
    task = [*ask][int(uniform() * len(ask))]
    lines = [ask[task](uniform) for _ in range(1 + int(uniform() * MOST_LINES))]
    return "".join(context + completion for context, completion in lines) + "\n"
