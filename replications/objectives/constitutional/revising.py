"""Critique and revision: an assistant corrects its own answers by principles of the constitution.

Source: Bai et al. 2022, section 3.1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from replications.corpora.world.constitution.feedback import (
    critique_request,
    found_words,
    revision_of,
)
from replications.corpora.world.constitution.requests import CheckedRequest
from replications.corpora.world.constitution.rules import CRITIQUE_PRINCIPLES, Principle
from replications.corpora.world.constitution.vocabulary import CRITIQUE, NOTHING, THEN
from replications.corpora.world.instructions.tasks import Words
from replications.objectives.constitutional.asking import Assistant, question

# Longer answers would not fit before the principle: they are cut.
MOST_WORDS = 12


@dataclass(frozen=True)
class Course:
    """The answers before and after each revision, and whether each critique was exact.

    `found` is empty where no critique was asked for.
    """

    answers: list[list[Words]]
    found: list[bool]

    @property
    def critic_accuracy(self) -> float:
        """The share of critiques that name the words that break the principle, and no others."""
        return sum(self.found) / max(len(self.found), 1)


@dataclass(frozen=True)
class Reviser:
    """Critique and revision, `revisions` times, by principles drawn at random.

    For each answer and each revision one of the first `principles` is drawn. `request` is called
    with it: `critique_request`, or `revision_request` for a revision without a critique (section
    3.5).
    """

    revisions: int = 4
    principles: int = len(CRITIQUE_PRINCIPLES)
    request: Callable[[Principle], Words] = critique_request

    def course(
        self,
        assistant: Assistant,
        requests: Sequence[CheckedRequest],
        answers: Sequence[Words],
        draw: torch.Generator,
    ) -> Course:
        """The answers after each revision. An empty revision leaves the answer as it was."""
        steps, found = [list(answers)], []
        for _ in range(self.revisions):
            now = [answer[:MOST_WORDS] for answer in steps[-1]]
            drawn = torch.randint(
                self.principles, (len(now),), generator=draw, device=draw.device
            ).tolist()
            principles = [CRITIQUE_PRINCIPLES[number] for number in drawn]
            requested = [self.request(principle) for principle in principles]
            turns = [
                question(one.words, answer, request)
                for one, answer, request in zip(requests, now, requested, strict=True)
            ]
            written = assistant.answers(turns, draw)
            for one, answer, principle, request, words in zip(
                requests, now, principles, requested, written, strict=True
            ):
                if request[0] == CRITIQUE:
                    right = found_words(one, answer, principle) or (NOTHING,)
                    # Without its delimiter a critique cannot be told from a revision.
                    ended = THEN in words
                    found.append(ended and sorted(words[: words.index(THEN)]) == sorted(right))
            revised = [revision_of(words)[:MOST_WORDS] for words in written]
            steps.append([new or old for new, old in zip(revised, now, strict=True)])
        return Course(steps, found)
