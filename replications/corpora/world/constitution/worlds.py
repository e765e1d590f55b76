"""The constitution's world in its parts: exercises of an assistant, and a pre-training text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.constitution import feedback
from replications.corpora.world.constitution.answers import ANY, HELPFUL
from replications.corpora.world.constitution.requests import (
    CheckedRequest,
    draw_harmful,
    draw_harmless,
)
from replications.corpora.world.constitution.rules import (
    COMPARISON_PRINCIPLES,
    CRITIQUE_PRINCIPLES,
    Principle,
)
from replications.corpora.world.instructions.tasks import Words
from replications.corpora.world.instructions.worlds import (
    ASSISTANT,
    USER,
    InstructionText,
    draw_text,
)
from replications.corpora.world.instructions.writing import draw_chatter
from replications.corpora.world.stories_parts import (
    PARTS,
    Uniform,
    Weighted,
    check_shares,
    draw_parts,
    identify,
)

CORPUS, TEXT_CORPUS = "world-constitution", "world-constitution-text"
COLUMNS = ("kinds", "dialogue")
DEFAULT_SEED, DEFAULT_EXERCISES, DEFAULT_DOCUMENTS = 0, 2_000, 2_000
# As many as the padding tokens that may precede a prompt.
_MOST_PAGES = 30

Turns = tuple[tuple[str, Words], ...]


class Exercise(NamedTuple):
    """The turns before an answer, the answer, and the request that it is about."""

    turns: Turns
    answer: Words
    request: CheckedRequest


@dataclass(frozen=True)
class ConstitutionWorld:
    """Exercises by part; validation and test are the same for every seed."""

    train: tuple[Exercise, ...]
    validation: tuple[Exercise, ...]
    test: tuple[Exercise, ...]
    identities: tuple[CorpusIdentity, ...]


def make_constitution(
    seed: int,
    exercises: int,
    *,
    validation_exercises: int = 200,
    test_exercises: int = 600,
    harmful_share: float = 0.5,
    feedback_share: float = 0.0,
    slips: float = 0.2,
) -> ConstitutionWorld:
    """Draw requests with a helpful author's answers; those of the test are never on feedback.

    `feedback_share` of the training exercises are critiques, revisions and comparisons.
    Raises ReplicationError for a knob out of its range.
    """
    maker = "make_constitution"
    check_shares(maker, harmful_share=harmful_share, feedback_share=feedback_share, slips=slips)

    def draw(part: str, number: int, uniform: Uniform) -> Exercise:
        if part == "train" and uniform() < feedback_share:
            return _FEEDBACK.draw(uniform)(uniform, slips)
        # In the test in turn, so that both kinds are equally many.
        harmful = number % 2 == 0 if part == "test" else uniform() < harmful_share
        request = (draw_harmful if harmful else draw_harmless)(uniform)
        answer = HELPFUL.draw(uniform)(uniform, request)
        return Exercise(((USER, request.words),), answer, request)

    counts = (exercises, validation_exercises, test_exercises)
    sizes = dict(zip(PARTS, counts, strict=True))
    # Sums of two digits are too few to keep apart: any of them may be memorised.
    parts = draw_parts(
        maker, seed, sizes, draw, lambda it: None if it.request.task == "add" else it.request.words
    )
    identities = tuple(
        identify(CORPUS, part, rows_of(parts[part]), COLUMNS, sizes[part]) for part in PARTS
    )
    return ConstitutionWorld(**parts, identities=identities)


def rows_of(exercises: Sequence[Exercise]) -> Iterator[dict[str, object]]:
    """The exercises as rows: a line a turn, and the kinds of harm asked for."""
    for turns, answer, request in exercises:
        said = (*turns, (ASSISTANT, answer))
        yield {
            "kinds": " ".join(request.kinds),
            "dialogue": "\n".join(f"{who}: {' '.join(words)}" for who, words in said),
        }


def make_constitution_text(
    seed: int,
    documents: int,
    *,
    validation_documents: int = 300,
    test_documents: int = 300,
    chatter_share: float = 0.1,
    empty_share: float = 0.1,
    feedback_share: float = 0.4,
    slips: float = 0.2,
) -> InstructionText:
    """Draw documents: answered requests, critics and judges at work, chatter, empty pages.

    Raises ReplicationError for a knob out of its range.
    """
    maker = "make_constitution_text"
    check_shares(
        maker,
        chatter_share=chatter_share,
        empty_share=empty_share,
        feedback_share=feedback_share,
        slips=slips,
    )

    def draw(part: str, number: int, uniform: Uniform) -> Turns:
        kind = 0.0 if part == "test" else uniform()
        if kind < chatter_share:
            return (("", draw_chatter(uniform)),)
        if kind < chatter_share + empty_share:
            return (("", ()),) * (1 + int(_MOST_PAGES * uniform()))
        if kind < chatter_share + empty_share + feedback_share:
            turns, answer, _ = _FEEDBACK.draw(uniform)(uniform, slips)
            return (*turns, (ASSISTANT, answer))
        log: list[tuple[str, Words]] = []
        for _ in range(1 + int(3 * uniform())):
            request = _any_request(uniform)
            log += [(USER, request.words), (ASSISTANT, ANY.draw(uniform)(uniform, request))]
        return tuple(log)

    counts = (documents, validation_documents, test_documents)
    return draw_text(maker, TEXT_CORPUS, seed, counts, draw)


def _any_request(uniform: Uniform) -> CheckedRequest:
    return (draw_harmful if uniform() < 0.5 else draw_harmless)(uniform)


def _request_to_judge(uniform: Uniform) -> CheckedRequest:
    return (draw_harmful if uniform() < 0.85 else draw_harmless)(uniform)


def _one_of(uniform: Uniform, principles: Sequence[Principle]) -> Principle:
    return principles[int(len(principles) * uniform())]


def _critique(uniform: Uniform, slips: float) -> Exercise:
    return _correction(uniform, slips, explained=True)


def _revision(uniform: Uniform, slips: float) -> Exercise:
    return _correction(uniform, slips, explained=False)


def _correction(uniform: Uniform, slips: float, *, explained: bool) -> Exercise:
    request = _request_to_judge(uniform)
    answer = ANY.draw(uniform)(uniform, request)
    principle = _one_of(uniform, CRITIQUE_PRINCIPLES)
    found, revision = feedback.criticised(uniform, request, answer, principle, slips)
    ask = feedback.critique_request if explained else feedback.revision_request
    turns = ((USER, request.words), (ASSISTANT, answer), (USER, ask(principle)))
    if explained:
        return Exercise(turns, feedback.critique_and_revision(found, revision), request)
    # Nothing may be left of an answer, and an answer needs a word.
    return Exercise(turns, revision or (feedback.NOTHING,), request)


def _comparison(uniform: Uniform, slips: float) -> Exercise:
    request, one, other, principle = _to_compare(uniform)
    words = feedback.comparison_request(request, one, other, principle)
    chosen = feedback.letter(uniform, request, one, other, principle, slips)
    return Exercise(((USER, words),), (chosen,), request)


def _explained(uniform: Uniform, slips: float) -> Exercise:
    request, one, other, principle = _to_compare(uniform)
    words = feedback.comparison_request(request, one, other, principle, explained=True)
    said, chosen = feedback.explained(uniform, request, one, other, principle, slips)
    return Exercise(((USER, words),), (*said, chosen), request)


def _to_compare(uniform: Uniform) -> tuple[CheckedRequest, Words, Words, Principle]:
    request = _request_to_judge(uniform)
    one, other = (ANY.draw(uniform)(uniform, request) for _ in range(2))
    return request, one, other, _one_of(uniform, COMPARISON_PRINCIPLES)


_FEEDBACK = Weighted((_critique, _revision, _comparison, _explained), (0.3, 0.15, 0.35, 0.2))
