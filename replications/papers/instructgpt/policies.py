"""Reward models of the world of instructions, and the policies that follow them."""

from functools import partial

from replications.corpora.batches.conversations.prompted import PromptsToAnswer
from replications.corpora.texts.instructions.judges import gold_of_instructions
from replications.metrics.preference.answering import instruction_samples
from replications.metrics.preference.best_of_n import best_of_n_metrics
from replications.metrics.preference.comparing import sampled_accuracy
from replications.metrics.preference.course import policy_course
from replications.models.transfer import Transfer, all_layers
from replications.objectives.optimisers import adamw
from replications.objectives.preference.comparisons import (
    SampledComparisons,
    standardise_on_reference,
)
from replications.objectives.preference.policy_optimisation import (
    ProximalPolicyOptimisation,
    Updates,
)
from replications.objectives.preference.rewards import LearnedReward
from replications.objectives.schedules import cosine, linear
from replications.papers.instructgpt.networks import ANSWER_LENGTH, optimiser, prompted
from replications.papers.instructgpt.tuning import ANSWERS_METRICS
from replications.recipes import Recipe
from replications.training.trainers import train

# Best-of-n is measured up to here, from a pool of twice as many.
COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
# That of the policies which are compared with others.
MAIN_COEFFICIENT = 0.05
POLICY_EPOCHS, BATCHES_PER_EPOCH = 12, 8

_policy_optimiser = partial(adamw, weight_decay=0.0, eps=1e-5)  # Ziegler et al. 2019's epsilon


def reward_recipe_name(prompts: int, layers: int | None = None) -> str:
    """The name of a reward model of so many layers; of all that the policy has, with None."""
    return f"reward-{prompts}" + ("" if layers is None else f"-layers-{layers}")


def policy_name(coefficient: float) -> str:
    return f"ppo-kl-{coefficient:g}"


def reward_model(
    start: Recipe,
    prompts: int,
    net: partial,
    *,
    layers: int | None = None,
    transfer: Transfer = all_layers,
) -> Recipe:
    """Six answers to each prompt, compared two by two; then best-of-n by what was learned."""
    return Recipe(
        name=reward_recipe_name(prompts, layers),
        data=prompted(PromptsToAnswer, requests=prompts, prompts_per_batch=8),
        learner=partial(
            train,
            objective=partial(
                SampledComparisons,
                network=net,
                judge=gold_of_instructions,
                answer_length=ANSWER_LENGTH,
                transfer=transfer,
                schedule=partial(cosine, learning_rate=1e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=1,
            finish=standardise_on_reference,
        ),
        metrics=(
            sampled_accuracy,
            partial(best_of_n_metrics, judge=gold_of_instructions, counts=COUNTS),
        ),
        minutes=2.0,
        start=start,
    )


def policy(
    start: Recipe,
    net: partial,
    coefficient: float,
    *,
    name: str = "",
    text_weight: float = 0.0,
    reward: partial | type = LearnedReward,
    epochs: int | None = None,
) -> Recipe:
    """PPO from the fine-tuned model against the reward model that `start` trains."""
    texts = {"text_length": 32, "texts_per_batch": 64, "documents": 20_000} if text_weight else {}
    return Recipe(
        name=name or policy_name(coefficient),
        data=prompted(
            PromptsToAnswer,
            requests=4_096,
            prompts_per_batch=128,
            batches_per_epoch=BATCHES_PER_EPOCH,
            **texts,
        ),
        learner=partial(
            train,
            objective=partial(
                ProximalPolicyOptimisation,
                network=net,
                reward=reward,
                judge=gold_of_instructions,
                answer_length=ANSWER_LENGTH,
                kl_coefficient=coefficient,
                text_weight=text_weight,
                schedule=partial(linear, learning_rate=3e-4, warmup=0.02),
                updates=partial(Updates, ppo_epochs=4, minibatches=4),
                optimiser=_policy_optimiser,
            ),
            epochs=epochs or POLICY_EPOCHS,
            watch=(policy_course,),
        ),
        metrics=ANSWERS_METRICS,
        minutes=4.0,
        texts=instruction_samples,
        start=start,
    )
