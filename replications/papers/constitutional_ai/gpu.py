"""The recipes of the chapter on Constitutional AI at tier `gpu`: the same, on a larger network."""

from replications.papers.constitutional_ai.published import published_recipes
from replications.papers.constitutional_ai.recipes import of_the_world

GPU = (
    *of_the_world(
        (192, 6, 6),
        learning_rate=1.5e-3,
        base_epochs=30,
        exercises=120_000,
        helpful_epochs=6,
        revised_exercises=8_192,
        revised_epochs=6,
        compared=8_192,
        policy_epochs=20,
        minutes=(120.0, 180.0),
    ),
    *published_recipes(),
)
