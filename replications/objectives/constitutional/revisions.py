"""The supervised stage as Lightning modules: an assistant, and fine-tuning on its revisions."""

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from replications.corpora.batches.conversations.filled_up import filled_left, filled_right
from replications.corpora.batches.conversations.prompted import DemonstrationBatch, PromptBatch
from replications.objectives.constitutional.asking import Assistant, question
from replications.objectives.constitutional.revising import MOST_WORDS, Reviser
from replications.objectives.preference.supervised import SupervisedFineTuning
from replications.tokens.chat import USER, ChatTemplate


class AssistantTuning(SupervisedFineTuning):
    """Supervised fine-tuning that keeps the pre-trained model beside it, as `pretrained`."""

    def __init__(self, vocabulary: object, seed: int, start: Any = None, **parts: Any) -> None:
        super().__init__(vocabulary, seed, start, **parts)
        self.pretrained = copy.deepcopy(self.model).requires_grad_(False).eval()


class RevisionTuning(SupervisedFineTuning):
    """SL-CAI: the pre-trained model is fine-tuned on the assistant's revised answers.

    Source: Bai et al. 2022, section 3.2: the revisions of all steps to harmful requests, and
    answers to harmless ones, to retain helpfulness. Starts from an `AssistantTuning`, which is kept
    as `assistant`; without any revision it trains on the answers themselves. Each harmless request
    is answered `harmless_answers` times. Answers are sampled anew for each batch. The counted
    operations are those of the updates: they leave out all that the assistant is asked.
    """

    shareable = False

    def __init__(
        self,
        vocabulary: Any,
        seed: int,
        start: AssistantTuning,
        *,
        reviser: Callable[..., Reviser] = Reviser,
        feedback_width: int,
        feedback_tokens: int,
        answer_length: int,
        harmless_answers: int = 2,
        **parts: Any,
    ) -> None:
        super().__init__(vocabulary, seed, SimpleNamespace(model=start.pretrained), **parts)
        self.vocabulary, self.seed, self.reviser = vocabulary, seed, reviser()
        self.feedback_width, self.feedback_tokens = feedback_width, feedback_tokens
        self.answer_length, self.harmless_answers = answer_length, harmless_answers
        self.assistant = copy.deepcopy(start.model).requires_grad_(False).eval()

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return self.optimiser(self.model.parameters(), lr=0.0)

    def asking(self, tokens: int) -> Assistant:
        """The assistant, with answers of at most `tokens` tokens."""
        return Assistant(self.assistant, self.vocabulary, self.feedback_width, tokens)

    def training_step(self, batch: PromptBatch, number: int) -> Tensor:
        draw = torch.Generator(device=batch.ids.device)
        draw.manual_seed((self.seed * 1_009 + self.current_epoch) * 100_003 + number)
        examples = self.examples(batch, draw)
        read = examples.ids[:, :-1]
        self.count(read.numel(), read)
        loss = self.loss(examples)
        self.log_loss(loss, self.units(examples)[0])
        return loss

    @torch.no_grad()
    def examples(self, batch: PromptBatch, draw: torch.Generator) -> DemonstrationBatch:
        """The requests with the answers to train on."""
        harmful = [asked for asked in batch.requests if asked.harmful]
        harmless = [one for one in batch.requests if not one.harmful] * self.harmless_answers
        asked = [*harmful, *harmless]
        answers = self.asking(self.answer_length).answers(
            [question(one.words) for one in asked], draw
        )
        first = [answer[:MOST_WORDS] for answer in answers[: len(harmful)]]
        course = self.reviser.course(self.asking(self.feedback_tokens), harmful, first, draw)
        steps = course.answers[1:] or course.answers
        pairs = [pair for step in steps for pair in zip(harmful, step, strict=True)]
        pairs += zip(harmless, answers[len(harmful) :], strict=True)
        template, vocabulary = ChatTemplate(self.vocabulary), self.vocabulary
        kept = [(one, told[: self.answer_length - 1]) for one, told in pairs if told]
        prompts = filled_left(
            [template.prompt([(USER, " ".join(one.words))]) for one, _ in kept],
            batch.ids.shape[1],
            vocabulary.end_of_text,
        )
        rows = [template.answer(" ".join(told)) for _, told in kept]
        told = filled_right(rows, self.answer_length, vocabulary.end_of_text)
        inside = (
            torch.arange(self.answer_length) < torch.tensor([len(row) for row in rows])[:, None]
        )
        ids = torch.cat([prompts, told], 1)
        mask = torch.cat([torch.zeros_like(prompts, dtype=torch.bool), inside], 1)
        return DemonstrationBatch(ids.to(batch.ids.device), mask.to(batch.ids.device))
