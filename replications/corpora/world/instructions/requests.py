"""A request: a task, and perhaps a constraint on how it is to be answered."""

from dataclasses import dataclass

from replications.corpora.world.instructions.tasks import TASKS, Words
from replications.corpora.world.instructions.vocabulary import BLUE, DONE, PLEASE
from replications.corpora.world.stories_parts import Uniform

CONSTRAINTS = ("none", "length", "ending", "no blue", "polite")
LISTS = ("copy", "reverse", "sort", "first", "colours")
"""Tasks whose answer is a list: only these can be cut short, or lose a colour."""

# Half of the requests have a constraint.
_FREE_SHARE = 0.5


@dataclass(frozen=True)
class Request:
    """What is asked. `target` is the right answer under the constraint, without any "please"."""

    task: str
    constraint: str
    words: Words
    target: Words

    @property
    def pair(self) -> tuple[str, str]:
        """The combination that may be kept out of training."""
        return self.task, self.constraint


def allowed(task: str, constraint: str) -> bool:
    """Whether the constraint can be put on the task."""
    return task in LISTS or constraint not in ("length", "no blue")


def draw_request(uniform: Uniform) -> Request:
    """A task, all equally likely; every second one with a constraint that fits it."""
    task = tuple(TASKS)[int(len(TASKS) * uniform())]
    constraint = "none"
    if uniform() >= _FREE_SHARE:
        fitting = [name for name in CONSTRAINTS[1:] if allowed(task, name)]
        constraint = fitting[int(len(fitting) * uniform())]
    return constrained(uniform, task, constraint)


def constrained(uniform: Uniform, task: str, constraint: str) -> Request:
    """A request of this task under this constraint."""
    while True:
        asked, target = TASKS[task](uniform)
        words = asked
        if constraint == "length":
            most = max(1, len(target) - 1)
            many = 1 + int(uniform() * most)
            words, target = (*asked, ",", "in", str(many), "words"), target[:many]
        elif constraint == "ending":
            words, target = (*asked, ",", "end", "with", DONE), (*target, DONE)
        elif constraint == "no blue":
            words = (*asked, ",", "no", BLUE)
            target = tuple(word for word in target if word != BLUE)
        elif constraint == "polite":
            words = (*asked, ",", "politely")
        if target:
            return Request(task, constraint, words, target)


def kept(request: Request, answer: Words) -> bool:
    """Whether an answer keeps the constraint, right or wrong; without one it does.

    Every "please" is ignored, but where the request is to be polite.
    """
    bare = without_please(answer)
    if request.constraint == "length":
        return len(bare) == len(request.target)
    if request.constraint == "ending":
        return bare[-1:] == (DONE,)
    if request.constraint == "no blue":
        return BLUE not in bare
    if request.constraint == "polite":
        return PLEASE in answer
    return True


def without_please(answer: Words) -> Words:
    return tuple(word for word in answer if word != PLEASE)
