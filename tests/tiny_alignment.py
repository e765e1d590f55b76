"""Small recipes of alignment for tests: seconds, and still the whole way from a text to PPO."""

from functools import partial

from replications.corpora.batches.conversations.listed import EmptyPrompts
from replications.corpora.batches.conversations.prompted import Demonstrations, PromptsToAnswer
from replications.corpora.texts.instructions.judges import gold_of_instructions, gold_of_listed
from replications.corpora.texts.instructions.prompts import (
    instruction_documents,
    world_prompts,
    world_words,
)
from replications.layers.attention import MultiHeadAttention
from replications.models.initialisation import scaled_normal
from replications.models.presets import GPT2
from replications.objectives.optimisers import adamw
from replications.objectives.preference.comparisons import (
    SampledComparisons,
    standardise_on_reference,
)
from replications.objectives.preference.policy_optimisation import (
    ProximalPolicyOptimisation,
    Updates,
)
from replications.objectives.preference.rewards import JudgedReward, LearnedReward
from replications.objectives.preference.supervised import SupervisedFineTuning
from replications.objectives.schedules import constant, linear
from replications.recipes import Recipe
from replications.training.trainers import train

PROMPT, ANSWER = 18, 8
OPTIMISER = partial(adamw, weight_decay=0.0)


def network(d_model=16, layers=1, max_length=PROMPT + ANSWER, std=0.1):
    return partial(
        GPT2,
        d_model=d_model,
        layers=layers,
        heads=2,
        d_ff=2 * d_model,
        max_length=max_length,
        dropout=0.0,
        attention=MultiHeadAttention,
        initialise=partial(scaled_normal, std=std, positions=std),
    )


def prompted(kind, *, requests=48, batch=8, **knobs):
    world = {"validation_requests": 8, "test_requests": 40}
    return partial(
        kind,
        prompts=partial(world_prompts, requests=requests, **world),
        text=partial(
            instruction_documents, documents=200, validation_documents=5, test_documents=20
        ),
        tokenizer=world_words,
        prompt_length=PROMPT,
        answer_length=ANSWER,
        prompts_per_batch=batch,
        **knobs,
    )


def supervised(learning_rate=3e-3, epochs=1, **knobs):
    objective = partial(
        SupervisedFineTuning,
        model=network(),
        schedule=partial(constant, learning_rate=learning_rate),
        optimiser=OPTIMISER,
    )
    return Recipe(
        name="tiny-sft",
        data=prompted(Demonstrations, **knobs),
        learner=partial(train, objective=objective, epochs=epochs),
        metrics=(),
        minutes=0.1,
    )


def reward_model(start=None, *, learning_rate=3e-3, **knobs):
    objective = partial(
        SampledComparisons,
        network=network(),
        judge=gold_of_instructions,
        answer_length=ANSWER,
        answers_per_prompt=4,
        schedule=partial(constant, learning_rate=learning_rate),
        optimiser=OPTIMISER,
    )
    return Recipe(
        name="tiny-reward",
        data=prompted(PromptsToAnswer, **knobs),
        learner=partial(train, objective=objective, epochs=1, finish=standardise_on_reference),
        metrics=(),
        minutes=0.1,
        start=start or supervised(),
    )


def policy(
    start=None, *, kl_coefficient=0.1, reward=LearnedReward, epochs=2, objective=None, **knobs
):
    parts = {
        "network": network(),
        "reward": reward,
        "judge": gold_of_instructions,
        "answer_length": ANSWER,
        "kl_coefficient": kl_coefficient,
        "schedule": partial(constant, learning_rate=1e-3),
        "updates": partial(Updates, ppo_epochs=2, minibatches=2),
        "optimiser": OPTIMISER,
    }
    made = partial(ProximalPolicyOptimisation, **{**parts, **(objective or {})})
    return Recipe(
        name="tiny-ppo",
        data=prompted(PromptsToAnswer, **{"batches_per_epoch": 2, **knobs}),
        learner=partial(train, objective=made, epochs=epochs),
        metrics=(),
        minutes=0.1,
        start=start or reward_model(),
    )


def listed_policy(
    kl_coefficient, *, symbols=4, length=3, epochs=6, batches=10, answers=512, learning_rate=5e-3
):
    objective = partial(
        ProximalPolicyOptimisation,
        # All answers nearly alike: with more, the first symbol, which costs, comes again and again.
        network=network(32, max_length=length + 1, std=0.05),
        reward=partial(JudgedReward, judge=gold_of_listed),
        judge=gold_of_listed,
        answer_length=length,
        kl_coefficient=kl_coefficient,
        schedule=partial(linear, learning_rate=learning_rate, warmup=0.02),
        updates=partial(Updates, ppo_epochs=2, minibatches=2),
        optimiser=OPTIMISER,
    )
    return Recipe(
        name="tiny-listed",
        data=partial(
            EmptyPrompts,
            symbols=symbols,
            length=length,
            answers_per_batch=answers,
            batches_per_epoch=batches,
        ),
        learner=partial(train, objective=objective, epochs=epochs),
        metrics=(),
        minutes=0.1,
    )
