"""Reward modelling as Lightning modules: of two answers the preferred one gets the higher reward.

`RecordedComparisons` trains on recorded human comparisons. `SampledComparisons` samples several
answers of a policy to each prompt, compares them by a judge, and trains on all pairs.
"""

import copy
import math
from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from replications.corpora.batches.conversations.compared import ComparedBatch
from replications.corpora.batches.conversations.prompted import PromptBatch, Requests
from replications.decoding.answers import Answers, sample_answers
from replications.errors import ReplicationError
from replications.models.language_model import LanguageModel
from replications.models.preference.scalar_head import ScalarHead
from replications.models.transfer import Transfer, all_layers
from replications.objectives.preference.losses import all_pairs_loss, pairs_of, pairwise_loss
from replications.objectives.preference.rewards import Judge, judged
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule


def policy_of(trained: Any) -> LanguageModel:
    """The policy of a trained objective: reward models keep the one whose answers they score.

    Raises ReplicationError for a reward model that began without a trained model: it has none.
    """
    if not isinstance(trained, RewardModelling):
        return trained.model
    if trained.policy is None:
        raise ReplicationError(
            "The reward model began without a trained model, so that it keeps no policy: give its "
            "recipe a `start`."
        )
    return trained.policy


class RewardModelling(ScheduledTraining):
    """Base class: a decoder with a scalar head, initialised from a trained network.

    Source: Ouyang et al. 2022, section 3.5 (reward modeling): from the fine-tuned model, its last
    layer removed. `network` is called with the size of the vocabulary; `transfer` copies weights.
    `policy` is a frozen copy of the model that it starts from, kept for later stages; None without
    one.
    """

    policy: LanguageModel | None

    def __init__(
        self,
        vocabulary: Any,
        start: Any,
        *,
        network: Callable[[int], nn.Module],
        schedule: Schedule,
        transfer: Transfer = all_layers,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.AdamW,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.vocabulary = vocabulary
        body = network(len(vocabulary))
        self.policy = None
        if start is not None:
            self.policy = copy.deepcopy(policy_of(start)).requires_grad_(False).eval()
            transfer(body, self.policy)
        self.model = ScalarHead(body)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return self.optimiser(self.model.parameters(), lr=0.0)


class RecordedComparisons(RewardModelling):
    """Trains on recorded comparisons, each with both of its answers in one batch."""

    def __init__(self, vocabulary: Any, seed: int, start: Any = None, **parts: Any) -> None:
        super().__init__(vocabulary, start, **parts)

    def training_step(self, batch: ComparedBatch, number: int) -> Tensor:
        self.count(batch.ids.numel(), batch.ids)
        chosen, rejected = self.model.at(batch.ids, batch.last).chunk(2)
        loss = pairwise_loss(chosen, rejected).mean()
        self.log("loss", loss.detach(), on_step=False, on_epoch=True, batch_size=len(chosen))
        return loss


class SampledComparisons(RewardModelling):
    """Trains on all pairs of `answers_per_prompt` sampled answers to each prompt.

    The judge's preference is drawn from the Bradley-Terry model: the first is preferred with the
    probability sigmoid(`label_scale` x difference of rewards); with math.inf always the better one.
    Equal answers are ties, which are left out. All pairs of a prompt are in one batch. The counted
    operations are those of the reward model: they leave out the sampling of the answers.
    """

    def __init__(
        self,
        vocabulary: Any,
        seed: int,
        start: Any,
        *,
        judge: Judge,
        answer_length: int,
        answers_per_prompt: int = 6,
        label_scale: float = 2.0,
        **parts: Any,
    ) -> None:
        super().__init__(vocabulary, start, **parts)
        self.seed, self.judge, self.answer_length = seed, judge, answer_length
        self.answers_per_prompt, self.label_scale = answers_per_prompt, label_scale

    def training_step(self, batch: PromptBatch, number: int) -> Tensor:
        draw = torch.Generator(device=batch.ids.device)
        draw.manual_seed((self.seed * 1_009 + self.current_epoch) * 100_003 + number)
        prompts, answers = self.answered(batch, draw)
        first, mask = self.compared(prompts, answers, draw)
        ids = torch.cat([prompts.ids, answers.ids], 1)
        self.count(ids.numel(), ids)
        rewards = self.model.at(ids, prompts.ids.shape[1] + answers.lengths - 1)
        loss = all_pairs_loss(rewards.view(-1, self.answers_per_prompt), first, mask)
        self.log("loss", loss.detach(), on_step=False, on_epoch=True, batch_size=len(batch.ids))
        return loss

    def answered(
        self, batch: PromptBatch, draw: torch.Generator, many: int | None = None
    ) -> tuple[PromptBatch, Answers]:
        """Each prompt, repeated `many` times in succession, and the policy's answers."""
        many = many or self.answers_per_prompt
        requests = Requests(request for request in batch.requests for _ in range(many))
        prompts = PromptBatch(batch.ids.repeat_interleave(many, 0), requests)
        answers = sample_answers(
            self.policy,
            prompts.ids,
            tokens=self.answer_length,
            end=self.vocabulary.end,
            padding=self.vocabulary.end_of_text,
            generator=draw,
        )
        return prompts, answers

    def compared(
        self, prompts: PromptBatch, answers: Answers, draw: torch.Generator
    ) -> tuple[Float[Tensor, "prompt pair"], Bool[Tensor, "prompt pair"]]:
        """The drawn label of each pair (1: the first is preferred), and which pairs are no ties."""
        many = self.answers_per_prompt
        gold = judged(self.judge, self.vocabulary, prompts, answers).view(-1, many)
        one, other = pairs_of(gold)
        if math.isinf(self.label_scale):
            preferred = torch.where(one == other, 0.5, (one > other).float())
        else:
            preferred = torch.sigmoid(self.label_scale * (one - other))
        first = (torch.rand(one.shape, generator=draw, device=one.device) < preferred).float()
        rows = answers.ids.view(-1, many, answers.ids.shape[1])
        index = torch.triu_indices(many, many, 1, device=rows.device)
        return first, (rows[:, index[0]] != rows[:, index[1]]).any(-1)


@torch.no_grad()
def standardise_on_reference(model: SampledComparisons, data: Any, *, batches: int = 4) -> None:
    """Scale the reward to mean 0 and standard deviation 1 on answers to training prompts."""
    draw = torch.Generator(device=model.device)
    draw.manual_seed(model.seed)
    found = []
    size = data.prompts_per_batch
    for number in range(batches):
        prompts = data.prompts.train[number * size : (number + 1) * size]
        if not prompts:
            break
        batch = data.prompt_batch(prompts)
        batch = batch._replace(ids=batch.ids.to(model.device))
        asked, answers = model.answered(batch, draw)
        ids = torch.cat([asked.ids, answers.ids], 1)
        found.append(model.model.at(ids, asked.ids.shape[1] + answers.lengths - 1))
    model.model.standardise(torch.cat(found))
