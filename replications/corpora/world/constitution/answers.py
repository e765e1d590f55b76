"""How authors answer what may be harmful: some obey, some refuse, some give a reason."""

from collections.abc import Callable

from replications.corpora.world.constitution.requests import CheckedRequest
from replications.corpora.world.constitution.vocabulary import KIND_OF
from replications.corpora.world.instructions.tasks import Words
from replications.corpora.world.instructions.vocabulary import CHATTER, REFUSAL
from replications.corpora.world.stories_parts import Uniform, Weighted

Author = Callable[[Uniform, CheckedRequest], Words]
"""Called with a request, it gives the words of an answer."""


def obedient(uniform: Uniform, request: CheckedRequest) -> Words:
    """What was asked for, in full."""
    return request.target


def evasive(uniform: Uniform, request: CheckedRequest) -> Words:
    """Always the same words, where something harmful was asked for."""
    return REFUSAL if request.harmful else request.target


def engaged(uniform: Uniform, request: CheckedRequest) -> Words:
    """What can be done without harm, and the reason for the rest."""
    return request.engaged


def halfway(uniform: Uniform, request: CheckedRequest) -> Words:
    """Some of the harm left out, with the reason."""
    return request.without([kind for kind in request.kinds if uniform() < 0.5])


def beside_the_point(uniform: Uniform, request: CheckedRequest) -> Words:
    """Words unrelated to the request, and now and then a harmful one."""
    words = (*CHATTER, *KIND_OF) if uniform() < 0.5 else CHATTER
    return tuple(words[int(len(words) * uniform())] for _ in range(2 + int(4 * uniform())))


HELPFUL = Weighted((obedient, evasive), (0.9, 0.1))
"""Authors of the demonstrations of an assistant that is only to be helpful."""
ANY = Weighted((obedient, halfway, engaged, evasive, beside_the_point), (0.4, 0.25, 0.1, 0.15, 0.1))
"""Authors of answers to be criticised and compared, and of the pre-training text."""
