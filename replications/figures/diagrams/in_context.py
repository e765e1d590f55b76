"""Diagrams of in-context learning: few-shot prompts, and the two heads of an induction circuit."""

from collections.abc import Sequence

import seaborn as sns
from matplotlib.figure import Figure

from replications.corpora.texts.few_shot_questions import Question
from replications.errors import ReplicationError
from replications.figures.diagrams.boxes import arrow, box, drawing

_LINE = 0.62


def draw_prompts(question: Question, shots: Sequence[int]) -> Figure:
    """One question with each number of examples, a panel for each: the prompt, and the answer to be
    written.

    Source: Brown et al. 2020, figure 2.1. The lines are those of `Question.prompt`.
    """
    instruction, example, asked = ((*colour, 0.3) for colour in sns.color_palette("colorblind", 3))
    lines = [question.prompt(many).split("\n") for many in shots]
    most = max(map(len, lines))
    names = {0: "zero-shot", 1: "one-shot"}
    with drawing(4.0 * len(shots), _LINE * most + 1.3, inches=6.0, tall=0.36 * most + 0.7) as ax:
        top = _LINE * most + 0.5
        for column, (many, read) in enumerate(zip(shots, lines, strict=True)):
            x = 4.0 * column + 2.0
            title = names.get(many, f"few-shot, K = {many}")
            ax.text(x, top + 0.4, title, ha="center", fontsize=10)
            for number, words in enumerate(read):
                last = number == len(read) - 1
                first = bool(question.instruction) and not number
                fill = asked if last else instruction if first else example
                y = top - _LINE * (number + 0.5)
                box(ax, (x, y), words, width=3.7, height=0.5, colour=fill, size=8.5)
            y = top - _LINE * (len(read) + 0.35)
            ax.text(x, y, f"answer: {question.answer.strip()}", ha="center", fontsize=8.5)
        return ax.figure


def draw_induction(tokens: Sequence[str]) -> Figure:
    """How two heads complete ... A B ... A: the first copies A's identity to the position of B, the
    second attends to the B whose previous token is the present one.

    Source: Olsson et al. 2022, section "Definition of Induction Heads". The present token is the
    last one, and the one that it finds follows its latest earlier occurrence. Raises
    ReplicationError where it has none.
    """
    found = copied_from(tokens)
    first, second = sns.color_palette("colorblind", 4)[0], sns.color_palette("colorblind", 4)[3]
    width = 1.15 * (len(tokens) + 1)
    with drawing(width, 4.3, inches=6.0, tall=2.9) as ax:
        for number, token in enumerate(tokens):
            x = _place(number)
            fill = {found: (*second, 0.3), len(tokens) - 1: (*first, 0.3)}.get(number, "white")
            box(ax, (x, 1.7), token, width=1.0, height=0.6, colour=fill)
        box(ax, (_place(len(tokens)), 1.7), f"{tokens[found]}?", width=1.0, height=0.6)
        # Both arrows lead from the query to the key. This one bows downwards.
        arrow(ax, (_place(found), 1.35), (_place(found - 1), 1.35), colour=first, bend=-0.55)
        ax.text(
            _place(found - 1),
            0.35,
            f"layer 1: “{tokens[found]}” attends to the token before it",
            fontsize=8.5,
            color=first,
            ha="left",
            va="center",
        )
        start, end = (_place(len(tokens) - 1), 2.05), (_place(found), 2.05)
        # It bows upwards, as it runs from right to left.
        arrow(ax, start, end, colour=second, bend=0.3)
        ax.text(
            width / 2,
            3.95,
            f"layer 2: the last “{tokens[-1]}” attends to what followed “{tokens[-1]}”",
            fontsize=8.5,
            color=second,
            ha="center",
            va="center",
        )
        return ax.figure


def copied_from(tokens: Sequence[str]) -> int:
    """The position of the token that an induction head finds from the last one."""
    for number in range(len(tokens) - 2, -1, -1):
        if tokens[number] == tokens[-1] and number + 1 < len(tokens) - 1:
            return number + 1
    raise ReplicationError(
        f"The last token, {tokens[-1]!r}, does not occur before: give a sequence that repeats one."
    )


def _place(number: int) -> float:
    return 1.15 * number + 0.6
