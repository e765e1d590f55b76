"""The claims of the chapter on GPT-2 judged at tier `gpu`; criteria set before the runs."""

from replications.claims import Above, Below, Claim, Difference, LogSlope, Parameters, Value
from replications.papers.gpt2.claims import BITS, ENWIK8, ENWIK8_SOURCE, HALF_OF_THE_FALL, IN_WORDS
from replications.papers.gpt2.gpu import SIZES
from replications.papers.gpt2.recipes import DOMAINS

_parameters = tuple(map(Parameters, SIZES))


def _slope(metric: str) -> LogSlope:
    """By how much the metric rises for ten times the parameters without embeddings."""
    return LogSlope(tuple(Value(name, metric) for name in SIZES), _parameters)


CLAIMS = (
    *(
        Claim(
            slug=f"gpu-larger-is-better-on-{domain}",
            statement=f"Without training on {IN_WORDS[domain]}, a model needs fewer bits for them "
            "the more parameters it has, from one to thirty million.",
            source=ENWIK8_SOURCE,
            paper_value=ENWIK8,
            measure=_slope(f"bits_per_byte:{domain}"),
            criterion=Below(0),
            smallest=HALF_OF_THE_FALL,
            unit=BITS,
            tier="gpu",
        )
        for domain in DOMAINS
    ),
    Claim(
        slug="gpu-every-step-up-helps",
        statement="Thirty million parameters still improve on ten.",
        source="Radford et al. 2019, table 3 (WikiText103 of 762M and 1542M)",
        paper_value={"762M": 22.05, "1542M": 17.48},
        measure=Difference(
            Value("size-10", "bits_per_byte:books"), Value("size-30", "bits_per_byte:books")
        ),
        criterion=Above(0),
        unit="(the paper's perplexity; ours bits per byte of books)",
        comparable=False,
        tier="gpu",
    ),
    Claim(
        slug="gpu-long-context-is-used",
        statement="From the whole passage, the last word of LAMBADA is more probable than from its "
        "last sentence.",
        source="Radford et al. 2019, section 3.3: what the data set is made to test",
        paper_value="no number: people need the passage",
        measure=Value("size-30", "lambada_gain_nats"),
        criterion=Above(0),
        unit="nats",
        tier="gpu",
    ),
    Claim(
        slug="gpu-long-context-is-used-more-by-larger-models",
        statement="The passage helps the last word of LAMBADA the more, the more parameters the "
        "model has.",
        source="Radford et al. 2019, section 3.3 and table 3 (LAMBADA); the measure is ours",
        paper_value="no number",
        measure=_slope("lambada_gain_nats"),
        criterion=Above(0),
        unit="nats for ten times the parameters",
        tier="gpu",
    ),
    Claim(
        slug="gpu-passage-words-are-found",
        statement="The largest model finds the last word among the passage's words more often than "
        "a draw of one of its capitalised words does.",
        source="Radford et al. 2019, section 3.3; the baseline is Paperno et al. 2016, section 5",
        paper_value="no number",
        measure=Difference(
            Value("size-30", "lambada_passage_word_accuracy"),
            Value("size-30", "lambada_random_capitalised_word"),
        ),
        criterion=Above(0),
        unit="% of passages",
        tier="gpu",
    ),
    Claim(
        slug="gpu-grammar-grows-with-size",
        statement="The more parameters, the more often the grammatical sentence of a minimal pair "
        "is the more probable one.",
        source="Radford et al. 2019, section 3, by way of BLiMP (Warstadt et al. 2020); ours",
        paper_value="no number",
        measure=_slope("blimp_accuracy"),
        criterion=Above(0),
        unit="% of BLiMP's pairs for ten times the parameters",
        tier="gpu",
    ),
)
