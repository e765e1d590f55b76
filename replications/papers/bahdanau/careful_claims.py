"""Claims on attention that the recipes of careful.py test; criteria set before the runs.

The first claims compare how BLEU falls with length by a ratio of slopes, which says little where
one of them is near zero: here it is their difference, on runs that were not there when it was
chosen.
"""

from replications.claims import Above, Claim, Difference, Value

CLAIMS = (
    Claim(
        slug="attention-falls-more-slowly",
        statement="Trained on joined captions, RNNsearch loses less BLEU for ten more words than "
        "RNNencdec does; half a point counts.",
        source="Bahdanau et al. 2014, figure 2, a plot without numbers; the bound is ours",
        paper_value="no deterioration even at 50 words and more",
        measure=Difference(
            Value("rnnsearch-joined-finer", "joined:bleu_slope"),
            Value("rnnencdec-joined-finer", "joined:bleu_slope"),
        ),
        criterion=Above(0),
        smallest=0.5,
        unit="BLEU per 10 words",
    ),
    Claim(
        slug="short-captions-with-attention-beat-all-captions-without",
        statement="RNNsearch trained on captions of at most 12 words beats RNNencdec trained on "
        "all, after as many updates and tested on captions of all lengths.",
        source="Bahdanau et al. 2014, table 1 and section 5.1",
        paper_value={"RNNsearch-30": 21.50, "RNNencdec-50": 17.82},
        measure=Difference(Value("rnnsearch-short", "bleu"), Value("rnnencdec", "bleu")),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="attention-beats-one-vector-when-trained-on-short-captions",
        statement="Trained on captions of at most 12 words, RNNsearch translates the whole test "
        "part better than RNNencdec.",
        source="Bahdanau et al. 2014, table 1 (sentences up to 30 words, all test sentences)",
        paper_value={"RNNsearch-30": 21.50, "RNNencdec-30": 13.93},
        measure=Difference(Value("rnnsearch-short", "bleu"), Value("rnnencdec-short", "bleu")),
        criterion=Above(0),
        role="secondary",
        unit="BLEU",
    ),
    Claim(
        slug="alignments-are-found-in-domain",
        statement="Trained on the test's sentences too, without their alignments, attention agrees "
        "with human alignments better than the diagonal does.",
        source="Bahdanau et al. 2014, section 5.2.1 and figure 3, in words; the measure is ours",
        paper_value="agrees well with our intuition",
        measure=Difference(
            Value("aligner-in-domain", "aer_diagonal"), Value("aligner-in-domain", "aer")
        ),
        criterion=Above(0),
        unit="alignment error rate",
    ),
    Claim(
        slug="reordered-words-are-found-in-domain",
        statement="Trained on the test's sentences too, attention aligns 20 percentage points "
        "more of the reordered words than the diagonal does.",
        source="Bahdanau et al. 2014, section 5.2.1 and figure 3, in words; the bound is ours",
        paper_value="zone économique européenne",
        measure=Difference(
            Value("aligner-in-domain", "reordered_accuracy"),
            Value("aligner-in-domain", "reordered_accuracy_diagonal"),
        ),
        criterion=Above(0.2),
        unit="share of words",
    ),
)
