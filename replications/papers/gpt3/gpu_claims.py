"""The claims of the chapter on GPT-3 judged at tier `gpu`; criteria set before the runs."""

from replications.claims import Above, Below, Between, Claim, Difference, Informative, Value
from replications.claims.power_laws import EnvelopeFit
from replications.papers.gpt3.recipes import LARGEST, SIZES, SMALLEST, WEIGHTS


def _gain(more: str, fewer: str, *, recipe: str = LARGEST) -> Difference:
    """Points won between two metrics of a recipe."""
    return Difference(Value(recipe, more), Value(recipe, fewer))


def _envelope(want: str) -> EnvelopeFit:
    return EnvelopeFit(tuple(SIZES), tuple(WEIGHTS.values()), "validation_nats_per_token", want)


_NOT_BY_GUESSING = Informative(
    Value(LARGEST, "paper:two_digit_addition:4"),
    Above(1),
    "always giving the sum that is the most frequent, right for one in a hundred",
)

CLAIMS = (
    Claim(
        slug="gpu-examples-are-looked-up",
        statement="The largest model looks a word up among eight examples: it is right for more "
        "than three in four, where copying any of the letters that stand there is for one in two.",
        source="Brown et al. 2020, section 2, in words; the task and the bound are ours",
        paper_value="no number: no weight is changed for a task",
        measure=Value(LARGEST, "in_context:dictionary:8"),
        criterion=Above(75),
        unit="%",
        tier="gpu",
    ),
    Claim(
        slug="gpu-gain-grows-with-size",
        statement="What eight examples bring grows with the model.",
        source="Brown et al. 2020, figures 1.2 and 1.3",
        paper_value="the gap between few-shot and zero-shot widens with size",
        measure=Difference(
            _gain("in_context:8", "in_context:0"),
            _gain("in_context:8", "in_context:0", recipe=SMALLEST),
        ),
        criterion=Above(0),
        unit="points",
        tier="gpu",
    ),
    Claim(
        slug="gpu-few-beats-one",
        statement="Eight examples beat one.",
        source="Brown et al. 2020, section 3.2 (TriviaQA)",
        paper_value={"few": 71.2, "one": 68.0},
        measure=_gain("in_context:8", "in_context:1"),
        criterion=Above(0),
        comparable=False,
        unit="points",
        tier="gpu",
    ),
    Claim(
        slug="gpu-trained-skills-are-combined",
        statement="Examples help with a task that occurs nowhere in training, and puts two trained "
        "skills together: a word is looked up, and its letter shifted.",
        source="Brown et al. 2020, section 2 (no weight is changed for a task)",
        paper_value="few-shot beats zero-shot on tasks that nobody trained for",
        measure=_gain("in_context:compose:8", "in_context:compose:0"),
        criterion=Above(0),
        informative=Informative(
            _gain("in_context:compose:8", "best:compose:0"),
            Above(0),
            "the best guess without an example",
        ),
        unit="points",
        tier="gpu",
    ),
    Claim(
        slug="gpu-shuffled-control",
        statement="Other examples' answers bring nothing where only examples say what is right.",
        source="a control that the paper has not; the margin is ours",
        paper_value="not given",
        measure=_gain("shuffled:dictionary:8", "shuffled:dictionary:1"),
        criterion=Below(5),
        role="control",
        unit="points",
        tier="gpu",
    ),
    Claim(
        slug="gpu-arithmetic-falls-with-digits",
        statement="Sums of two digits are easier than sums of three.",
        source="Brown et al. 2020, table 3.9, few-shot",
        paper_value={"two digits": 100.0, "three digits": 80.4},
        measure=_gain("paper:two_digit_addition:4", "paper:three_digit_addition:4"),
        criterion=Above(0),
        informative=_NOT_BY_GUESSING,
        unit="points",
        tier="gpu",
    ),
    Claim(
        slug="gpu-arithmetic-few-beats-zero",
        statement="Examples help with sums of two digits.",
        source="Brown et al. 2020, table 3.9, two-digit addition",
        paper_value={"few": 100.0, "zero": 76.9},
        measure=_gain("paper:two_digit_addition:4", "paper:two_digit_addition:0"),
        criterion=Above(0),
        informative=_NOT_BY_GUESSING,
        unit="points",
        tier="gpu",
    ),
    Claim(
        slug="gpu-scrambling-few-beats-zero",
        statement="Examples help to take random characters out of a word.",
        source="Brown et al. 2020, table 3.10, random insertion",
        paper_value={"few": 67.2, "zero": 8.26},
        measure=_gain("paper:random_insertion_in_word:4", "paper:random_insertion_in_word:0"),
        criterion=Above(0),
        informative=Informative(
            Value(LARGEST, "paper:random_insertion_in_word:4"),
            Above(1),
            "one lucky word of a hundred, in the easiest of the scramblings",
        ),
        unit="points",
        tier="gpu",
    ),
    Claim(
        slug="gpu-compute-power-law",
        statement="The best loss for its compute follows a power law.",
        source="Brown et al. 2020, figure 3.1; the bound is ours",
        paper_value="a power law, with small deviations over two more orders of magnitude",
        measure=_envelope("r_squared"),
        criterion=Above(0.95),
        unit="r squared of log loss over log compute",
        tier="gpu",
    ),
    Claim(
        slug="gpu-compute-exponent",
        statement="Its exponent is small: a hundred times the compute takes a fifth off the loss.",
        source="Brown et al. 2020, figure 3.1; the interval is ours, as the exponent depends on "
        "the text and its tokens",
        paper_value={"exponent": 0.048},
        measure=_envelope("exponent"),
        criterion=Between(0.03, 0.15),
        informative=Informative(
            _envelope("r_squared"), Above(0.95), "an exponent belongs to a power law that fits"
        ),
        unit="exponent",
        tier="gpu",
    ),
)
