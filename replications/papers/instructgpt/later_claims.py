"""Claims on a choice that the first seeds made, judged on others."""

from dataclasses import replace

from replications.claims import Difference, Value
from replications.papers.instructgpt import claims, human_claims
from replications.papers.instructgpt.people import steered_name
from replications.papers.instructgpt.policies import policy_name

_first = {claim.slug: claim for claim in (*claims.CLAIMS, *human_claims.CLAIMS)}

# With the coefficient of 0.05 policies of the first three seeds follow the reward model too far. At
# 0.2, the best of five by the gold reward of those seeds, none does.
CLAIMS = (
    replace(
        _first["ppo-beats-demonstrations"],
        slug="ppo-beats-demonstrations-where-divergence-costs-more",
        statement="Reinforcement learning from comparisons improves on the fine-tuned model with a "
        "KL coefficient of 0.2, chosen by three other seeds.",
        measure=Difference(Value(policy_name(0.2), "gold"), Value("sft", "gold")),
        first_seed=3,
    ),
    # With 0.02 one of three policies writes what is neither review nor praise. With 0.1 none does.
    replace(
        _first["reviews-are-steered"],
        slug="reviews-are-steered-where-divergence-costs-more",
        statement="PPO against a learned reward makes continuations of film reviews (real) more "
        "positive by a judge that the reward model has no data in common with, with a KL "
        "coefficient of 0.1, chosen by three other seeds.",
        measure=Difference(Value(steered_name(0.1), "positive"), Value("reviews", "positive")),
        first_seed=3,
    ),
    replace(
        _first["steering-costs-variety"],
        slug="steering-costs-variety-where-divergence-costs-more",
        statement="Film reviews that are steered with a KL coefficient of 0.1 have fewer different "
        "words.",
        measure=Difference(
            Value("reviews", "distinct_words"), Value(steered_name(0.1), "distinct_words")
        ),
        first_seed=3,
    ),
)
