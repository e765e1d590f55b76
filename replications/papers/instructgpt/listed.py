"""Recipes in the world whose answers can be listed: PPO beside the optimum, proxies, feedback."""

from functools import partial

from replications.baselines.linear_rewards import linear_rewards, pushed_rewards
from replications.baselines.preference_queries import feedback_metrics, query_feedback
from replications.corpora.batches.conversations.listed import EmptyPrompts
from replications.corpora.texts.instructions.judges import gold_of_listed
from replications.metrics.preference.course import policy_course
from replications.metrics.preference.listed_policies import listed_policy_metrics
from replications.objectives.optimisers import adamw
from replications.objectives.preference.policy_optimisation import (
    ProximalPolicyOptimisation,
    Updates,
)
from replications.objectives.preference.rewards import JudgedReward
from replications.objectives.schedules import linear
from replications.papers.instructgpt.networks import network
from replications.recipes import Recipe
from replications.training.trainers import train

SYMBOLS, LENGTH = 8, 6
BETAS = (1.0, 0.5, 0.2)


def listed_name(beta: float) -> str:
    return f"exact-kl-{beta:g}"


def listed_policy(
    beta: float,
    *,
    name: str = "",
    symbols: int = SYMBOLS,
    length: int = LENGTH,
    epochs: int = 10,
    batches: int = 15,
    minutes: float = 0.7,
) -> Recipe:
    """PPO on the gold reward itself: it can be held against the optimum, which is a sum."""
    return Recipe(
        name=name or listed_name(beta),
        data=partial(
            EmptyPrompts,
            symbols=symbols,
            length=length,
            answers_per_batch=512,
            batches_per_epoch=batches,
        ),
        learner=partial(
            train,
            objective=partial(
                ProximalPolicyOptimisation,
                network=network(32, 2, 2, max_length=length + 1),
                reward=partial(JudgedReward, judge=gold_of_listed),
                judge=gold_of_listed,
                answer_length=length,
                kl_coefficient=beta,
                schedule=partial(linear, learning_rate=3e-3, warmup=0.02),
                updates=partial(Updates, ppo_epochs=4, minibatches=2),
                optimiser=partial(adamw, weight_decay=0.0),
            ),
            epochs=epochs,
            watch=(policy_course,),
        ),
        metrics=(partial(listed_policy_metrics, beta=beta),),
        minutes=minutes,
    )


_world = partial(EmptyPrompts, symbols=SYMBOLS, length=LENGTH)
PUSHED = Recipe(
    name="exact-proxies",
    data=_world,
    learner=partial(linear_rewards),
    metrics=(pushed_rewards,),
    minutes=0.3,
)
FEEDBACK = Recipe(
    name="feedback",
    data=_world,
    learner=partial(query_feedback),
    metrics=(feedback_metrics,),
    minutes=0.3,
)


def exact_recipes() -> tuple[Recipe, ...]:
    return (*map(listed_policy, BETAS), PUSHED, FEEDBACK)
