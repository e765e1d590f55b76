"""The world of instructions in its parts: requests with demonstrations, a pre-training text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.instructions.requests import (
    CONSTRAINTS,
    Request,
    allowed,
    constrained,
    draw_request,
)
from replications.corpora.world.instructions.tasks import TASKS, Words
from replications.corpora.world.instructions.writing import careful, draw_chatter, draw_log
from replications.corpora.world.stories_parts import (
    PARTS,
    Uniform,
    check_shares,
    draw_parts,
    identify,
    shuffle,
    uniform_numbers,
)
from replications.errors import ReplicationError

CORPUS, TEXT_CORPUS = "world-instructions", "world-instruction-text"
COLUMNS, TEXT_COLUMNS = ("task", "constraint", "prompt", "answer"), ("text",)
DEFAULT_SEED, DEFAULT_REQUESTS, DEFAULT_DOCUMENTS = 0, 2_000, 2_000
# Each a turn of a text: who speaks stands before it.
USER, ASSISTANT = "user", "assistant"
# As many as the padding tokens that may precede a prompt.
_MOST_PAGES = 12


class Demonstration(NamedTuple):
    """A request, and what a careful author answers."""

    request: Request
    answer: Words


@dataclass(frozen=True)
class InstructionWorld:
    """Requests with demonstrations. Validation and test are the same for every seed.

    `unseen` are the pairs of task and constraint that occur in no training request; about
    `unseen_share` of the test requests are of one of them.
    """

    train: tuple[Demonstration, ...]
    validation: tuple[Demonstration, ...]
    test: tuple[Demonstration, ...]
    unseen: tuple[tuple[str, str], ...]
    identities: tuple[CorpusIdentity, ...]


def make_instructions(
    seed: int,
    requests: int,
    *,
    validation_requests: int = 200,
    test_requests: int = 500,
    unseen_pairs: int = 4,
    unseen_share: float = 0.1,
) -> InstructionWorld:
    """Draw requests, each with a demonstration.

    `unseen_pairs` pairs of a task and a constraint, always the same ones, are kept for the test.
    Raises ReplicationError for a knob out of its range.
    """
    maker = "make_instructions"
    check_shares(maker, unseen_share=unseen_share)
    pairs = [(t, c) for t in TASKS for c in CONSTRAINTS[1:] if allowed(t, c)]
    if not 1 <= unseen_pairs < len(pairs):
        raise ReplicationError(
            f"{maker}: unseen_pairs is {unseen_pairs}; give 1 to {len(pairs) - 1}"
        )
    unseen = tuple(shuffle(uniform_numbers(1203), pairs)[:unseen_pairs])

    def draw(part: str, number: int, uniform: Uniform) -> Demonstration:
        if part == "test" and uniform() < unseen_share:
            request = constrained(uniform, *unseen[int(len(unseen) * uniform())])
        else:
            while (request := draw_request(uniform)).pair in unseen:
                pass
        return Demonstration(request, careful(uniform, request))

    sizes = dict(zip(PARTS, (requests, validation_requests, test_requests), strict=True))
    # Sums of two digits are too few to keep apart: any of them may be memorised.
    parts = draw_parts(
        maker, seed, sizes, draw, lambda it: None if it.request.task == "add" else it.request.words
    )
    identities = tuple(
        identify(CORPUS, part, rows_of(parts[part]), COLUMNS, sizes[part]) for part in PARTS
    )
    return InstructionWorld(**parts, unseen=unseen, identities=identities)


def rows_of(demonstrations: Sequence[Demonstration]) -> Iterator[dict[str, object]]:
    """The requests as rows, words set apart by spaces."""
    for request, answer in demonstrations:
        yield {
            "task": request.task,
            "constraint": request.constraint,
            "prompt": " ".join(request.words),
            "answer": " ".join(answer),
        }


@dataclass(frozen=True)
class InstructionText:
    """The text of a base model's pre-training: each document a list of (speaker, words).

    A document without speakers is chatter; one without words too is so many empty pages. Validation
    and test are the same for every seed; the test has chatter alone: what fine-tuning may forget.
    """

    train: tuple[tuple[tuple[str, Words], ...], ...]
    validation: tuple[tuple[tuple[str, Words], ...], ...]
    test: tuple[tuple[tuple[str, Words], ...], ...]
    identities: tuple[CorpusIdentity, ...]


def make_instruction_text(
    seed: int,
    documents: int,
    *,
    validation_documents: int = 300,
    test_documents: int = 300,
    careful_share: float = 0.5,
    chatter_share: float = 0.2,
    empty_share: float = 0.15,
) -> InstructionText:
    """Draw documents: logs of requests by careful and careless authors, chatter, empty pages.

    With a half of careful authors, and careless ones who are right once in five, 40 % of the
    answers are wrong. Raises ReplicationError for a knob out of its range.
    """
    maker = "make_instruction_text"
    check_shares(
        maker, careful_share=careful_share, chatter_share=chatter_share, empty_share=empty_share
    )

    def draw(part: str, number: int, uniform: Uniform) -> tuple[tuple[str, Words], ...]:
        kind = 0.0 if part == "test" else uniform()
        if kind < chatter_share:
            return (("", draw_chatter(uniform)),)
        if kind < chatter_share + empty_share:
            return (("", ()),) * (1 + int(_MOST_PAGES * uniform()))
        log = draw_log(uniform, careful_share=careful_share)
        return tuple(turn for asked, told in log for turn in ((USER, asked), (ASSISTANT, told)))

    counts = (documents, validation_documents, test_documents)
    return draw_text(maker, TEXT_CORPUS, seed, counts, draw)


def draw_text(
    maker: str,
    corpus: str,
    seed: int,
    counts: Sequence[int],
    draw: Callable[[str, int, Uniform], tuple[tuple[str, Words], ...]],
) -> InstructionText:
    """So many documents for each part, in order, of what `draw` draws. Raises as `draw_parts`."""
    sizes = dict(zip(PARTS, counts, strict=True))
    # Chatter and logs may come twice, as on the web.
    parts = draw_parts(maker, seed, sizes, draw, lambda it: None)
    identities = tuple(
        identify(corpus, part, lines_of(parts[part]), TEXT_COLUMNS, sizes[part]) for part in PARTS
    )
    return InstructionText(**parts, identities=identities)


def lines_of(
    documents: Sequence[Sequence[tuple[str, Words]]],
) -> Iterator[dict[str, object]]:
    """The documents as rows: a line a turn, the speaker in front."""
    for turns in documents:
        lines = (" ".join((f"{who}:", *words) if who else words) for who, words in turns)
        yield {"text": "\n".join(lines)}
