"""The claims of the chapter on GPT-2, and criteria set before the runs."""

import math

from replications.claims import (
    Above,
    Average,
    Below,
    Claim,
    Difference,
    Informative,
    LogSlope,
    Parameters,
    Ratio,
    Value,
)
from replications.papers.gpt2.recipes import DOMAINS, SIZES

_parameters = tuple(map(Parameters, SIZES))


def _slope(metric: str) -> LogSlope:
    """By how much the metric rises for ten times the parameters that are no embeddings."""
    return LogSlope(tuple(Value(name, metric) for name in SIZES), _parameters)


def _grows(metric: str) -> Difference:
    return Difference(Value("layers-6", metric), Value("layers-2", metric))


# The paper's one text in bits per byte, enwik8, stands beside each of ours: the perplexities of the
# others are of words, and of other texts. Its smallest model's and its largest one's.
ENWIK8 = {"117M": 1.16, "1542M": 0.93}
ENWIK8_SOURCE = "Radford et al. 2019, table 3 (enwik8)"
BITS = "(the paper's bits per byte; ours bits per byte for ten times the parameters)"
DECADES = math.log10(1542 / 117)
# Half of the paper's fall for ten times the parameters, in our unit.
HALF_OF_THE_FALL = (ENWIK8["1542M"] - ENWIK8["117M"]) / DECADES / 2
IN_WORDS = {
    "books": "books",
    "stories": "stories for children",
    "captions": "captions of photographs",
    "passages": "passages of newer novels",
}

_SOME_WORDS = Informative(Value("layers-6", "lambada_accuracy_filtered"), Above(0), "no word right")

CLAIMS = (
    *(
        Claim(
            slug=f"larger-is-better-on-{domain}",
            statement=f"Without training on {IN_WORDS[domain]}, a model needs fewer bits for them "
            "the more parameters it has.",
            source=ENWIK8_SOURCE,
            paper_value=ENWIK8,
            measure=_slope(f"bits_per_byte:{domain}"),
            criterion=Below(0),
            smallest=HALF_OF_THE_FALL,
            unit=BITS,
        )
        for domain in DOMAINS
    ),
    Claim(
        slug="every-step-up-helps",
        statement="The largest model still improves on the one before it.",
        source="Radford et al. 2019, table 3 (WikiText103 of 762M and 1542M)",
        paper_value={"762M": 22.05, "1542M": 17.48},
        measure=Difference(
            Value("layers-4", "bits_per_byte:books"), Value("layers-6", "bits_per_byte:books")
        ),
        criterion=Above(0),
        comparable=False,
        unit="(the paper's perplexity; ours bits per byte of books)",
    ),
    Claim(
        slug="lambada-perplexity-falls",
        statement="The last word of a LAMBADA passage has a lower perplexity with size.",
        source="Radford et al. 2019, table 3 (LAMBADA, perplexity)",
        paper_value={"117M": 35.13, "1542M": 8.63},
        measure=_slope("lambada_log_perplexity"),
        criterion=Below(0),
        # The same unit as ours: nats for ten times the parameters.
        smallest=-math.log(35.13 / 8.63) / DECADES / 2,
        unit="(the paper's perplexity; ours ln perplexity for ten times the parameters)",
    ),
    Claim(
        slug="lambada-accuracy-grows",
        statement="A larger model predicts the last word of a LAMBADA passage correctly more "
        "often.",
        source="Radford et al. 2019, table 3 (LAMBADA, accuracy)",
        paper_value={"1542M": 63.24, "117M": 45.99},
        measure=_grows("lambada_accuracy"),
        criterion=Above(0),
        comparable=False,
        informative=_SOME_WORDS,
        unit="points",
    ),
    Claim(
        slug="stop-word-filter-helps",
        statement="The last word of a LAMBADA passage is predicted correctly more often with a "
        "stop-word filter.",
        source="Radford et al. 2019, section 3.3 (1542M)",
        paper_value={"with the filter": 63.24, "without": 52.66},
        measure=Difference(
            Value("layers-6", "lambada_accuracy_filtered"), Value("layers-6", "lambada_accuracy")
        ),
        criterion=Above(0),
        informative=_SOME_WORDS,
        unit="points",
    ),
    Claim(
        slug="long-context-is-used",
        statement="The last word of a LAMBADA passage is predicted correctly more often from the "
        "whole passage than from its last sentence.",
        source="Radford et al. 2019, section 3.3: what the data set is made to test",
        paper_value="no number: people need the passage",
        measure=Difference(
            Value("layers-6", "lambada_accuracy"),
            Value("layers-6", "lambada_accuracy_last_sentence"),
        ),
        criterion=Above(0),
        informative=_SOME_WORDS,
        unit="points",
    ),
    Claim(
        slug="names-are-found-more-often",
        statement="A larger model predicts a name left out of a book's sentence correctly more "
        "often.",
        source="Radford et al. 2019, table 3 (CBT-NE)",
        paper_value={"1542M": 89.05, "117M": 83.4},
        measure=_grows("cloze_names"),
        criterion=Above(0),
        comparable=False,
        informative=Informative(
            Difference(Value("layers-6", "cloze_names"), Value("layers-6", "cloze_names_frequent")),
            Above(0),
            "always naming the most frequent name of the passage",
        ),
        unit="points",
    ),
    Claim(
        slug="still-underfitting",
        statement="The largest model needs at most 5 % more bits for unseen text than for text "
        "that it was trained on.",
        source="Radford et al. 2019, figure 4; the margin is ours",
        paper_value="both fall together",
        measure=Ratio(
            Value("layers-6", "unseen_bits_per_byte"), Value("layers-6", "seen_bits_per_byte")
        ),
        criterion=Below(1.05),
        unit="ratio of bits per byte",
        role="secondary",
    ),
    Claim(
        slug="overlap-is-small",
        statement="Of the 8-grams of the tested domains fewer than 3.2 % are in the training text.",
        source="Radford et al. 2019, table 6 (mean of six data sets with WebText)",
        paper_value={"mean": 3.2},
        measure=Average(tuple(Value("layers-2", f"overlap:{domain}") for domain in DOMAINS)),
        criterion=Below(3.2),
        spread="none",
        unit="%",
        role="secondary",
    ),
    Claim(
        slug="tasks-without-examples",
        statement="The largest model summarises, translates and answers questions that it was "
        "never trained on.",
        source="Radford et al. 2019, sections 3.5 to 3.8 and table 4",
        paper_value={"CoQA F1": 55, "BLEU to English": 11.5, "natural questions %": 4.1},
        not_testable="It took 1.5 billion parameters and 40 GB of text; ours are three million and "
        "some 14 MB, at which nothing of the kind is to be expected.",
    ),
    Claim(
        slug="state-of-the-art-on-seven-of-eight",
        statement="The largest model is better than all before it on seven of eight data sets.",
        source="Radford et al. 2019, table 3",
        paper_value={"data sets": 7},
        not_testable="For the same reason: the numbers themselves are out of our reach, and the "
        "trend with size is what the other claims test.",
    ),
)
