"""The claims of the chapter on Word2Vec, and criteria set before the runs."""

from replications.claims import (
    Above,
    Between,
    Claim,
    Difference,
    Informative,
    ProcessorSeconds,
    Ratio,
    Value,
)

CLAIMS = (
    Claim(
        slug="skip-gram-leads-on-semantic-questions",
        statement="Skip-gram solves more semantic analogies than CBOW trained on the same words.",
        source="Mikolov et al. 2013a, table 3 (640 dimensions, 320 million words)",
        paper_value={"skip-gram": 55, "CBOW": 24},
        measure=Difference(Value("skip-gram", "semantic"), Value("cbow", "semantic")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="cbow-leads-on-syntactic-questions",
        statement="CBOW solves slightly more syntactic analogies than skip-gram.",
        source="Mikolov et al. 2013a, table 3; table 4 has it the other way round (53.1 and 55.9)",
        paper_value={"CBOW": 64, "skip-gram": 59},
        measure=Difference(Value("cbow", "syntactic"), Value("skip-gram", "syntactic")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="dimension-and-data-grow-together",
        statement="More dimensions gain more on more words: both must grow together.",
        source="Mikolov et al. 2013a, table 2 (CBOW, 50 to 600 dimensions, 24 and 783 million "
        "words)",
        paper_value={"gain on 783M words": 27.2, "gain on 24M words": 10.6},
        measure=Difference(
            Difference(Value("cbow-whole-d200", "total"), Value("cbow-whole-d25", "total")),
            Difference(Value("cbow-eighth-d200", "total"), Value("cbow-eighth-d25", "total")),
        ),
        criterion=Above(0),
        unit="points",
        role="secondary",
    ),
    Claim(
        slug="negative-sampling-beats-hierarchical-softmax",
        statement="Negative sampling with 5 negative samples beats hierarchical softmax on word "
        "analogies.",
        source="Mikolov et al. 2013b, table 1, with subsampling",
        paper_value={"NEG-5": 60, "HS": 55},
        measure=Difference(
            Value("negative-sampling", "total"), Value("hierarchical-softmax", "total")
        ),
        criterion=Above(0),
        unit="points",
        role="secondary",
    ),
    Claim(
        slug="subsampling-is-faster",
        statement="Subsampling frequent words makes training 2 to 10 times faster.",
        source="Mikolov et al. 2013b, section 1 and table 1 (NEG-5, minutes)",
        paper_value={"without": 38, "with": 14},
        measure=Ratio(ProcessorSeconds("no-subsampling"), ProcessorSeconds("negative-sampling")),
        criterion=Between(2, 10),
        unit="(the paper's minutes; ours times)",
        role="secondary",
    ),
    Claim(
        slug="subsampling-loses-no-accuracy",
        statement="Subsampling does not lower the accuracy by more than a point.",
        source="Mikolov et al. 2013b, table 1, NEG-5",
        paper_value={"with": 60, "without": 59},
        measure=Difference(Value("negative-sampling", "total"), Value("no-subsampling", "total")),
        criterion=Above(-1),
        unit="points",
        role="secondary",
    ),
    Claim(
        slug="noise-beats-uniform",
        statement="Noise drawn from the unigram distribution to the power 3/4 beats uniform noise.",
        source="Mikolov et al. 2013b, section 2.2, without numbers",
        paper_value="outperformed significantly",
        measure=Difference(Value("negative-sampling", "total"), Value("uniform-noise", "total")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="noise-beats-unigram",
        statement="Noise drawn from the unigram distribution to the power 3/4 beats the unigram "
        "distribution itself.",
        source="Mikolov et al. 2013b, section 2.2, without numbers",
        paper_value="outperformed significantly",
        measure=Difference(Value("negative-sampling", "total"), Value("unigram-noise", "total")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="fresh-text-beats-more-passes",
        statement="One epoch over twice the text is as good as three epochs, or better, to within "
        "a point.",
        source="Mikolov et al. 2013a, table 5 (skip-gram, 300 dimensions)",
        paper_value={"1.6B words once": 53.8, "783M words three times": 53.3},
        measure=Difference(
            Value("whole-corpus-once", "total"), Value("negative-sampling", "total")
        ),
        criterion=Above(-1),
        unit="points",
    ),
    # The second edition's: in each paper's own settings, and with equal updates.
    Claim(
        slug="skip-gram-leads-on-semantic-questions-in-the-papers-settings",
        statement="With hierarchical softmax, all words kept and the paper's windows, skip-gram "
        "solves more semantic analogies than CBOW.",
        source="Mikolov et al. 2013a, table 3 (640 dimensions, 320 million words)",
        paper_value={"skip-gram": 55, "CBOW": 24},
        measure=Difference(
            Value("paper-skip-gram-capped", "semantic"), Value("paper-cbow-capped", "semantic")
        ),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="cbow-leads-on-syntactic-questions-in-the-papers-settings",
        statement="With hierarchical softmax, all words kept and the paper's windows, CBOW solves "
        "slightly more syntactic analogies than skip-gram.",
        source="Mikolov et al. 2013a, table 3; table 4 has it the other way round (53.1 and 55.9)",
        paper_value={"CBOW": 64, "skip-gram": 59},
        measure=Difference(
            Value("paper-cbow-capped", "syntactic"), Value("paper-skip-gram-capped", "syntactic")
        ),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="negative-sampling-beats-hierarchical-softmax-at-equal-updates",
        statement="With t = 1e-5 and equal updates, negative sampling beats hierarchical softmax.",
        source="Mikolov et al. 2013b, table 1, with subsampling",
        paper_value={"NEG-5": 60, "HS": 55},
        measure=Difference(
            Value("negative-sampling-1e-5", "total"), Value("hierarchical-softmax-1e-5", "total")
        ),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="negative-sampling-leads-on-syntactic-questions",
        statement="With t = 1e-5 and equal updates, negative sampling solves more syntactic "
        "questions than hierarchical softmax.",
        source="Mikolov et al. 2013b, table 1, with subsampling",
        paper_value={"NEG-5": 61, "HS": 52},
        measure=Difference(
            Value("negative-sampling-1e-5", "syntactic"),
            Value("hierarchical-softmax-1e-5", "syntactic"),
        ),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="hierarchical-softmax-holds-its-own-on-semantic-questions",
        statement="With t = 1e-5 and equal updates, hierarchical softmax solves more semantic "
        "questions than negative sampling.",
        source="Mikolov et al. 2013b, table 1, with subsampling",
        paper_value={"HS": 59, "NEG-5": 58},
        measure=Difference(
            Value("hierarchical-softmax-1e-5", "semantic"),
            Value("negative-sampling-1e-5", "semantic"),
        ),
        criterion=Above(0),
        unit="points",
        role="secondary",
    ),
    Claim(
        slug="subsampling-at-the-papers-threshold-is-faster",
        statement="At the paper's own threshold, t = 1e-5, subsampling makes training 2 to 10 "
        "times faster.",
        source="Mikolov et al. 2013b, section 1 and table 1 (NEG-5, minutes)",
        paper_value={"without": 38, "with": 14},
        measure=Ratio(
            ProcessorSeconds("no-subsampling-1024"), ProcessorSeconds("negative-sampling-1e-5")
        ),
        criterion=Between(2, 10),
        unit="(the paper's minutes; ours times)",
    ),
    Claim(
        slug="subsampling-at-the-papers-threshold-loses-no-accuracy",
        statement="At t = 1e-5 subsampling does not lower the accuracy by more than a point.",
        source="Mikolov et al. 2013b, table 1, NEG-5",
        paper_value={"with": 60, "without": 59},
        measure=Difference(
            Value("negative-sampling-1e-5", "total"), Value("no-subsampling-1024", "total")
        ),
        criterion=Above(-1),
        unit="points",
    ),
    Claim(
        slug="dimension-and-data-grow-together-at-equal-updates",
        statement="More dimensions gain more on the whole text than on an eighth of it that is "
        "read eight times as often.",
        source="Mikolov et al. 2013a, table 2 (CBOW, 50 to 600 dimensions, 24 and 783 million "
        "words)",
        paper_value={"gain on 783M words": 27.2, "gain on 24M words": 10.6},
        measure=Difference(
            Difference(Value("cbow-whole-d200", "total"), Value("cbow-whole-d25", "total")),
            Difference(
                Value("cbow-eighth-repeated-d200", "total"),
                Value("cbow-eighth-repeated-d25", "total"),
            ),
        ),
        criterion=Above(0),
        informative=Informative(
            Value("cbow-eighth-repeated-d25", "total"),
            Above(3),
            "twice what the eighth had when it was read as often as the whole",
        ),
        unit="points",
    ),
)
