"""The recipes of tier `smoke`: a tiny model that is tuned, rewarded and aligned while one reads."""

from dataclasses import replace
from functools import partial

from replications.corpora.texts.instructions.judges import gold_of_instructions
from replications.metrics.preference.best_of_n import best_of_n_metrics
from replications.metrics.preference.comparing import sampled_accuracy
from replications.objectives.preference.supervised import SupervisedFineTuning
from replications.objectives.schedules import cosine
from replications.papers.instructgpt.listed import listed_policy
from replications.papers.instructgpt.networks import network, optimiser
from replications.papers.instructgpt.policies import (
    COUNTS,
    MAIN_COEFFICIENT,
    policy,
    reward_model,
)
from replications.papers.instructgpt.tuning import supervised
from replications.recipes import Recipe
from replications.training.trainers import train


def _live() -> tuple[Recipe, ...]:
    net = network(32, 2, 2)
    sft = replace(
        supervised(None, net, name="world-sft"),
        learner=partial(
            train,
            objective=partial(
                SupervisedFineTuning,
                model=net,
                schedule=partial(cosine, learning_rate=5e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=3,
        ),
        minutes=0.1,
    )
    reward = replace(
        reward_model(sft, 512, net),
        name="world-reward",
        metrics=(
            partial(sampled_accuracy, prompts=64),
            partial(
                best_of_n_metrics,
                judge=gold_of_instructions,
                counts=COUNTS[:7],
                prompts=24,
                answers=128,
            ),
        ),
        minutes=0.1,
    )
    aligned = replace(
        policy(reward, net, MAIN_COEFFICIENT, name="world-ppo", epochs=3), minutes=0.1
    )
    listed = listed_policy(
        0.3, name="world-listed", symbols=6, length=4, epochs=3, batches=10, minutes=0.1
    )
    return sft, reward, aligned, listed


LIVE = _live()
