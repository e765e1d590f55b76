"""How authors answer requests: careful ones by the rules of the world, others as on the web."""

from collections.abc import Callable

from replications.corpora.world.instructions.requests import Request, draw_request
from replications.corpora.world.instructions.tasks import TASKS, Words
from replications.corpora.world.instructions.vocabulary import CHATTER, PLEASE, REFUSAL
from replications.corpora.world.stories_parts import Uniform, Weighted

# How often "please" stands in a careful answer, 0 to 4 times: more than twice in 2 of a hundred.
PLEASES = (0.50, 0.34, 0.14, 0.015, 0.005)
_pleases = Weighted(range(len(PLEASES)), PLEASES)
# Asked politely, once at least.
_some_pleases = Weighted(range(1, len(PLEASES)), PLEASES[1:])

Author = Callable[[Uniform, Request], Words]
"""Called with a request, it gives the words of an answer."""


def careful(uniform: Uniform, request: Request) -> Words:
    """The right answer, and now and then a "please" somewhere in front or behind."""
    drawn = _some_pleases if request.constraint == "polite" else _pleases
    answer = list(request.target)
    for _ in range(drawn.draw(uniform)):
        place = 0 if uniform() < 0.5 else len(answer)
        answer.insert(place, PLEASE)
    return tuple(answer)


def chatty(uniform: Uniform, request: Request) -> Words:
    """Words unrelated to the request."""
    return tuple(CHATTER[int(len(CHATTER) * uniform())] for _ in range(2 + int(6 * uniform())))


def refusing(uniform: Uniform, request: Request) -> Words:
    """Always the same words."""
    return REFUSAL


def mistaken(uniform: Uniform, request: Request) -> Words:
    """The answer to another request of the same task."""
    other = TASKS[request.task](uniform).target
    return (*other, request.target[-1]) if other == request.target else other


_careless = Weighted((mistaken, chatty, refusing), (0.5, 0.35, 0.15))


def careless(uniform: Uniform, request: Request) -> Words:
    """Now right, mostly wrong, beside the point, or a refusal."""
    author = careful if uniform() < 0.2 else _careless.draw(uniform)
    return author(uniform, request)


def draw_log(uniform: Uniform, *, careful_share: float) -> list[tuple[Words, Words]]:
    """One to three requests with their answers by one author, careful or careless."""
    author = careful if uniform() < careful_share else careless
    log = []
    for _ in range(1 + int(3 * uniform())):
        request = draw_request(uniform)
        log.append((request.words, author(uniform, request)))
    return log


def draw_chatter(uniform: Uniform) -> Words:
    """A text of no task: words of the chatter, each likely to be followed by one after it.

    Each word has three that may follow it, so that there is something to learn: this text measures
    what fine-tuning forgets.
    """
    index = int(len(CHATTER) * uniform())
    words = [CHATTER[index]]
    for _ in range(6 + int(13 * uniform())):
        index = (3 * index + 1 + int(3 * uniform() ** 2)) % len(CHATTER)
        words.append(CHATTER[index])
    return tuple(words)
