"""Reward modelling on human labels of helpfulness and AI labels of harmlessness."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from replications.corpora.batches.conversations.prompted import PromptBatch
from replications.corpora.world.instructions.tasks import Words
from replications.decoding.answers import Answers, texts_of
from replications.objectives.constitutional.asking import Assistant
from replications.objectives.constitutional.feedback import Adjust, Feedback, Letters, Pairs, soft
from replications.objectives.constitutional.revisions import RevisionTuning
from replications.objectives.preference.comparisons import SampledComparisons


class FeedbackComparisons(SampledComparisons):
    """Answers to harmful requests are compared by the assistant, those to harmless ones by `judge`.

    Source: Bai et al. 2022, section 4.1: "human helpfulness" and "AI harmlessness" comparisons in
    one preference model. `feedback` queries the assistant, `adjust` makes labels of its
    probabilities. Starts from a `RevisionTuning`, whose assistant it keeps.
    """

    def __init__(
        self,
        vocabulary: Any,
        seed: int,
        start: RevisionTuning,
        *,
        feedback: Callable[..., Feedback] = Letters,
        adjust: Adjust = soft,
        **parts: Any,
    ) -> None:
        super().__init__(vocabulary, seed, start, **parts)
        self.feedback, self.adjust = feedback(), adjust
        self.assistant = copy.deepcopy(start.assistant)
        self.width, self.tokens = start.feedback_width, start.feedback_tokens

    def compared(
        self, prompts: PromptBatch, answers: Answers, draw: torch.Generator
    ) -> tuple[Float[Tensor, "prompt pair"], Bool[Tensor, "prompt pair"]]:
        first, mask = super().compared(prompts, answers, draw)
        many = self.answers_per_prompt
        places, pairs = self.harmful_pairs(prompts, answers)
        if pairs.requests:
            found = self.feedback(self.asking, pairs, draw).first.to(first.device)
            first[torch.tensor(places, device=first.device)] = self.adjust(found).view(
                -1, many * (many - 1) // 2
            )
        return first, mask

    @property
    def asking(self) -> Assistant:
        return Assistant(self.assistant, self.vocabulary, self.width, self.tokens)

    def harmful_pairs(self, prompts: PromptBatch, answers: Answers) -> tuple[list[int], Pairs]:
        """The indices of the harmful requests, and all pairs of answers to each."""
        many, vocabulary = self.answers_per_prompt, self.vocabulary
        texts: list[Words] = [
            tuple(text.split()) for text in texts_of(answers, vocabulary, vocabulary.end)
        ]
        places, asked, first, second = [], [], [], []
        index = torch.triu_indices(many, many, 1).T.tolist()
        for place in range(len(texts) // many):
            one = prompts.requests[place * many]
            if not one.harmful:
                continue
            places.append(place)
            rows = texts[place * many : (place + 1) * many]
            for here, there in index:
                asked.append(one)
                first.append(rows[here])
                second.append(rows[there])
        return places, Pairs(asked, first, second)
