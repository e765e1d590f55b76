"""Claims on real text: on human comparisons, and on film reviews that are steered by a policy."""

from replications.claims import Above, Claim, Difference, Informative, Value
from replications.papers.instructgpt.people import REVIEW_COEFFICIENTS, steered_name

_OUYANG = "Ouyang et al. 2022"
_STEERED = steered_name(REVIEW_COEFFICIENTS[-1])
_MORE_THAN_CHANCE = Informative(
    Value("hh-reward", "accuracy"), Above(50), "naming either answer at random"
)

CLAIMS = (
    Claim(
        slug="human-preferences-beyond-length",
        statement="On human comparisons (hh-rlhf, real) a reward model is right more often than a "
        "preference for length.",
        source=f"{_OUYANG}, section 4.1 (accuracy on held-out labelers)",
        paper_value={"held-out labelers": 69.6},
        measure=Value("hh-reward", "over_length"),
        criterion=Above(0),
        comparable=False,
        informative=_MORE_THAN_CHANCE,
        unit="(the paper's % of comparisons; ours points above the length baseline (real))",
    ),
    Claim(
        slug="human-preferences-beyond-words",
        statement="On human comparisons (hh-rlhf, real) a reward model is right more often than "
        "counts of words and pairs of words.",
        source=f"{_OUYANG}, section 4.1 (accuracy on held-out labelers)",
        paper_value={"held-out labelers": 69.6},
        measure=Value("hh-reward", "over_words"),
        criterion=Above(0),
        comparable=False,
        informative=_MORE_THAN_CHANCE,
        unit="(the paper's % of comparisons; ours points above the bag-of-words baseline (real))",
    ),
    Claim(
        slug="reviews-are-steered",
        statement="PPO against a learned reward makes continuations of film reviews (real) more "
        "positive by a judge that the reward model has no data in common with.",
        source="Ziegler et al. 2019, section 3.1 (positive continuations of passages from books); "
        "the margin is ours",
        paper_value="not given as a number of this kind",
        measure=Difference(Value(_STEERED, "positive"), Value("reviews", "positive")),
        criterion=Above(0),
        smallest=5,
        paired=True,
        unit="points of the judge's probability (real)",
    ),
    Claim(
        slug="steering-costs-variety",
        statement="Film reviews that are steered have fewer different words.",
        source="Kirk et al. 2024, abstract (RLHF reduces the diversity of outputs)",
        paper_value="output diversity falls under RLHF",
        measure=Difference(Value("reviews", "distinct_words"), Value(_STEERED, "distinct_words")),
        criterion=Above(0),
        role="secondary",
        paired=True,
        unit="different words per hundred (real)",
    ),
    Claim(
        slug="fewer-hallucinations",
        statement="The aligned model hallucinates half as often.",
        source=f"{_OUYANG}, section 1 (closed-domain tasks)",
        paper_value={"GPT-3, %": 41, "InstructGPT, %": 21},
        not_testable="It takes a model with factual knowledge, and people who check its answers: "
        "ours have a tenth of a million parameters and a synthetic world of eighty words.",
    ),
)
