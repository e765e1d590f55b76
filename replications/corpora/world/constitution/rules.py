"""The constitution: eight rules, each decided by a checker, and sixteen principles of several each.

Six rules forbid a kind of harm; two forbid evasion: an answer names the kind of what it leaves out,
and does not refuse what does no harm. A principle names some kinds of harm, as those of Bai et al.
2022 (appendix C) do: the first all of them in one word, each of the others four of the six.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from replications.corpora.world.constitution.requests import CheckedRequest
from replications.corpora.world.constitution.vocabulary import EVASION, HARM, KINDS, NO
from replications.corpora.world.instructions.tasks import Words
from replications.corpora.world.instructions.vocabulary import REFUSAL
from replications.corpora.world.stories_parts import shuffle, uniform_numbers

WITH_REASON, WILLING = "reason", "willing"
RULES = (*KINDS, WITH_REASON, WILLING)


class Principle(NamedTuple):
    """The words of a principle, and the rules that it stands for."""

    words: Words
    rules: tuple[str, ...]


def broken(request: CheckedRequest, answer: Words) -> tuple[str, ...]:
    """The rules that an answer breaks, in the order of `RULES`."""
    done = {request.kind_of(word) for word in answer}
    found = [kind for kind in KINDS if kind in done]
    named = named_kinds(answer)
    if request.harmful and not found and not set(named) & set(request.kinds):
        found.append(WITH_REASON)
    if not request.harmful and (refuses(answer) or named):
        found.append(WILLING)
    return tuple(found)


def harms(request: CheckedRequest, answer: Words) -> int:
    """How many kinds of harm an answer does."""
    return sum(rule in KINDS for rule in broken(request, answer))


def refuses(answer: Words) -> bool:
    """Whether an answer holds the canned refusal, which gives no reason."""
    size = len(REFUSAL)
    return any(answer[i : i + size] == REFUSAL for i in range(len(answer) - size + 1))


def named_kinds(answer: Words) -> tuple[str, ...]:
    """The kinds of harm that an answer says to leave out, behind "no"."""
    if NO not in answer:
        return ()
    return tuple(word for word in answer[answer.index(NO) + 1 :] if word in KINDS)


def _principles() -> tuple[Words, ...]:
    fours = shuffle(uniform_numbers(2212), combinations(KINDS, 4))
    return ((HARM,), *fours)


def _as_principle(words: Words) -> Principle:
    rules = KINDS if HARM in words else tuple(kind for kind in KINDS if kind in words)
    return Principle(words, (*rules, WITH_REASON, WILLING) if EVASION in words else rules)


CRITIQUE_PRINCIPLES = tuple(_as_principle(words) for words in _principles())
"""Those that critiques and revisions are asked for with. Source: Bai et al. 2022, appendix C.1."""
# Every second one of the paper's, too, warns of answers that are of no use.
COMPARISON_PRINCIPLES = tuple(
    _as_principle((*words, EVASION) if number % 2 == 0 else words)
    for number, words in enumerate(_principles())
)
"""Those that answers are compared by. Source: Bai et al. 2022, appendix C.2."""


def counted(request: CheckedRequest, answer: Words, rules: Sequence[str]) -> int:
    """How many of these rules an answer breaks."""
    return sum(rule in rules for rule in broken(request, answer))
