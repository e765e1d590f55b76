"""The claims of the chapter on GPT-3, and criteria set before the runs."""

from replications.claims import Above, Below, Between, Claim, Difference, Informative, Value
from replications.claims.measures.power_laws import EnvelopeFit
from replications.papers.gpt3.recipes import LARGEST, SIZES, SMALLEST, WEIGHTS


def _envelope(want: str) -> EnvelopeFit:
    return EnvelopeFit(tuple(SIZES), tuple(WEIGHTS.values()), "validation_nats_per_token", want)


def gain(more: str, fewer: str, *, recipe: str = LARGEST) -> Difference:
    """Points won between two metrics of a recipe."""
    return Difference(Value(recipe, more), Value(recipe, fewer))


def _won(
    slug: str,
    statement: str,
    source: str,
    paper_value: dict[str, float] | str,
    measure: Difference,
    *,
    informative: Informative | None = None,
    comparable: bool = True,
) -> Claim:
    """A claim that there is something to win; `comparable` where the paper's task is ours, too."""
    return Claim(
        slug=slug,
        statement=statement,
        source=f"Brown et al. 2020, {source}",
        paper_value=paper_value,
        measure=measure,
        criterion=Above(0),
        informative=informative,
        comparable=comparable,
        unit="points",
    )


_SUMS = Informative(
    Value(LARGEST, "paper:two_digit_addition:4"),
    Above(1),
    "always giving the sum that is the most frequent, right for one in a hundred",
)
_INSERTIONS = Informative(
    Value(LARGEST, "paper:random_insertion_in_word:4"),
    Above(1),
    "one lucky word of a hundred, in the easiest of the scramblings",
)

CLAIMS = (
    _won(
        "few-beats-zero",
        "Eight examples in the context beat none: no weight changes.",
        "table 3.2 (LAMBADA, accuracy; zero-shot in another format)",
        {"few": 86.4, "zero": 76.2},
        gain("in_context:8", "in_context:0"),
        comparable=False,
    ),
    _won(
        "one-beats-zero",
        "One example beats none.",
        "section 3.2 (TriviaQA; on LAMBADA one example is worse than none)",
        {"one": 68.0, "zero": 64.3},
        gain("in_context:1", "in_context:0"),
        comparable=False,
    ),
    _won(
        "few-beats-one",
        "Eight examples beat one.",
        "section 3.2 (TriviaQA)",
        {"few": 71.2, "one": 68.0},
        gain("in_context:8", "in_context:1"),
        comparable=False,
    ),
    _won(
        "gain-grows-with-size",
        "The gain from examples grows with the model.",
        "figures 1.2 and 1.3",
        "the gap between few-shot and zero-shot widens with size",
        Difference(
            gain("in_context:8", "in_context:0"),
            gain("in_context:8", "in_context:0", recipe=SMALLEST),
        ),
    ),
    _won(
        "held-out-families",
        "Examples help with families of tasks that occur nowhere in training, too.",
        "section 2 (no weight is changed for a task)",
        "few-shot beats zero-shot on tasks that nobody trained for",
        gain("in_context_held_out:8", "in_context_held_out:0"),
        informative=Informative(
            gain("in_context_held_out:8", "best_held_out:0"),
            Above(0),
            "the best guess without an example",
        ),
    ),
    Claim(
        slug="shuffled-control",
        statement="Examples with shuffled answers bring no gain: it is not the format.",
        source="a control that the paper has not; the margin is ours",
        paper_value="not given",
        measure=gain("shuffled:8", "shuffled:0"),
        criterion=Below(5),
        role="control",
        unit="points",
    ),
    _won(
        "arithmetic-falls-with-digits",
        "Sums of two digits are easier than sums of three.",
        "table 3.9, few-shot",
        {"two digits": 100.0, "three digits": 80.4},
        gain("paper:two_digit_addition:4", "paper:three_digit_addition:4"),
        informative=_SUMS,
    ),
    _won(
        "arithmetic-few-beats-zero",
        "Examples help with sums of two digits.",
        "table 3.9, two-digit addition",
        {"few": 100.0, "zero": 76.9},
        gain("paper:two_digit_addition:4", "paper:two_digit_addition:0"),
        informative=_SUMS,
    ),
    _won(
        "scrambling-few-beats-zero",
        "Examples help to remove random characters from a word.",
        "table 3.10, random insertion",
        {"few": 67.2, "zero": 8.26},
        gain("paper:random_insertion_in_word:4", "paper:random_insertion_in_word:0"),
        informative=_INSERTIONS,
    ),
    _won(
        "insertion-before-anagram-2",
        "Inserted characters are easier to remove than an anagram that keeps two letters at either "
        "end is to solve.",
        "table 3.10, few-shot",
        {"random insertion": 67.2, "anagrams of all but 2": 39.7},
        gain("paper:random_insertion_in_word:4", "paper:mid_word_2_anagrams:4"),
        informative=_INSERTIONS,
    ),
    _won(
        "anagram-2-before-anagram-1",
        "An anagram that keeps two letters at either end is easier than one that keeps one.",
        "table 3.10, few-shot",
        {"anagrams of all but 2": 39.7, "anagrams of all but 1": 15.1},
        gain("paper:mid_word_2_anagrams:4", "paper:mid_word_1_anagrams:4"),
        informative=Informative(
            Value(LARGEST, "paper:mid_word_2_anagrams:4"), Above(1), "one lucky word of a hundred"
        ),
    ),
    Claim(
        slug="reversal-is-not-learned",
        statement="Reversed words are hardly ever restored, whatever the examples.",
        source="Brown et al. 2020, table 3.10, reversed words, few-shot",
        paper_value={"few": 0.44},
        measure=Value(LARGEST, "paper:reversed_words:4"),
        criterion=Below(1),
        informative=_INSERTIONS,
        unit="percent",
    ),
    Claim(
        slug="compute-power-law",
        statement="The best loss for its compute follows a power law.",
        source="Brown et al. 2020, figure 3.1; the bound is ours",
        paper_value="a power law, with small deviations over two more orders of magnitude",
        measure=_envelope("r_squared"),
        criterion=Above(0.95),
        unit="r squared of log loss over log compute",
    ),
    Claim(
        slug="compute-exponent",
        statement="The exponent of the best loss for its compute is small: a hundred times the "
        "compute takes a fifth off the loss.",
        source="Brown et al. 2020, figure 3.1; the interval is ours, as the exponent depends on "
        "the text and its tokens",
        paper_value={"exponent": 0.048},
        measure=_envelope("exponent"),
        criterion=Between(0.03, 0.15),
        informative=Informative(
            _envelope("r_squared"), Above(0.95), "an exponent belongs to a power law that fits"
        ),
        unit="exponent",
    ),
    Claim(
        slug="absolute-results",
        statement="With 175 billion parameters: 86.4 % on LAMBADA, 71.2 % on TriviaQA.",
        source="Brown et al. 2020, section 3, few-shot",
        paper_value={"LAMBADA": 86.4, "TriviaQA": 71.2},
        not_testable="Our largest model has 1 million parameters instead of 175 billion, and was "
        "trained on 7 million tokens instead of 300 billion.",
    ),
)
