"""Sums of two numbers with the same number of digits: documents of them, and questions."""

from dataclasses import dataclass, field

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Documents
from replications.corpora.world.stories_parts import draw_parts, identify
from replications.errors import ReplicationError

CORPUS = "sums"

Sum = tuple[int, int]


@dataclass(frozen=True)
class SumQuestions:
    """Questions up to the equals sign with their answers, and the `identities` of them all.

    Other sums with their answers precede a question, as in the documents.
    """

    questions: tuple[tuple[str, str], ...] = field(repr=False)
    identities: tuple[CorpusIdentity, ...]


def sum_documents(
    seed: int,
    *,
    documents: int,
    validation_documents: int = 100,
    test_sums: int = 500,
    digits: int = 3,
    sums_per_document: int = 16,
) -> Documents:
    """Lines such as "047+085=0132": the sum has one digit more than the numbers have.

    Each ordered pair of numbers is in one part alone; validation and test are the same for every
    seed. 85 + 47 may be in the training part where 47 + 85 is tested: with 15,000 documents and 150
    for validation, of two digits, that is so for 335 of the 500 test sums.
    Raises ReplicationError for no digits, and where there are too few pairs.
    """
    drawn = _sums(seed, documents, validation_documents, test_sums, digits, sums_per_document)
    parts = {
        part: [
            "".join(map(_line, sums[first : first + sums_per_document], [digits] * len(sums)))
            for first in range(0, len(sums), sums_per_document)
        ]
        for part, sums in drawn.items()
    }
    made = tuple(
        identify(CORPUS, part, ({"text": text} for text in texts), ("text",), len(texts))
        for part, texts in parts.items()
    )
    return Documents(**parts, identities=made, key=f"{CORPUS}-{made[0].sha256[:16]}")


def sum_questions(
    seed: int, *, test_sums: int = 500, digits: int = 3, shown: int = 4
) -> SumQuestions:
    """The sums of the test part of `sum_documents`, each after `shown` others with their answers.

    The same for every seed. Raises ReplicationError as that does.
    """
    sums = _sums(0, 1, 1, test_sums, digits, 1)["test"]
    lines = [_line(each, digits) for each in sums]
    questions = []
    for number, line in enumerate(lines):
        before = "".join(lines[(number + step) % len(lines)] for step in range(1, shown + 1))
        question, answer = line.rstrip("\n").split("=")
        questions.append((f"{before}{question}=", answer))
    rows = ({"question": question, "answer": answer} for question, answer in questions)
    made = identify(CORPUS, "questions", rows, ("question", "answer"), len(questions))
    return SumQuestions(tuple(questions), (made,))


def _line(numbers: Sum, digits: int) -> str:
    a, b = numbers
    return f"{a:0{digits}d}+{b:0{digits}d}={a + b:0{digits + 1}d}\n"


def _sums(
    seed: int, documents: int, validation: int, test_sums: int, digits: int, each: int
) -> dict[str, tuple[Sum, ...]]:
    if digits < 1:
        raise ReplicationError(f"sums: numbers of {digits} digits; give 1 or more")
    numbers = 10**digits

    def draw(part: str, number: int, uniform) -> Sum:
        return int(uniform() * numbers), int(uniform() * numbers)

    counts = {"train": documents * each, "validation": validation * each, "test": test_sums}
    return draw_parts(CORPUS, seed, counts, draw, lambda drawn: drawn)
