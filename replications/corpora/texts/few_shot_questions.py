"""Few-shot questions: examples of a task before each, and the sets that GPT-3 was tested on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

from replications.corpora.loading import load_corpus
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories_parts import check_choice, shuffle, uniform_numbers
from replications.corpora.world.tasks_episodes import DEMONSTRATIONS
from replications.errors import ReplicationError

SETS = "gpt3-synthetic-tasks"

_SALT = 3


class Question(NamedTuple):
    """Whole examples, then the text before the answer, and the answer with its line's end.

    The `instruction` precedes them all, however many examples are shown.
    """

    examples: tuple[str, ...]
    context: str
    answer: str
    instruction: str = ""

    def prompt(self, shots: int) -> str:
        """The text before the answer, with the last `shots` of the examples.

        Raises ReplicationError where there are fewer.
        """
        if not 0 <= shots <= len(self.examples):
            raise ReplicationError(
                f"{shots} shots of a question with {len(self.examples)} examples: give 0 to "
                f"{len(self.examples)}."
            )
        shown = self.examples[len(self.examples) - shots :]
        return "".join((self.instruction, *shown, self.context))


@dataclass(frozen=True)
class FewShotQuestions:
    """Questions by task. Of `held_out` tasks no training text has had an example.

    `best` gives the highest expected accuracy where the task is known, for a task and a number of
    shots; None where it cannot be computed.
    """

    tasks: Mapping[str, tuple[Question, ...]]
    identities: tuple[CorpusIdentity, ...]
    held_out: tuple[str, ...] = ()
    best: Callable[[str, int], float] | None = None


def corpus_questions(
    seed: int,
    *,
    tasks: tuple[str, ...],
    items: int = 100,
    shots: int = 8,
    demonstrations: str = "true",
) -> FewShotQuestions:
    """`items` questions of each task, each with `shots` others of its set as examples.

    Source: Brown et al. 2020, sections 2.4 (examples drawn for each question), 3.9.1 and 3.9.2, in
    the text of the published sets. Departure: the paper draws examples from a training set where
    there is one; these sets have none. The choice is the same for every seed.

    With `demonstrations` "shuffled" each example has the next one's answer: the control, which
    keeps the format and carries no information about the rule.

    Raises ReplicationError where the sets cannot be had, and for a task that is not in them or has
    too few questions.
    """
    check_choice("corpus_questions", "demonstrations", demonstrations, DEMONSTRATIONS)
    rows, identity = load_corpus(SETS, "test")
    lines: dict[str, list[tuple[str, str]]] = {}
    for task, context, completion in zip(
        rows["task"], rows["context"], rows["completion"], strict=True
    ):
        lines.setdefault(task, []).append((context, completion))
    for task in tasks:
        check_choice("corpus_questions", "tasks", task, lines)
        if len(lines[task]) < max(items, shots + 1):
            raise ReplicationError(
                f"The set {task} has {len(lines[task])} questions: ask for fewer than {items}, "
                f"with fewer than {shots} examples."
            )
    answered = _answered if demonstrations == "true" else _with_the_next_answer
    return FewShotQuestions(
        {task: tuple(_questions(task, lines[task], items, shots, answered)) for task in tasks},
        (identity,),
    )


def _questions(
    task: str,
    lines: Sequence[tuple[str, str]],
    items: int,
    shots: int,
    answered: Callable[[Sequence[tuple[str, str]]], tuple[str, ...]],
) -> Iterator[Question]:
    uniform = uniform_numbers(_SALT, crc32(task.encode()))
    for number in shuffle(uniform, range(len(lines)))[:items]:
        context, completion = lines[number]
        examples: list[tuple[str, str]] = []
        while len(examples) < shots:
            drawn = lines[int(uniform() * len(lines))]
            if drawn[0] != context and drawn not in examples:
                examples.append(drawn)
        yield Question(answered(examples), context, f"{completion}\n")


def _answered(lines: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(context + completion for context, completion in lines)


def _with_the_next_answer(lines: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    following = [*lines[1:], *lines[:1]]
    return tuple(
        context + completion for (context, _), (_, completion) in zip(lines, following, strict=True)
    )
