"""Proximal policy optimisation (PPO) of a language model as a Lightning module.

One training step samples answers to a batch of prompts, scores them, and takes several updates on
them. What was measured on the way is in `course`, for metrics.
"""

import copy
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from replications.corpora.batches.conversations.prompted import PromptBatch
from replications.decoding.answers import Answers, sample_answers
from replications.errors import ReplicationError
from replications.models.preference.scalar_head import ScalarHead
from replications.models.transfer import Transfer, all_layers
from replications.objectives.preference import kl
from replications.objectives.preference.advantages import generalised_advantages, shaped_rewards
from replications.objectives.preference.answer_likelihood import (
    answer_logits,
    entropies,
    log_probabilities,
)
from replications.objectives.preference.comparisons import policy_of
from replications.objectives.preference.losses import (
    masked_mean,
    policy_loss,
    value_loss,
    whitened,
)
from replications.objectives.preference.rewards import Judge, judged
from replications.objectives.scheduled import ScheduledTraining
from replications.objectives.schedules import Schedule
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy


class Experience(NamedTuple):
    """Sampled answers to a batch of prompts, with all that an update needs."""

    prompts: PromptBatch
    answers: Answers
    log_probabilities: Float[Tensor, "answer time"]
    values: Float[Tensor, "answer time"]
    advantages: Float[Tensor, "answer time"]
    returns: Float[Tensor, "answer time"]


class Updates(NamedTuple):
    """The hyperparameters of the updates.

    Source of the values: Ouyang et al. 2022, appendix C.4 (clip 0.2, no discount); Ziegler et al.
    2019's code (value weight 0.1, four inner epochs, lambda 0.95). Departure: four minibatches,
    where Ouyang et al. have one inner epoch of 8.
    """

    ppo_epochs: int = 4
    minibatches: int = 4
    clip_range: float = 0.2
    value_clip_range: float = 0.2
    value_weight: float = 0.1
    discount: float = 1.0
    decay: float = 0.95


