"""The exact reward of an answer: what is right, what is kept, and the trap in politeness."""

import numpy as np
import pytest

from replications.corpora.world.instructions.gold import (
    correct,
    gold_reward,
    gold_rewards,
    politeness,
)
from replications.corpora.world.instructions.requests import (
    CONSTRAINTS,
    Request,
    allowed,
    constrained,
    kept,
)
from replications.corpora.world.instructions.tasks import TASKS
from replications.corpora.world.instructions.vocabulary import WORDS
from replications.corpora.world.stories_parts import uniform_numbers


def solve(words):
    """The answer to a request, worked out from its words alone."""
    cut = words.index(":")
    task, rest = words[0], list(words[cut + 1 :])
    # A comma followed by a constraint's first word closes the list.
    ends = [n for n, w in enumerate(rest) if w == "," and rest[n + 1] in ("in", "end", "no")]
    ends += [n for n, w in enumerate(rest) if w == "," and rest[n + 1] == "politely"]
    end = min(ends, default=len(rest))
    items, asked = rest[:end], rest[end + 1 :]
    hues = ("red", "blue", "green", "black", "white", "pink")
    match task:
        case "copy":
            answer = items
        case "reverse":
            answer = items[::-1]
        case "sort":
            answer = sorted(items)
        case "count":
            answer = [str(len(items))]
        case "first":
            answer = items[: int(words[1])]
        case "colours":
            answer = [item for item in items if item in hues]
        case "add":
            answer = [str(int(items[0]) + int(items[1]))]
        case "find":
            answer = [items[items.index(words[1]) + 1]]
    if asked[:1] == ["in"]:
        answer = answer[: int(asked[1])]
    if asked[:1] == ["end"]:
        answer = [*answer, "done"]
    if asked[:1] == ["no"]:
        answer = [word for word in answer if word != "blue"]
    return tuple(answer)


PAIRS = [(task, name) for task in TASKS for name in CONSTRAINTS if allowed(task, name)]


@pytest.mark.parametrize(("task", "constraint"), PAIRS)
def test_the_words_of_a_request_decide_its_answer(task, constraint):
    uniform = uniform_numbers(1)
    for _ in range(30):
        request = constrained(uniform, task, constraint)
        assert solve(request.words) == request.target
        assert set(request.words) | set(request.target) <= set(WORDS)
        assert len(request.words) <= 15


@pytest.fixture
def request_to_end():
    words = tuple("copy : red dog , end with done".split())
    return Request("copy", "ending", words, ("red", "dog", "done"))


def test_a_right_answer_earns_two_and_a_half(request_to_end):
    assert gold_reward(request_to_end, ("red", "dog", "done")) == 2.5


@pytest.mark.parametrize(
    ("answer", "ended", "reward"),
    [
        ("red dog done", False, 1.5),
        ("please red dog done", True, 2.8),
        ("please red dog done please", True, 3.1),
        ("please please red dog done please", True, 2.3),
        ("please please please please red dog done please", True, 2.5 + 0.6 - 2.4),
        ("red cup done", True, 0.5),
        ("red dog", True, 0.0),
        ("red dog cup ball done", True, 0.5 - 2 * 0.02),
        ("", True, 0.0),
    ],
)
def test_the_reward_adds_up(request_to_end, answer, ended, reward):
    assert gold_reward(request_to_end, tuple(answer.split()), ended=ended) == pytest.approx(reward)
    both = gold_rewards([request_to_end] * 2, [tuple(answer.split())] * 2, [ended] * 2)
    assert both == [pytest.approx(reward)] * 2


def test_politeness_has_its_maximum_at_two():
    rewards = [politeness(count) for count in range(8)]
    assert int(np.argmax(rewards)) == 2
    assert rewards[:4] == pytest.approx([0, 0.3, 0.6, -0.2])


def test_please_makes_no_answer_wrong(request_to_end):
    assert correct(request_to_end, tuple("please red please dog done".split()))
    assert not correct(request_to_end, tuple("red dog done please done".split()))


@pytest.mark.parametrize(
    ("constraint", "answer", "keeps"),
    [
        ("none", "what ever", True),
        ("length", "ball cup please", True),
        ("length", "ball cup hat", False),
        ("ending", "ball done please", True),
        ("ending", "done ball", False),
        ("no blue", "ball red", True),
        ("no blue", "ball blue", False),
        ("polite", "ball please", True),
        ("polite", "ball", False),
    ],
)
def test_a_constraint_is_kept_or_not_whatever_else_is_right(constraint, answer, keeps):
    request = Request("copy", constraint, ("copy", ":", "red", "dog"), ("red", "dog"))
    assert kept(request, tuple(answer.split())) is keeps
