"""The claims of the chapter on GloVe, and criteria set before the runs."""

from replications.claims import Above, Claim, Difference, TunedEpoch, Value


def _lead(window: int) -> Difference:
    """Semantic less syntactic accuracy at a window."""
    recipe = "glove" if window == 10 else f"glove-window{window}"
    return Difference(Value(recipe, "semantic"), Value(recipe, "syntactic"))


_GLOVE = ("tuned-glove-window10", "tuned-glove-window15")
_SKIP_GRAM = (
    "tuned-skip-gram-window5-passes5",
    "tuned-skip-gram-window10-passes5",
    "tuned-skip-gram-window5-passes10",
)


def _tuned_lead(metric: str, chosen_by: str) -> Difference:
    """GloVe less skip-gram, window and epochs of each chosen by what is not compared."""
    glove, skip_gram = (TunedEpoch(names, metric, chosen_by) for names in (_GLOVE, _SKIP_GRAM))
    return Difference(glove, skip_gram)


CLAIMS = (
    Claim(
        slug="glove-beats-skip-gram",
        statement="On the same corpus, vocabulary, window and dimension, GloVe solves more "
        "analogies than skip-gram.",
        source="Pennington et al. 2014, table 2 (300 dimensions, 6 billion tokens) and figure 4",
        paper_value={"GloVe": 71.7, "skip-gram": 69.1},
        measure=Difference(Value("glove", "total"), Value("skip-gram", "total")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="glove-beats-svd",
        statement="GloVe solves more analogies than the singular vectors of log(1 + X).",
        source="Pennington et al. 2014, table 2 (SVD-L)",
        paper_value={"GloVe": 71.7, "SVD-L": 60.1},
        measure=Difference(Value("glove", "total"), Value("svd-log", "total")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="log-counts-beat-root-counts",
        statement="Singular vectors of log(1 + X) beat those of the square root of X.",
        source="Pennington et al. 2014, table 2",
        paper_value={"SVD-L": 60.1, "SVD-S": 42.1},
        measure=Difference(Value("svd-log", "total"), Value("svd-sqrt", "total")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="root-counts-beat-raw-counts",
        statement="Singular vectors of the square root of X beat those of X itself.",
        source="Pennington et al. 2014, table 2",
        paper_value={"SVD-S": 42.1, "SVD": 7.3},
        measure=Difference(Value("svd-sqrt", "total"), Value("svd", "total")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="wide-windows-favour-semantics",
        statement="From a window of 2 to one of 10, semantic accuracy gains on syntactic accuracy.",
        source="Pennington et al. 2014, section 4.4 and figure 2b, a plot without numbers",
        paper_value="semantic gains with the window, syntactic does not",
        measure=Difference(_lead(10), _lead(2)),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="dimensions-have-diminishing-returns",
        statement="Doubling the dimension from 25 to 50 gains more than from 50 to 100.",
        source="Pennington et al. 2014, section 4.4 and figure 2a, where the returns diminish past "
        "about 200 dimensions",
        paper_value="diminishing returns",
        measure=Difference(
            Difference(Value("glove-d50", "total"), Value("glove-d25", "total")),
            Difference(Value("glove", "total"), Value("glove-d50", "total")),
        ),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="glove-leads-on-similarity",
        statement="GloVe agrees better with human judgements on WordSim-353 than skip-gram does.",
        source="Pennington et al. 2014, table 3 (6 billion tokens, Spearman times 100)",
        paper_value={"GloVe": 65.8, "skip-gram": 62.8},
        measure=Difference(Value("glove", "wordsim353"), Value("skip-gram", "wordsim353")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="ratios-carry-meaning",
        statement="P(solid | ice) / P(solid | steam) is greater than P(gas | ice) / "
        "P(gas | steam). Counts have no seed, so all runs agree; a claim below has the interval.",
        source="Pennington et al. 2014, table 1 (ratios of 8.9 and 0.085)",
        paper_value={"ln 8.9 - ln 0.085": 4.65},
        measure=Difference(Value("glove", "log_ratio:solid"), Value("glove", "log_ratio:gas")),
        criterion=Above(0),
        spread="none",
        unit="nats",
        role="secondary",
    ),
    # The second edition's, whose runs read what the first ones did not.
    Claim(
        slug="tuned-glove-beats-skip-gram",
        statement="With window and epochs tuned for each on one half of the questions, GloVe "
        "solves more of the other half than skip-gram.",
        source="Pennington et al. 2014, table 2 (300 dimensions, 6 billion tokens)",
        paper_value={"GloVe": 71.7, "skip-gram": 69.1},
        measure=_tuned_lead("analogies_judged", "analogies_chosen_by"),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="tuned-glove-leads-on-similarity",
        statement="With each feature scaled across the vocabulary, as the paper does, and window "
        "and epochs tuned for each on MEN, GloVe agrees better with human judgements on "
        "WordSim-353 than skip-gram does.",
        source="Pennington et al. 2014, section 4.1 and table 3 (6 billion tokens, Spearman times "
        "100)",
        paper_value={"GloVe": 65.8, "skip-gram": 62.8},
        measure=_tuned_lead("wordsim353_scaled", "men_scaled"),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="scaled-glove-beats-log-counts-on-similarity",
        statement="With scaled features, GloVe agrees with human judgements on WordSim-353 as well "
        "as the singular vectors of log(1 + X), or better, to within two points.",
        source="Pennington et al. 2014, table 3 (SVD-L)",
        paper_value={"GloVe": 65.8, "SVD-L": 65.7},
        measure=Difference(
            TunedEpoch(_GLOVE, "wordsim353_scaled", "men_scaled"),
            Value("svd-log-scaled", "wordsim353_scaled"),
        ),
        criterion=Above(-2),
        unit="points",
    ),
    Claim(
        slug="glove-beats-mutual-information",
        statement="GloVe solves more analogies than the singular vectors of the positive pointwise "
        "mutual information of the same counts.",
        source="Pennington et al. 2014, table 2 (it has SVD, SVD-S, SVD-L and ready-made HPCA "
        "vectors, and none of PMI; Levy, Goldberg and Dagan 2015 compare with PPMI, and see no "
        "global advantage)",
        paper_value="ahead of the singular vectors of counts and of their roots and logarithms",
        measure=Difference(Value("tuned-glove-window10", "total"), Value("ppmi-svd", "total")),
        criterion=Above(0),
        role="secondary",
        comparable=False,
        unit="points",
    ),
    Claim(
        slug="returns-diminish-past-200-dimensions",
        statement="From 100 to 200 dimensions GloVe gains more than from 200 to 300.",
        source="Pennington et al. 2014, section 4.4 and figure 2a, a plot without numbers",
        paper_value="diminishing returns past about 200 dimensions",
        measure=Difference(
            Difference(Value("glove-d200", "total"), Value("tuned-glove-window10", "total")),
            Difference(Value("glove-d300", "total"), Value("glove-d200", "total")),
        ),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="ratios-carry-meaning-in-other-documents-too",
        statement="P(solid | ice) / P(solid | steam) is greater than P(gas | ice) / "
        "P(gas | steam), whichever documents had come into the corpus.",
        source="Pennington et al. 2014, table 1 (ratios of 8.9 and 0.085)",
        paper_value={"ln 8.9 - ln 0.085": 4.65},
        measure=Value("ppmi-svd", "log_ratio_difference"),
        criterion=Above(0),
        smallest=4.65 / 2,
        spread="items",
        unit="nats",
    ),
)
