"""Claims on the Transformer that the recipes of careful.py test; criteria set before the runs."""

from replications.claims import Above, Below, Between, Claim, Difference, Ratio, Value, half_in_nats
from replications.claims.measures.finished_runs import CostAtLevel
from replications.claims.measures.trajectory import CostName

_RUNS = ("2", "4", "", "16")


def _runs(model: str) -> tuple[Value, ...]:
    """BLEU of the finished runs of a model; that of eight epochs has the model's bare name."""
    return tuple(Value(f"{model}-{epochs}".rstrip("-"), "bleu") for epochs in _RUNS)


def _cost(cost: CostName) -> Ratio:
    """What the level of RNNsearch after eight epochs costs the Transformer, as a share."""
    level = Value("rnnsearch", "bleu")
    return Ratio(
        CostAtLevel(_runs("transformer"), level, cost), CostAtLevel(_runs("rnnsearch"), level, cost)
    )


def _worse(name: str) -> Difference:
    """How much more nats per token the row needs than the base."""
    return Difference(Value(name, "nll"), Value("base", "nll"))


CLAIMS = (
    Claim(
        slug="careful-transformer-is-sound",
        statement="The main model translates as well as its size allows: 39 BLEU on the test part "
        "of 2016.",
        source="Vaswani et al. 2017, table 2, has none for these texts; the bound is ours, after "
        "Transformer-Tiny of Wu et al. 2021: near 41, on other tokens",
        paper_value="no number: the paper translates other texts",
        measure=Value("transformer-careful", "bleu"),
        criterion=Above(39),
        role="control",
        unit="BLEU",
    ),
    Claim(
        slug="careful-transformer-has-the-right-length",
        statement="The main model's translations are as long as the references, within 2 %: no "
        "brevity penalty decides.",
        source="a control that the paper has not: in the first comparison it decided",
        paper_value="no number",
        measure=Value("transformer-careful", "length_ratio"),
        criterion=Between(0.98, 1.02),
        role="control",
        unit="tokens of translations per token of references",
    ),
    Claim(
        slug="careful-transformer-beats-recurrent-attention",
        statement="The Transformer translates better than RNNsearch, each of the same size, "
        "trained for 20 epochs and taken where validation was best.",
        source="Vaswani et al. 2017, table 2 (English to German; GNMT is the recurrent one)",
        paper_value={"base": 27.3, "GNMT + RL": 24.6},
        measure=Difference(
            Value("transformer-careful", "bleu"), Value("rnnsearch-careful", "bleu")
        ),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="careful-transformer-has-more-characters-right",
        statement="The Transformer translates better than RNNsearch by chrF, too, which has no "
        "brevity penalty.",
        source="Vaswani et al. 2017, table 2, by another measure",
        paper_value="no chrF in the paper",
        measure=Difference(
            Value("transformer-careful", "chrf"), Value("rnnsearch-careful", "chrf")
        ),
        criterion=Above(0),
        role="secondary",
        unit="chrF",
    ),
    Claim(
        slug="careful-transformer-finds-references-likelier",
        statement="The Transformer gives the reference translations more probability than "
        "RNNsearch does.",
        source="Vaswani et al. 2017, table 2, by another measure",
        paper_value="no likelihood of both models in the paper",
        measure=Difference(Value("rnnsearch-careful", "nll"), Value("transformer-careful", "nll")),
        criterion=Above(0),
        role="secondary",
        unit="nats per token",
    ),
    Claim(
        slug="a-fraction-of-the-time-by-finished-runs",
        statement="In finished runs of 2, 4, 8 and 16 epochs, the Transformer needs less than half "
        "of RNNsearch's processor time for the BLEU that RNNsearch has after 8.",
        source="Vaswani et al. 2017, abstract and table 2; the bound is ours",
        paper_value="a small fraction of the training costs",
        measure=_cost("processor_seconds"),
        criterion=Below(0.5),
        unit="ratio of times",
    ),
    Claim(
        slug="a-fraction-of-the-operations-by-finished-runs",
        statement="In finished runs of 2, 4, 8 and 16 epochs, the Transformer needs less than "
        "half of RNNsearch's floating-point operations for the BLEU that RNNsearch has after 8. "
        "(Ours are counted; the paper's are hours of its cards times their speed.)",
        source="Vaswani et al. 2017, table 2 (3.3e18 for base, 2.3e19 for GNMT)",
        paper_value={"ratio": 0.14},
        measure=_cost("flops"),
        criterion=Below(0.5),
        unit="ratio of operations",
    ),
    Claim(
        slug="narrow-keys-are-worse",
        statement="With queries and keys of 8 dimensions a head instead of 32, and values as they "
        "were, the likelihood is worse.",
        source="Vaswani et al. 2017, table 3, rows B (perplexity of 16 and 64)",
        paper_value={"keys of 16": 5.16, "keys of 64": 4.92},
        measure=_worse("key-width-8"),
        criterion=Above(0),
        smallest=half_in_nats(5.16, 4.92),
        unit="(the paper's perplexity; ours nats per token)",
    ),
    Claim(
        slug="averaging-does-what-a-cosine-does",
        statement="The paper's schedule with the mean of the last weights changes BLEU by less "
        "than a point, compared with a cosine and the best epoch.",
        source="Vaswani et al. 2017, sections 5.3 and 6.1; the comparison and its margin are ours",
        paper_value="no number: the paper averages its checkpoints",
        measure=Difference(Value("careful-averaged", "bleu"), Value("transformer-careful", "bleu")),
        criterion=Between(-1, 1),
        role="secondary",
        unit="BLEU",
    ),
    Claim(
        slug="dropout-helps-to-the-end",
        statement="Taken where validation was best, of 20 epochs with dropout and of 8 without "
        "it, the model is worse in BLEU without it.",
        source="Vaswani et al. 2017, table 3, rows D",
        paper_value={"dropout 0.1": 25.8, "none": 24.6},
        measure=Difference(
            Value("transformer-careful", "bleu"), Value("careful-dropout-0", "bleu")
        ),
        criterion=Above(0),
        unit="BLEU",
    ),
)
