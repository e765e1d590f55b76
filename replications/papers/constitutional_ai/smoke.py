"""Recipes that run while one reads: a tiny assistant, from its base text to its alignment."""

from dataclasses import replace
from functools import partial

from replications.metrics.constitution.answering import constitution_metrics
from replications.metrics.constitution.judging import feedback_quality
from replications.metrics.constitution.revising import revision_course
from replications.objectives.constitutional.comparisons import FeedbackComparisons
from replications.objectives.constitutional.revising import Reviser
from replications.papers.constitutional_ai.networks import (
    FEEDBACK_TOKENS,
    FEEDBACK_WIDTH,
    sized,
)
from replications.papers.constitutional_ai.stages import (
    base,
    helpful,
    policy,
    preferences,
    revised,
)
from replications.recipes import Recipe


def live() -> tuple[Recipe, ...]:
    """Seconds each. So small a network hardly learns to criticise: the records show who does."""
    net = sized(32, 2, 2)
    start = replace(
        base(net, learning_rate=5e-3, documents=3_000, tokens=80_000, epochs=1, minutes=0.1),
        name="world-base",
    )
    assistant = replace(
        helpful(start, net, exercises=2_000, epochs=2, minutes=0.1),
        name="world-helpful",
        metrics=(
            partial(
                revision_course,
                revisers={"live": partial(Reviser)},
                width=FEEDBACK_WIDTH,
                tokens=FEEDBACK_TOKENS,
                prompts=64,
            ),
        ),
    )
    sl_cai = replace(
        revised(assistant, net, name="world-sl-cai", exercises=256, epochs=2, minutes=0.1),
        metrics=(constitution_metrics,),
    )
    labels = replace(
        preferences(
            sl_cai,
            net,
            partial(FeedbackComparisons),
            name="world-preferences",
            exercises=256,
            minutes=0.1,
        ),
        metrics=(partial(feedback_quality, prompts=48),),
    )
    aligned = replace(
        policy(labels, net, name="world-rl-cai", epochs=2, minutes=0.1),
        metrics=(constitution_metrics,),
    )
    return start, assistant, sl_cai, labels, aligned
