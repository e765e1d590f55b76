"""The claims of the chapter on the Transformer judged at tier `gpu`; set before the runs."""

from replications.claims import (
    Above,
    Below,
    Between,
    Claim,
    Cost,
    CostToReach,
    Difference,
    FinalValue,
    Ratio,
    Value,
    half_in_nats,
)


def _worse(name: str) -> Difference:
    """How much more nats per token the row needs than the main model."""
    return Difference(Value(name, "nll"), Value("transformer", "nll"))


def _row(
    slug: str, statement: str, source: str, name: str, worse: tuple[str, float], base: float
) -> Claim:
    """A row of table 3 whose perplexity is above the base's."""
    return Claim(
        slug=slug,
        statement=statement,
        source=f"Vaswani et al. 2017, table 3, {source}",
        paper_value={worse[0]: worse[1], "base": base},
        measure=_worse(name),
        criterion=Above(0),
        smallest=half_in_nats(worse[1], base),
        unit="(the paper's perplexity; ours nats per token)",
        tier="gpu",
    )


CLAIMS = (
    Claim(
        slug="gpu-sound-transformer",
        statement="The model translates as well as its size allows: 39 BLEU on the test part of "
        "2016.",
        source="Vaswani et al. 2017, table 2, has none for these texts; the bound is ours, after "
        "Transformer-Tiny of Wu et al. 2021: near 41, on other tokens",
        paper_value="no number: the paper translates other texts",
        measure=Value("transformer", "bleu"),
        criterion=Above(39),
        role="control",
        unit="BLEU",
        tier="gpu",
    ),
    Claim(
        slug="gpu-transformer-beats-recurrent-attention",
        statement="The Transformer translates better than RNNsearch, each trained until validation "
        "was best.",
        source="Vaswani et al. 2017, table 2 (English to German; GNMT is the recurrent one)",
        paper_value={"base": 27.3, "GNMT + RL": 24.6},
        measure=Difference(Value("transformer", "bleu"), Value("rnnsearch", "bleu")),
        criterion=Above(0),
        unit="BLEU",
        tier="gpu",
    ),
    Claim(
        slug="gpu-transformer-beats-one-vector",
        statement="And better than sequence to sequence.",
        source="Vaswani et al. 2017, table 2, by way of chapter 4",
        paper_value="better than all earlier models",
        measure=Difference(Value("transformer", "bleu"), Value("seq2seq", "bleu")),
        criterion=Above(0),
        unit="BLEU",
        tier="gpu",
    ),
    Claim(
        slug="gpu-a-fraction-of-the-operations",
        statement="It reaches the last validation BLEU of RNNsearch with less than half of its "
        "floating-point operations.",
        source="Vaswani et al. 2017, table 2 (3.3e18 for base, 2.3e19 for GNMT)",
        paper_value={"ratio": 0.14},
        measure=Ratio(
            CostToReach(
                "transformer",
                "validation_bleu",
                FinalValue("rnnsearch", "validation_bleu"),
                cost="flops",
            ),
            Cost("rnnsearch", "flops"),
        ),
        criterion=Below(0.5),
        unit="ratio of operations",
        tier="gpu",
    ),
    _row(
        "gpu-one-head-is-worse",
        "With one head in place of four, the likelihood is worse.",
        "rows A (perplexity of 1 and 8 heads)",
        "heads-1",
        ("1 head", 5.29),
        4.92,
    ),
    _row(
        "gpu-deeper-is-better",
        "Two layers are worse than four.",
        "rows C (perplexity of 2 and 4 layers)",
        "layers-2",
        ("2 layers", 6.11),
        5.19,
    ),
    _row(
        "gpu-wider-is-better",
        "A width of 64 is worse than one of 128.",
        "rows C (perplexity of 256 and 512)",
        "width-64",
        ("256", 5.75),
        4.92,
    ),
    Claim(
        slug="gpu-dropout-helps",
        statement="Without dropout, BLEU is lower.",
        source="Vaswani et al. 2017, table 3, rows D",
        paper_value={"0.1": 25.8, "0": 24.6},
        measure=Difference(Value("transformer", "bleu"), Value("dropout-0", "bleu")),
        criterion=Above(0),
        unit="BLEU",
        tier="gpu",
    ),
    Claim(
        slug="gpu-smoothing-hurts-perplexity",
        statement="Label smoothing makes the likelihood worse.",
        source="Vaswani et al. 2017, table 3, rows D (perplexity), section 5.4",
        paper_value={"0.1": 4.92, "0": 4.67},
        measure=Difference(Value("transformer", "nll"), Value("smoothing-0", "nll")),
        criterion=Above(0),
        smallest=half_in_nats(4.92, 4.67),
        unit="(the paper's perplexity; ours nats per token)",
        tier="gpu",
    ),
    Claim(
        slug="gpu-smoothing-helps-bleu",
        statement="And BLEU better.",
        source="Vaswani et al. 2017, table 3, rows D, section 5.4",
        paper_value={"0.1": 25.8, "0": 25.3},
        measure=Difference(Value("transformer", "bleu"), Value("smoothing-0", "bleu")),
        criterion=Above(0),
        unit="BLEU",
        tier="gpu",
    ),
    Claim(
        slug="gpu-learned-positions-are-as-good",
        statement="Learned positions give the same BLEU within one point.",
        source="Vaswani et al. 2017, table 3, row E; the margin is ours",
        paper_value={"sines": 25.8, "learned": 25.7},
        measure=Difference(Value("learned-positions", "bleu"), Value("transformer", "bleu")),
        criterion=Between(-1, 1),
        unit="BLEU",
        tier="gpu",
    ),
    Claim(
        slug="gpu-positions-are-needed",
        statement="Without positions, BLEU is lower.",
        source="Vaswani et al. 2017, section 3.5, in words",
        paper_value="no number: without them the model cannot use the order",
        measure=Difference(Value("transformer", "bleu"), Value("no-positions", "bleu")),
        criterion=Above(0),
        unit="BLEU",
        tier="gpu",
    ),
)