class ProximalPolicyOptimisation(ScheduledTraining):
    """Raises the reward of a policy's answers, less `kl_coefficient` times KL from the reference.

    Source: Ouyang et al. 2022, equation 2; Ziegler et al. 2019; Schulman et al. 2017.

    - `model` is the policy: it is initialised from the policy of `start`, or else by `network`, and
      the `reference` is a frozen copy of its initial state;
    - the value function is a separate network, initialised from the reward model where there is one
      (Ouyang et al. 2022, section 3.5), else from the policy with a head of zeros;
    - `reward` is called with the vocabulary and the start, and gives the reward function; `judge`
      is the gold reward, which is only logged;
    - `text_weight` is gamma of equation 2, the weight of the loss on pre-training text (PPO-ptx).

    A loss or reward that is not finite raises ReplicationError before it can reach the weights.

    Departure: the minibatch orders of neighbouring seeds are not independent. The order of a batch
    is drawn with its number plus the run's seed, so that seed 1 has at each batch the order that
    seed 0 has at the next. Answers are drawn apart, and the rows that an order permutes are others;
    different orders would give other policies than those that are recorded.
    """

    def __init__(
        self,
        vocabulary: Any,
        seed: int,
        start: Any = None,
        *,
        network: Callable[[int], nn.Module],
        reward: Callable[..., nn.Module],
        schedule: Schedule,
        answer_length: int,
        kl_coefficient: float,
        judge: Judge | None = None,
        updates: Callable[..., Updates] = Updates,
        text_weight: float = 0.0,
        temperature: float = 1.0,
        transfer: Transfer = all_layers,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.AdamW,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(schedule, optimiser, clip)
        self.automatic_optimization = False
        self.vocabulary, self.seed, self.judge = vocabulary, seed, judge
        self.answer_length, self.temperature = answer_length, temperature
        self.updates, self.text_weight = updates(), text_weight
        self.kl_coefficient = kl_coefficient
        self.model = network(len(vocabulary))
        if start is not None:
            transfer(self.model, policy_of(start))
        self.reference = copy.deepcopy(self.model).requires_grad_(False).eval()
        self.reward = reward(vocabulary, start)
        learned = getattr(start, "model", None)
        if isinstance(learned, ScalarHead):
            self.value = copy.deepcopy(learned).requires_grad_(True)
        else:
            self.value = ScalarHead(copy.deepcopy(self.model))
            nn.init.zeros_(self.value.head.weight)
        self.course: dict[str, list[float]] = defaultdict(list)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        trained = [*self.model.parameters(), *self.value.parameters()]
        return self.optimiser(trained, lr=0.0)

    def on_before_optimizer_step(self, optimizer: torch.optim.Optimizer) -> None:
        if self.clip is not None:
            # Each by itself: the value loss is no part of the policy's gradient.
            for part in (self.model, self.value):
                nn.utils.clip_grad_norm_(part.parameters(), self.clip)

    def on_train_epoch_start(self) -> None:
        self.course.clear()

    def training_step(self, batch: PromptBatch, number: int) -> None:
        self._refuse_without_text(batch)
        draw = torch.Generator(device=batch.ids.device)
        draw.manual_seed((self.seed * 1_009 + self.current_epoch) * 100_003 + number)
        experience = self.experience(batch, draw)
        self._count(experience)
        size = len(batch.ids)
        order = torch.Generator().manual_seed(number + 1_009 * self.current_epoch + self.seed)
        for _ in range(self.updates.ppo_epochs):
            rows = torch.randperm(size, generator=order).to(batch.ids.device)
            parts = rows.chunk(self.updates.minibatches)
            for part, text in zip(parts, self._texts(batch, len(parts)), strict=True):
                self._update(experience, part, text)

    @torch.no_grad()
    def answers(self, batch: PromptBatch, draw: torch.Generator) -> Answers:
        """Sampled answers to these prompts; nothing of the module changes."""
        return sample_answers(
            self.model,
            batch.ids,
            tokens=self.answer_length,
            end=self.vocabulary.end,
            padding=self.vocabulary.end_of_text,
            generator=draw,
            temperature=self.temperature,
        )

    @torch.no_grad()
    def experience(self, batch: PromptBatch, draw: torch.Generator) -> Experience:
        """Sampled answers to these prompts, with rewards and advantages.

        A part of the training: it adds to the `course`.
        """
        answers = self.answers(batch, draw)
        ids, mask = answers.ids, answers.mask
        logits = self._logits(self.model, batch.ids, ids)
        log_policy = log_probabilities(logits, ids)
        log_reference = log_probabilities(self._logits(self.reference, batch.ids, ids), ids)
        values = self.values_of(batch.ids, ids)
        scores = self.reward(batch, answers)
        log_ratio = log_policy - log_reference
        rewards = shaped_rewards(scores, kl.k1(log_ratio), mask, coefficient=self.kl_coefficient)
        advantages, returns = generalised_advantages(
            rewards, values, mask, discount=self.updates.discount, decay=self.updates.decay
        )
        divergence = (log_ratio * mask).sum(1)
        self._note("kl", divergence)
        self._note("entropy", (entropies(logits) * mask).sum(1) / mask.sum(1))
        self._note("proxy", scores)
        self._note("length", mask.sum(1).float())
        if self.judge is not None:
            self._note("gold", judged(self.judge, self.vocabulary, batch, answers))
        return Experience(batch, answers, log_policy, values, whitened(advantages, mask), returns)

    def values_of(self, prompts: Tensor, answers: Tensor) -> Float[Tensor, "answer time"]:
        """The value estimate at each token of the answers, before it is generated."""
        read = torch.cat([prompts, answers[:, :-1]], 1)
        return self.value(read)[:, prompts.shape[1] - 1 :].float()

    def losses(
        self, experience: Experience, rows: Tensor
    ) -> tuple[Float[Tensor, ""], Float[Tensor, ""], Float[Tensor, ""]]:
        """The policy loss, the value loss, and the mean KL from the sampling policy."""
        prompts, ids = experience.prompts.ids[rows], experience.answers.ids[rows]
        mask, old = experience.answers.mask[rows], experience.log_probabilities[rows]
        now = log_probabilities(self._logits(self.model, prompts, ids), ids)
        settings = self.updates
        of_policy = policy_loss(
            now, old, experience.advantages[rows], mask, clip_range=settings.clip_range
        )
        of_value = value_loss(
            self.values_of(prompts, ids),
            experience.values[rows],
            experience.returns[rows],
            mask,
            clip_range=settings.value_clip_range,
        )
        return of_policy, of_value, masked_mean(kl.k2(old - now.detach()), mask)

    def _update(self, experience: Experience, rows: Tensor, text: Tensor | None) -> None:
        of_policy, of_value, moved = self.losses(experience, rows)
        loss = of_policy + self.updates.value_weight * of_value
        if text is not None:
            logits = self.model(text[:, :-1]).flatten(0, 1)
            of_text = smoothed_cross_entropy(logits, text[:, 1:].flatten(), ignored=-1)[0]
            loss = loss + self.text_weight * of_text
        self._refuse_diverged(loss)
        optimiser = self.optimizers()
        optimiser.zero_grad()
        self.manual_backward(loss)
        optimiser.step()
        self.course["policy_moved"].append(float(moved))
        self.course["value_loss"].append(float(of_value.detach()))
        self.log("loss", loss.detach(), on_step=False, on_epoch=True, batch_size=len(rows))

    def _refuse_without_text(self, batch: PromptBatch) -> None:
        if self.text_weight and batch.text is None:
            raise ReplicationError(
                f"The text_weight is {self.text_weight}, but the batch holds no text of the "
                "pre-training: give the data a `text_length` and `texts_per_batch`, or a "
                "text_weight of 0 for plain PPO."
            )

    def _texts(self, batch: PromptBatch, many: int) -> Sequence[Tensor | None]:
        """The text of each of so many minibatches, or None for each."""
        if not self.text_weight:
            return [None] * many
        texts = batch.text.ids.chunk(many)
        if len(texts) != many:
            raise ReplicationError(
                f"{len(batch.text.ids)} texts cannot be split among {many} minibatches: give the "
                f"data `texts_per_batch` that are a multiple of {many}."
            )
        return texts

    def _refuse_diverged(self, loss: Tensor) -> None:
        if not loss.isfinite():
            raise ReplicationError(
                f"The training diverged: in epoch {self.current_epoch + 1} the loss is "
                f"{loss.item()}. No weight was changed by it, and the checkpoint of the epoch "
                "before is kept, where checkpoints are: lower the learning rate or raise the KL "
                "coefficient, and run the recipe again."
            )

    def _logits(self, model: Any, prompts: Tensor, answers: Tensor) -> Tensor:
        return answer_logits(model, prompts, answers, temperature=self.temperature)

    def _note(self, name: str, values: Float[Tensor, " answer"]) -> None:
        self.course[name] += values.tolist()

    def _count(self, experience: Experience) -> None:
        """Operations of the updates, and of the forward passes without gradient before them.

        Left out: the sampling of the answers, and the passes over text where `text_weight` is set.
        """
        ids = torch.cat([experience.prompts.ids, experience.answers.ids], 1)[:, :-1]
        before = self.flops
        self.count(ids.numel(), ids, of=lambda read: (self.model(read), self.value(read)))
        update = self.flops - before
        # Of the policy, the reference, reward and value: 2 forward passes of both networks.
        self.flops += update * (self.updates.ppo_epochs - 1 + 2 / 3)
