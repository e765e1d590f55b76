"""The claims of the chapter on GloVe, and criteria set before the runs."""

from replications.claims import Above, Claim, Difference, Value


def _lead(window: int) -> Difference:
    """Semantic less syntactic accuracy at a window."""
    recipe = "glove" if window == 10 else f"glove-window{window}"
    return Difference(Value(recipe, "semantic"), Value(recipe, "syntactic"))


CLAIMS = (
    Claim(
        slug="glove-beats-skip-gram",
        statement="On the same corpus, vocabulary, window and dimension, and in the same time, "
        "GloVe solves more analogies than skip-gram.",
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
        statement="GloVe agrees with people on WordSim-353 better than skip-gram does.",
        source="Pennington et al. 2014, table 3 (6 billion tokens, Spearman times 100)",
        paper_value={"GloVe": 65.8, "skip-gram": 62.8},
        measure=Difference(Value("glove", "wordsim353"), Value("skip-gram", "wordsim353")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="ratios-carry-meaning",
        statement="P(solid | ice) / P(solid | steam) is greater than P(gas | ice) / "
        "P(gas | steam). Counts have no seed: all three agree.",
        source="Pennington et al. 2014, table 1 (ratios of 8.9 and 0.085)",
        paper_value={"ln 8.9 - ln 0.085": 4.65},
        measure=Difference(Value("glove", "log_ratio:solid"), Value("glove", "log_ratio:gas")),
        criterion=Above(0),
        spread="none",
        unit="nats",
    ),
)
