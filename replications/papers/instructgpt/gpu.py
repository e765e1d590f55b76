"""The recipes of the chapter on InstructGPT at tier `gpu`: the same, on larger networks."""

from replications.papers.instructgpt.listed import exact_recipes
from replications.papers.instructgpt.networks import network
from replications.papers.instructgpt.people import people_recipes
from replications.papers.instructgpt.recipes import of_the_world

GPU = (
    *of_the_world(
        (192, 6, 6),
        (576, 7, 9),
        learning_rates=(1.5e-3, 8e-4),
        epochs=(30, 30),
        minutes=(120.0, 600.0),
    ),
    *exact_recipes(),
    *people_recipes(network(256, 6, 8, max_length=192), scale=2),
)
