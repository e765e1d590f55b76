"""The claims of the chapter on attention judged at tier `gpu`; criteria set before the runs.

How BLEU falls with length is compared by the difference of the slopes: a ratio says little where
one of them is near zero.
"""

from replications.claims import Above, Claim, Difference, Value, at_gpu
from replications.papers.bahdanau.claims import CLAIMS as LAPTOP

_laptop = {claim.slug: claim for claim in LAPTOP}

CLAIMS = (
    at_gpu(
        _laptop["looking-back-beats-one-vector"],
        statement="RNNsearch translates better than RNNencdec, with as many parameters, each as it "
        "was when validation was best.",
    ),
    at_gpu(_laptop["looking-back-beats-one-vector-on-long-text"]),
    at_gpu(_laptop["short-training-with-attention-beats-long-training-without"]),
    Claim(
        slug="gpu-attention-holds-on-long-sentences",
        statement="Trained on joined captions, RNNsearch loses less BLEU for ten more words than "
        "RNNencdec does; half a point counts.",
        source="Bahdanau et al. 2014, figure 2, a plot without numbers; the bound is ours",
        paper_value="no deterioration even at 50 words and more",
        measure=Difference(
            Value("rnnsearch-joined", "joined:bleu_slope"),
            Value("rnnencdec-joined", "joined:bleu_slope"),
        ),
        criterion=Above(0),
        smallest=0.5,
        unit="BLEU per 10 words",
        tier="gpu",
    ),
    Claim(
        slug="gpu-attention-has-the-better-likelihood",
        statement="After training, RNNsearch finds the reference translations more probable.",
        source="Bahdanau et al. 2014, table 2 (RNNencdec-50, RNNsearch-50: nats on development)",
        paper_value={"RNNencdec-50": 43.6, "RNNsearch-50": 38.1},
        measure=Difference(Value("rnnencdec", "nll"), Value("rnnsearch", "nll")),
        criterion=Above(0),
        comparable=False,
        unit="(the paper's nats per sentence; ours nats per token)",
        tier="gpu",
    ),
    at_gpu(
        _laptop["alignments-are-found"],
        statement="The attention agrees with human alignments better than the diagonal does.",
    ),
    at_gpu(
        _laptop["reordered-words-are-found"],
        statement="Of the reordered words it aligns 20 percentage points more than the diagonal "
        "does.",
    ),
)
