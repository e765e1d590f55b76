"""The claims of the chapter on GPT-1, and criteria set before the runs."""

from replications.claims import Above, Between, Claim, Difference, Informative, Value
from replications.claims.measures import Average
from replications.claims.measures.trajectory import FinalValue
from replications.claims.measures.trends import RankCorrelation, TrajectoryCorrelation
from replications.papers.gpt1.recipes import LAYERS, TASKS


def _score(task: str, variant: str) -> Value:
    return Value(f"{task}-{variant}", "score")


def _gain(task: str, variant: str) -> Difference:
    """By how many points the pre-trained Transformer is better than the variant."""
    return Difference(_score(task, "pretrained"), _score(task, variant))


def _average(variant: str) -> Average:
    return Average(tuple(_score(task, variant) for task in TASKS))


_IN_WORDS = {"cola": "CoLA", "sst2": "SST-2", "mrpc": "MRPC", "stsb": "STS-B", "rte": "RTE"}
_TABLE_5 = {
    "cola": (45.4, 18.9, "Matthews' correlation, times 100"),
    "sst2": (91.3, 84.0, "% right"),
    "mrpc": (82.3, 79.4, "F1, %"),
    "stsb": (82.0, 30.9, "Pearson's correlation, times 100"),
    "rte": (56.0, 53.8, "% right"),
}

_BASELINES = {
    "mrpc": Informative(_gain("mrpc", "majority"), Above(0), "the majority class"),
    # Of 277 pairs 146 have the answer that is the rarer one of the training part.
    "rte": Informative(
        _score("rte", "pretrained"), Above(100 * 146 / 277), "the test part's more frequent answer"
    ),
}

CLAIMS = (
    Claim(
        slug="pretraining-helps",
        statement="Averaged over the tasks, a pre-trained Transformer is better than one trained "
        "from scratch.",
        source="Radford et al. 2018, table 5 (mean of eight tasks; ours of five of them)",
        paper_value={"pre-trained": 74.7, "from scratch": 59.9},
        measure=Difference(_average("pretrained"), _average("scratch")),
        criterion=Above(0),
        unit="points",
    ),
    *(
        Claim(
            slug=f"pretraining-helps-{task}",
            statement=f"On {_IN_WORDS[task]} a pre-trained Transformer is better than one trained "
            "from scratch.",
            source=f"Radford et al. 2018, table 5, {_IN_WORDS[task]}",
            paper_value={"pre-trained": full, "from scratch": none},
            measure=_gain(task, "scratch"),
            criterion=Above(0),
            role="secondary",
            informative=_BASELINES.get(task),
            unit=unit,
        )
        for task, (full, none, unit) in _TABLE_5.items()
    ),
    Claim(
        slug="auxiliary-changes-the-average-little",
        statement="Without the auxiliary loss the average changes by less than a point.",
        source="Radford et al. 2018, table 5 (mean of eight tasks); the margin is ours",
        paper_value={"without": 75.0, "with": 74.7},
        measure=Difference(_average("no-auxiliary"), _average("pretrained")),
        criterion=Between(-1, 1),
        paired=True,
        unit="points",
    ),
    Claim(
        slug="auxiliary-helps-more-data",
        statement="The auxiliary loss helps more where there are more labels. (The paper compares "
        "tasks of different sizes; here it is SST-2 with 8,000 labels and with 200.)",
        source="Radford et al. 2018, section 5",
        paper_value="larger datasets benefit, smaller ones do not",
        measure=Difference(
            _gain("sst2", "no-auxiliary"),
            Difference(_score("sst2", "200-pretrained"), _score("sst2", "200-no-auxiliary")),
        ),
        criterion=Above(0),
        paired=True,
        unit="points",
    ),
    Claim(
        slug="transformer-beats-lstm",
        statement="Averaged over the tasks, the pre-trained Transformer is better than a "
        "pre-trained LSTM. (Theirs had fewer parameters than the Transformer, ours as many.)",
        source="Radford et al. 2018, table 5 (mean of eight tasks; ours of five of them)",
        paper_value={"Transformer": 74.7, "LSTM": 69.1},
        measure=Difference(_average("pretrained"), _average("lstm")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="all-layers-beat-embeddings",
        statement="Fine-tuning from all pre-trained layers is better than from the embeddings "
        "alone.",
        source="Radford et al. 2018, figure 2 (left), read off the plot: MultiNLI, 12 layers and 0",
        paper_value={"12 layers": 82, "0 layers": 72},
        measure=Average((_gain("sst2", "layers-0"), _gain("stsb", "layers-0"))),
        criterion=Above(0),
        comparable=False,
        unit="(the paper's % right on MultiNLI; ours mean points of SST-2 and STS-B)",
    ),
    Claim(
        slug="each-layer-helps",
        statement="The more layers are transferred, the better.",
        source="Radford et al. 2018, section 5 and figure 2 (left)",
        paper_value="each layer helps, by up to 9 % in all on MultiNLI",
        measure=Average(
            tuple(
                RankCorrelation(
                    (
                        *(_score(task, f"layers-{count}") for count in range(LAYERS)),
                        _score(task, "pretrained"),
                    )
                )
                for task in ("sst2", "stsb")
            )
        ),
        criterion=Above(0),
        unit="rank correlation of the score with the layers",
    ),
    Claim(
        slug="zero-shot-grows",
        statement="Zero-shot, the model classifies sentiment better the longer it has been "
        "pre-trained.",
        source="Radford et al. 2018, section 5 and figure 2 (right); the bound is ours",
        paper_value="steady improvement over training",
        measure=TrajectoryCorrelation("pretrained", "zero_shot_accuracy"),
        criterion=Above(0.7),
        # Of the 400 sentences that are asked 208 are positive.
        informative=Informative(
            FinalValue("pretrained", "zero_shot_accuracy"),
            Above(52),
            "always the more frequent answer",
        ),
        unit="rank correlation of % right with the epoch",
    ),
    Claim(
        slug="best-on-nine-of-twelve",
        statement="The fine-tuned model is better than all before it on 9 of 12 data sets.",
        source="Radford et al. 2018, tables 2 to 4",
        paper_value={"data sets won, of 12": 9},
        not_testable="It takes a network of about 117 million parameters, 100 epochs over more "
        "than 7,000 books, and test parts whose labels GLUE does not publish.",
    ),
)
