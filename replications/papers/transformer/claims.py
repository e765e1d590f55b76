"""The claims of the chapter on the Transformer, and criteria set before the runs."""

from replications.claims import (
    Above,
    Below,
    Between,
    Claim,
    Cost,
    CostToReach,
    Difference,
    FinalValue,
    ProcessorSeconds,
    Ratio,
    Value,
    half_in_nats,
)


def _worse(name: str) -> Difference:
    """How much more nats per token the row needs than the base."""
    return Difference(Value(name, "nll"), Value("base", "nll"))


_level = FinalValue("rnnsearch", "validation_bleu")

CLAIMS = (
    Claim(
        slug="transformer-beats-recurrent-attention",
        statement="The Transformer translates better than RNNsearch, with about as many parameters "
        "and after as many epochs.",
        source="Vaswani et al. 2017, table 2 (English to German; GNMT is the recurrent one)",
        paper_value={"base": 27.3, "GNMT + RL": 24.6},
        measure=Difference(Value("transformer", "bleu"), Value("rnnsearch", "bleu")),
        criterion=Above(0),
        unit="BLEU",
        role="secondary",
    ),
    Claim(
        slug="transformer-beats-one-vector",
        statement="The Transformer translates better than sequence to sequence.",
        source="Vaswani et al. 2017, table 2, by way of chapter 4",
        paper_value="better than all earlier models",
        measure=Difference(Value("transformer", "bleu"), Value("seq2seq", "bleu")),
        criterion=Above(0),
        unit="BLEU",
        role="secondary",
    ),
    Claim(
        slug="a-fraction-of-the-time",
        statement="The Transformer reaches the final validation BLEU of RNNsearch in less than "
        "half the processor time.",
        source="Vaswani et al. 2017, abstract and table 2; the bound is ours",
        paper_value="a small fraction of the training costs",
        measure=Ratio(
            CostToReach("transformer", "validation_bleu", _level, cost="processor_seconds"),
            ProcessorSeconds("rnnsearch"),
        ),
        criterion=Below(0.5),
        unit="ratio of times",
    ),
    Claim(
        slug="a-fraction-of-the-operations",
        statement="The Transformer reaches the final validation BLEU of RNNsearch with less than "
        "half of its floating-point operations. (Ours are counted; the paper's are hours of its "
        "cards times their speed.)",
        source="Vaswani et al. 2017, table 2 (3.3e18 for base, 2.3e19 for GNMT)",
        paper_value={"ratio": 0.14},
        measure=Ratio(
            CostToReach("transformer", "validation_bleu", _level, cost="flops"),
            Cost("rnnsearch", "flops"),
        ),
        criterion=Below(0.5),
        unit="ratio of operations",
    ),
    Claim(
        slug="one-head-is-worse",
        statement="With one head instead of four, the likelihood is worse.",
        source="Vaswani et al. 2017, table 3, rows A (perplexity of 1 and 8 heads)",
        paper_value={"1 head": 5.29, "8 heads": 4.92},
        measure=_worse("heads-1"),
        criterion=Above(0),
        smallest=half_in_nats(5.29, 4.92),
        unit="(the paper's perplexity; ours nats per token)",
    ),
    Claim(
        slug="too-many-heads-are-worse",
        statement="With sixteen heads of eight dimensions, the likelihood is worse.",
        source="Vaswani et al. 2017, table 3, rows A (perplexity of 32 and 8 heads)",
        paper_value={"32 heads": 5.01, "8 heads": 4.92},
        measure=_worse("heads-16"),
        criterion=Above(0),
        smallest=half_in_nats(5.01, 4.92),
        unit="(the paper's perplexity; ours nats per token)",
    ),
    Claim(
        slug="small-keys-are-worse",
        statement="With keys and values of 8 dimensions instead of 32, the likelihood is worse.",
        source="Vaswani et al. 2017, table 3, rows B (perplexity of 16 and 64)",
        paper_value={"keys of 16": 5.16, "keys of 64": 4.92},
        measure=_worse("key-8"),
        criterion=Above(0),
        smallest=half_in_nats(5.16, 4.92),
        unit="(the paper's perplexity; ours nats per token)",
        role="secondary",
    ),
    Claim(
        slug="deeper-is-better",
        statement="One layer is worse than two.",
        source="Vaswani et al. 2017, table 3, rows C (perplexity of 2 and 4 layers)",
        paper_value={"2 layers": 6.11, "4 layers": 5.19},
        measure=_worse("layers-1"),
        criterion=Above(0),
        smallest=half_in_nats(6.11, 5.19),
        unit="(the paper's perplexity; ours nats per token)",
    ),
    Claim(
        slug="wider-is-better",
        statement="A width of 64 is worse than one of 128.",
        source="Vaswani et al. 2017, table 3, rows C (perplexity of 256 and 512)",
        paper_value={"width 256": 5.75, "width 512": 4.92},
        measure=_worse("width-64"),
        criterion=Above(0),
        smallest=half_in_nats(5.75, 4.92),
        unit="(the paper's perplexity; ours nats per token)",
    ),
    Claim(
        slug="dropout-helps",
        statement="Without dropout, BLEU is lower.",
        source="Vaswani et al. 2017, table 3, rows D",
        paper_value={"dropout 0.1": 25.8, "none": 24.6},
        measure=Difference(Value("base", "bleu"), Value("dropout-0", "bleu")),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="smoothing-hurts-perplexity",
        statement="Label smoothing makes the likelihood worse.",
        source="Vaswani et al. 2017, table 3, rows D (perplexity), section 5.4",
        paper_value={"smoothing 0.1": 4.92, "none": 4.67},
        measure=Difference(Value("base", "nll"), Value("smoothing-0", "nll")),
        criterion=Above(0),
        smallest=half_in_nats(4.92, 4.67),
        unit="(the paper's perplexity; ours nats per token)",
    ),
    Claim(
        slug="smoothing-helps-bleu",
        statement="Label smoothing makes BLEU better.",
        source="Vaswani et al. 2017, table 3, rows D, section 5.4",
        paper_value={"smoothing 0.1": 25.8, "none": 25.3},
        measure=Difference(Value("base", "bleu"), Value("smoothing-0", "bleu")),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="learned-positions-are-as-good",
        statement="Learned positions give the same BLEU within one point.",
        source="Vaswani et al. 2017, table 3, row E; the margin is ours",
        paper_value={"sinusoids": 25.8, "learned": 25.7},
        measure=Difference(Value("learned-positions", "bleu"), Value("base", "bleu")),
        criterion=Between(-1, 1),
        unit="BLEU",
    ),
    Claim(
        slug="byte-pairs-help-rare-words",
        statement="With BPE, words that the training text has at most ten times come out "
        "right more often than with a list of whole words.",
        source="Sennrich et al. 2016, table 2 (F1 of rare words, of ensembles of eight: "
        "joint BPE, and whole words without a dictionary)",
        paper_value={"joint BPE": 41.8, "words": 20.4},
        measure=Difference(Value("base", "f1:rare"), Value("words", "f1:rare")),
        criterion=Above(0),
        unit="points of F1",
    ),
)
