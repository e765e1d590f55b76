"""The recipes of the chapter on Constitutional AI, by tier."""

from functools import partial

from replications.metrics.constitution.judging import feedback_quality
from replications.metrics.preference.comparing import sampled_accuracy
from replications.objectives.constitutional.comparisons import FeedbackComparisons
from replications.objectives.constitutional.feedback import Letters, Reasoned, clamped, hard, soft
from replications.objectives.preference.comparisons import SampledComparisons
from replications.papers.constitutional_ai.networks import sized
from replications.papers.constitutional_ai.published import published_recipes
from replications.papers.constitutional_ai.smoke import live
from replications.papers.constitutional_ai.stages import (
    KL_COEFFICIENTS,
    REVISIONS,
    base,
    helpful,
    policy,
    preferences,
    revised,
)
from replications.recipes import Recipe

CORPORA = {
    "smoke": ("world-constitution", "world-constitution-text"),
    "laptop": ("world-constitution", "world-constitution-text", "hh-rlhf", "constitutional-ai"),
}


def close_name(name: str) -> str:
    """The name of a policy that the larger KL coefficient keeps close to its start."""
    return f"{name}-close"


# How labels are made of the assistant's preferences, by the name of the reward model.
LABELS = {
    "preferences-soft": partial(FeedbackComparisons, feedback=Letters, adjust=soft),
    "preferences-hard": partial(FeedbackComparisons, feedback=Letters, adjust=hard),
    "preferences-one-principle": partial(
        FeedbackComparisons, feedback=partial(Letters, principles=1), adjust=soft
    ),
    "preferences-reasoned": partial(FeedbackComparisons, feedback=Reasoned, adjust=soft),
    "preferences-clamped": partial(FeedbackComparisons, feedback=Reasoned, adjust=clamped),
}


def of_the_world(
    size: tuple[int, int, int],
    *,
    learning_rate: float,
    documents: int = 100_000,
    tokens: int = 500_000,
    base_epochs: int,
    exercises: int,
    helpful_epochs: int,
    revised_exercises: int,
    revised_epochs: int,
    compared: int,
    policy_epochs: int,
    minutes: tuple[float, float],
) -> tuple[Recipe, ...]:
    """All recipes of the world. `size` is width, layers and heads; `minutes` of the first two."""
    net = sized(*size)
    start = base(
        net,
        learning_rate=learning_rate,
        documents=documents,
        tokens=tokens,
        epochs=base_epochs,
        minutes=minutes[0],
    )
    assistant = helpful(start, net, exercises=exercises, epochs=helpful_epochs, minutes=minutes[1])
    tuned = {
        name: revised(
            assistant,
            net,
            name=name,
            exercises=revised_exercises,
            epochs=revised_epochs,
            revisions=revisions,
        )
        for name, revisions in (("sl-cai", REVISIONS), ("unrevised", 0))
    }
    sl_cai = tuned["sl-cai"]
    models = {
        name: preferences(
            sl_cai, net, objective, name=name, exercises=compared, metrics=(feedback_quality,)
        )
        for name, objective in LABELS.items()
    }
    models["preferences-people"] = preferences(
        sl_cai,
        net,
        partial(SampledComparisons),
        name="preferences-people",
        exercises=compared,
        metrics=(sampled_accuracy,),
    )
    main, close = KL_COEFFICIENTS
    policies = (
        policy(models[of], net, name=name, epochs=policy_epochs, coefficient=coefficient)
        for name, of, coefficient in (
            ("rl-cai", "preferences-soft", main),
            ("rl-people", "preferences-people", main),
            ("rl-cai-reasoned", "preferences-clamped", main),
            (close_name("rl-cai"), "preferences-soft", close),
            (close_name("rl-people"), "preferences-people", close),
        )
    )
    return (start, assistant, *tuned.values(), *models.values(), *policies)


LAPTOP = (
    *of_the_world(
        (64, 4, 4),
        learning_rate=3e-3,
        base_epochs=16,
        exercises=60_000,
        helpful_epochs=4,
        revised_exercises=4_096,
        revised_epochs=4,
        compared=4_096,
        policy_epochs=12,
        minutes=(5.0, 10.0),
    ),
    *published_recipes(),
)

RECIPES = {"smoke": live(), "laptop": LAPTOP}
