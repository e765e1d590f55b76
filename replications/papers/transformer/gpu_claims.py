"""The claims of the chapter on the Transformer judged at tier `gpu`; set before the runs."""

from replications.claims import (
    Above,
    Claim,
    Difference,
    Value,
    at_gpu,
    half_in_nats,
)
from replications.papers.transformer.claims import CLAIMS as LAPTOP


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


_laptop = {claim.slug: claim for claim in LAPTOP}

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
    at_gpu(
        _laptop["transformer-beats-recurrent-attention"],
        statement="The Transformer translates better than RNNsearch, each trained until validation "
        "was best.",
    ),
    at_gpu(_laptop["transformer-beats-one-vector"]),
    at_gpu(
        _laptop["a-fraction-of-the-operations"],
        statement="The Transformer reaches the last validation BLEU of RNNsearch with less than "
        "half of its floating-point operations.",
    ),
    _row(
        "gpu-one-head-is-worse",
        "With one head instead of four, the likelihood is worse.",
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
        ("width 256", 5.75),
        4.92,
    ),
    at_gpu(
        _laptop["dropout-helps"],
        measure=Difference(Value("transformer", "bleu"), Value("dropout-0", "bleu")),
    ),
    at_gpu(
        _laptop["smoothing-hurts-perplexity"],
        measure=Difference(Value("transformer", "nll"), Value("smoothing-0", "nll")),
    ),
    at_gpu(
        _laptop["smoothing-helps-bleu"],
        measure=Difference(Value("transformer", "bleu"), Value("smoothing-0", "bleu")),
    ),
    at_gpu(
        _laptop["learned-positions-are-as-good"],
        measure=Difference(Value("learned-positions", "bleu"), Value("transformer", "bleu")),
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
