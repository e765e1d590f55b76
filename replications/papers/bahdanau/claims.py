"""The claims of the chapter on attention for translation, and criteria set before the runs."""

from replications.claims import Above, Below, Claim, Difference, Ratio, Value

CLAIMS = (
    Claim(
        slug="looking-back-beats-one-vector",
        statement="RNNsearch translates better than RNNencdec, with as many parameters and epochs.",
        source="Bahdanau et al. 2014, table 1 (sentences up to 30 words, all test sentences)",
        paper_value={"RNNsearch-30": 21.50, "RNNencdec-30": 13.93},
        measure=Difference(Value("rnnsearch", "bleu"), Value("rnnencdec", "bleu")),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="looking-back-beats-one-vector-on-long-text",
        statement="Trained and tested on joined captions, too, RNNsearch translates better than "
        "RNNencdec.",
        source="Bahdanau et al. 2014, table 1 (sentences up to 50 words)",
        paper_value={"RNNsearch-50": 26.75, "RNNencdec-50": 17.82},
        measure=Difference(
            Value("rnnsearch-joined", "joined:bleu"), Value("rnnencdec-joined", "joined:bleu")
        ),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="short-training-with-attention-beats-long-training-without",
        statement="RNNsearch trained on single captions beats RNNencdec trained on joined ones, "
        "both tested on joined ones.",
        source="Bahdanau et al. 2014, table 1 and section 5.1",
        paper_value={"RNNsearch-30": 21.50, "RNNencdec-50": 17.82},
        measure=Difference(
            Value("rnnsearch", "joined:bleu"), Value("rnnencdec-joined", "joined:bleu")
        ),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="attention-holds-on-long-sentences",
        statement="Trained on joined captions, RNNsearch loses less than half as much BLEU with "
        "length as RNNencdec does.",
        source="Bahdanau et al. 2014, figure 2, a plot without numbers; the bound is ours",
        paper_value="no deterioration even at 50 words and more",
        measure=Ratio(
            Value("rnnsearch-joined", "joined:bleu_slope"),
            Value("rnnencdec-joined", "joined:bleu_slope"),
        ),
        criterion=Below(0.5),
        unit="ratio of slopes",
    ),
    Claim(
        slug="attention-learns-in-fewer-updates",
        statement="After the same number of updates, RNNsearch has the better likelihood.",
        source="Bahdanau et al. 2014, table 2 (RNNencdec-50, RNNsearch-50: nats on development)",
        paper_value={"RNNencdec-50": 43.6, "RNNsearch-50": 38.1},
        measure=Difference(Value("rnnencdec", "nll"), Value("rnnsearch", "nll")),
        criterion=Above(0),
        comparable=False,
        unit="(the paper's nats per sentence; ours nats per token)",
    ),
    Claim(
        slug="alignments-are-found",
        statement="Trained without alignments, RNNsearch has attention that agrees with human "
        "alignments better than the diagonal does.",
        source="Bahdanau et al. 2014, section 5.2.1 and figure 3, in words; the measure is ours",
        paper_value="agrees well with our intuition",
        measure=Difference(Value("aligner", "aer_diagonal"), Value("aligner", "aer")),
        criterion=Above(0),
        unit="alignment error rate",
    ),
    Claim(
        slug="reordered-words-are-found",
        statement="Of the reordered words, attention aligns 20 percentage points more than the "
        "diagonal does.",
        source="Bahdanau et al. 2014, section 5.2.1 and figure 3, in words; the bound is ours",
        paper_value="zone économique européenne",
        measure=Difference(
            Value("aligner", "reordered_accuracy"),
            Value("aligner", "reordered_accuracy_diagonal"),
        ),
        criterion=Above(0.2),
        unit="share of words",
    ),
)
