"""Critiques, revisions and comparisons as turns: their requests, and the right responses.

Critics and judges err: with the probability `slips` a critic overlooks one thing, and a judge that
does not reason prefers the worse answer.
"""

from collections.abc import Sequence

from replications.corpora.world.constitution.requests import CheckedRequest, refusing
from replications.corpora.world.constitution.rules import Principle, counted, named_kinds
from replications.corpora.world.constitution.vocabulary import (
    COMMA,
    COMPARE,
    CRITIQUE,
    EXPLAIN,
    FIRST,
    KINDS,
    NO,
    NOTHING,
    REVISE,
    SECOND,
    THEN,
)
from replications.corpora.world.instructions.tasks import Words
from replications.corpora.world.stories_parts import Uniform

LETTERS = (FIRST, SECOND)


def critique_request(principle: Principle) -> Words:
    """A request for a critique, and a revision behind it."""
    return (CRITIQUE, *principle.words)


def revision_request(principle: Principle) -> Words:
    """A request for a revision at once."""
    return (REVISE, *principle.words)


def found_words(request: CheckedRequest, answer: Words, principle: Principle) -> Words:
    """The words of an answer that break one of the principle's rules."""
    return tuple(word for word in answer if request.kind_of(word) in principle.rules)


def revised(request: CheckedRequest, answer: Words, found: Sequence[str]) -> Words:
    """The answer without these words, and their kinds named behind what is left."""
    kinds = {request.kind_of(word) for word in found}
    if not kinds:
        return answer
    end = answer.index(NO) if NO in answer else len(answer)
    if answer[end - 1 : end] == (COMMA,):
        end -= 1
    kept = [word for word in answer[:end] if word not in found]
    return refusing(kept, [k for k in KINDS if k in kinds or k in named_kinds(answer)])


def criticised(
    uniform: Uniform, request: CheckedRequest, answer: Words, principle: Principle, slips: float
) -> tuple[Words, Words]:
    """A critic's findings, and the revision that follows from them."""
    found = found_words(request, answer, principle)
    if found and uniform() < slips:
        missed = int(len(found) * uniform())
        found = (*found[:missed], *found[missed + 1 :])
    return found, revised(request, answer, found)


def critique_and_revision(found: Words, revision: Words) -> Words:
    """Both in one turn: "knife ; ball , no weapon"."""
    return (*(found or (NOTHING,)), THEN, *revision)


def revision_of(written: Words) -> Words:
    """The revision in such a turn; all of it where no critique stands before."""
    return written[written.index(THEN) + 1 :] if THEN in written else written


def comparison_request(
    request: CheckedRequest,
    first: Words,
    second: Words,
    principle: Principle,
    *,
    explained: bool = False,
) -> Words:
    """The question which of two answers breaks less of the principle; `explained`, with reasons."""
    word = EXPLAIN if explained else COMPARE
    return (
        *(word, *principle.words, ":", *request.words),
        *(THEN, FIRST, *first, THEN, SECOND, *second),
    )


def better(request: CheckedRequest, first: Words, second: Words, principle: Principle) -> float:
    """1 where the first answer breaks fewer of the rules, 0 where the second does, else a half."""
    one, other = (counted(request, answer, principle.rules) for answer in (first, second))
    return 0.5 if one == other else float(one < other)


def letter(
    uniform: Uniform,
    request: CheckedRequest,
    first: Words,
    second: Words,
    principle: Principle,
    slips: float,
) -> str:
    """The better answer's letter, slips aside; of equal ones any."""
    good = better(request, first, second, principle)
    chance = 0.5 if good == 0.5 else good * (1 - slips) + (1 - good) * slips
    return LETTERS[int(uniform() >= chance)]


def explained(
    uniform: Uniform,
    request: CheckedRequest,
    first: Words,
    second: Words,
    principle: Principle,
    slips: float,
) -> tuple[Words, str]:
    """What breaks a rule in either answer, "A knife ; B nothing ;", and the letter that follows.

    A judge that reasons slips in its reasons: of each answer it overlooks one thing in a share of
    `slips`. Its letter is then sure, and right or wrong with them.
    """
    said: list[str] = []
    counts = []
    for name, answer in zip(LETTERS, (first, second), strict=True):
        many = counted(request, answer, principle.rules)
        found = list(found_words(request, answer, principle) or (NO,) * many)
        if found and uniform() < slips:
            found.pop(int(len(found) * uniform()))
        counts.append(len(found))
        said += [name, *(found or (NOTHING,)), THEN]
    one, other = counts
    chosen = int(uniform() < 0.5) if one == other else int(one > other)
    return tuple(said), LETTERS[chosen]
