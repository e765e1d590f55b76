"""The five stages of Constitutional AI as recipes, in the world whose rules a checker decides."""

from functools import partial

from replications.corpora.batches.conversations.prompted import Demonstrations, PromptsToAnswer
from replications.corpora.texts.constitution.judges import (
    crowd_of_constitution,
    gold_of_constitution,
)
from replications.corpora.texts.constitution.prompts import constitution_prompts
from replications.corpora.world.constitution.feedback import revision_request
from replications.metrics.constitution.answering import (
    constitution_metrics,
    constitution_samples,
)
from replications.metrics.constitution.revising import revision_course
from replications.metrics.preference.answering import held_out_text
from replications.metrics.preference.best_of_n import best_of_n_metrics
from replications.metrics.preference.course import policy_course
from replications.objectives.constitutional.revising import Reviser
from replications.objectives.constitutional.revisions import AssistantTuning, RevisionTuning
from replications.objectives.optimisers import adamw
from replications.objectives.preference.comparisons import (
    standardise_on_reference,
)
from replications.objectives.preference.policy_optimisation import (
    ProximalPolicyOptimisation,
    Updates,
)
from replications.objectives.preference.rewards import LearnedReward
from replications.objectives.schedules import cosine, linear
from replications.papers.constitutional_ai.networks import (
    ANSWER_LENGTH,
    FEEDBACK_TOKENS,
    FEEDBACK_WIDTH,
    PROMPT_LENGTH,
    base_stream,
    prompted,
)
from replications.papers.instructgpt.networks import language_model, optimiser
from replications.recipes import Recipe
from replications.training.trainers import train

# How often answers are revised, and by how many principles: the paper's 4 and 16.
REVISIONS = 4
PRINCIPLES = (1, 2, 4, 8, 16)
# Best-of-n by the reward models is measured at these; at equal n all are as far from SL-CAI.
COUNTS = (1, 4, 16, 64)
MATCHED = 16
# The first is that of all policies; with the second two of them stay closer to where they began.
KL_COEFFICIENTS = (0.05, 0.2)

_policy_optimiser = partial(adamw, weight_decay=0.0, eps=1e-5)


def revisers_name(principles: int) -> str:
    return f"{principles}-principles"


# All revise the same answers, so that the numbers differ by the reviser alone.
REVISERS = {
    **{revisers_name(many): partial(Reviser, principles=many) for many in PRINCIPLES},
    "no-critique": partial(Reviser, request=revision_request),
}


_of_base = {"prompts": "requests", "width": PROMPT_LENGTH, "tokens": ANSWER_LENGTH}


def base(
    net: partial, *, learning_rate: float, documents: int, tokens: int, epochs: int, minutes: float
) -> Recipe:
    """A language model of the base text, in which people answer, criticise and compare."""
    return Recipe(
        name="base",
        data=base_stream(documents, tokens, requests=partial(constitution_prompts, exercises=1)),
        learner=partial(train, objective=language_model(net, learning_rate), epochs=epochs),
        metrics=(partial(constitution_metrics, **_of_base), held_out_text),
        minutes=minutes,
        texts=partial(constitution_samples, **_of_base),
    )


def helpful(start: Recipe, net: partial, *, exercises: int, epochs: int, minutes: float) -> Recipe:
    """The assistant that is only to be helpful, and can criticise, revise and compare.

    It stands for the paper's helpful RLHF model, and for its pre-trained feedback model too.
    """
    return Recipe(
        name="helpful",
        data=prompted(
            Demonstrations,
            exercises=exercises,
            feedback_share=0.7,
            prompt_length=FEEDBACK_WIDTH,
            answer_length=FEEDBACK_TOKENS,
        ),
        learner=partial(
            train,
            objective=partial(
                AssistantTuning,
                model=net,
                schedule=partial(cosine, learning_rate=1e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=epochs,
        ),
        metrics=(
            constitution_metrics,
            partial(
                revision_course, revisers=REVISERS, width=FEEDBACK_WIDTH, tokens=FEEDBACK_TOKENS
            ),
        ),
        minutes=minutes,
        texts=constitution_samples,
        start=start,
    )


def revised(
    start: Recipe,
    net: partial,
    *,
    name: str,
    exercises: int,
    epochs: int,
    revisions: int = REVISIONS,
    minutes: float = 3.0,
) -> Recipe:
    """SL-CAI: the base model, tuned to what the assistant made of its own answers."""
    return Recipe(
        name=name,
        data=prompted(PromptsToAnswer, exercises=exercises, prompts_per_batch=64),
        learner=partial(
            train,
            objective=partial(
                RevisionTuning,
                model=net,
                reviser=partial(Reviser, revisions=revisions),
                feedback_width=FEEDBACK_WIDTH,
                feedback_tokens=FEEDBACK_TOKENS,
                answer_length=ANSWER_LENGTH,
                schedule=partial(cosine, learning_rate=1e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=epochs,
        ),
        metrics=(constitution_metrics, held_out_text),
        minutes=minutes,
        texts=constitution_samples,
        start=start,
    )


def preferences(
    start: Recipe,
    net: partial,
    objective: partial,
    *,
    name: str,
    exercises: int,
    metrics: tuple = (),
    minutes: float = 3.0,
) -> Recipe:
    """A reward model of pairs of answers, and what best-of-n by it is worth."""
    return Recipe(
        name=name,
        data=prompted(PromptsToAnswer, exercises=exercises, prompts_per_batch=16),
        learner=partial(
            train,
            objective=partial(
                objective,
                network=net,
                judge=crowd_of_constitution,
                answer_length=ANSWER_LENGTH,
                answers_per_prompt=4,
                schedule=partial(cosine, learning_rate=1e-3, warmup=0.05, floor=0.1),
                optimiser=optimiser,
            ),
            epochs=1,
            finish=standardise_on_reference,
        ),
        metrics=(
            *metrics,
            partial(
                best_of_n_metrics,
                judge=gold_of_constitution,
                counts=COUNTS,
                prompts=100,
                answers=128,
            ),
        ),
        minutes=minutes,
        start=start,
    )


def policy(
    start: Recipe,
    net: partial,
    *,
    name: str,
    epochs: int,
    coefficient: float = KL_COEFFICIENTS[0],
    minutes: float = 3.0,
) -> Recipe:
    """PPO, as in chapter 12, against the reward model that `start` trains."""
    return Recipe(
        name=name,
        data=prompted(PromptsToAnswer, exercises=4_096, prompts_per_batch=128, batches_per_epoch=8),
        learner=partial(
            train,
            objective=partial(
                ProximalPolicyOptimisation,
                network=net,
                reward=LearnedReward,
                judge=gold_of_constitution,
                answer_length=ANSWER_LENGTH,
                kl_coefficient=coefficient,
                schedule=partial(linear, learning_rate=3e-4, warmup=0.02),
                updates=partial(Updates, ppo_epochs=4, minibatches=4),
                optimiser=_policy_optimiser,
            ),
            epochs=epochs,
            watch=(policy_course,),
        ),
        metrics=(constitution_metrics, held_out_text),
        minutes=minutes,
        texts=constitution_samples,
        start=start,
    )
