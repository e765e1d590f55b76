"""Claims on GPT-1 that the recipes of read_outs.py test; criteria set before the runs."""

from replications.claims import (
    Above,
    Claim,
    Difference,
    Informative,
    Measure,
    RankCorrelation,
    TrajectoryCorrelation,
    Value,
)
from replications.claims.measures import Average
from replications.papers.gpt1.read_outs import ALL_LABELS, LABELS, label_recipes
from replications.papers.gpt1.recipes import LAYERS

_TASKS = ("stsb", "sst2", "mrpc", "rte")
_TABLE_5 = {
    "stsb": ("STS-B", 82.0, 30.9, "Pearson's correlation, times 100"),
    "sst2": ("SST-2", 91.3, 84.0, "% right"),
    "mrpc": ("MRPC", 82.3, 79.4, "F1, %"),
}


# Of the 408 pairs of MRPC that are tested, 279 are paraphrases.
_CONSTANT_F1 = 100 * 2 * 279 / (279 + 408)


def beats_constant_answer(recipe: str) -> Informative:
    """That a recipe's F1 on MRPC is above that of calling all pairs paraphrases."""
    return Informative(Value(recipe, "score"), Above(_CONSTANT_F1), "calling all pairs paraphrases")


def _score(task: str, start: str) -> Value:
    return Value(f"{task}-{start}-mean", "score")


def _gain(*tasks: str) -> Difference:
    """By how many points the pre-trained network is better than one from scratch."""
    long, scratch = (
        Average(tuple(_score(task, start) for task in tasks)) for start in ("long", "scratch")
    )
    return Difference(long, scratch)


def _sentences(labels: int, start: str) -> Measure:
    """% right on whole sentences, in the mean of the draws of the labels."""
    values = tuple(Value(name, "score") for name in label_recipes(start)[labels])
    return values[0] if len(values) == 1 else Average(values)


def _gain_by_labels(labels: int, start: str, other: str = "scratch") -> Difference:
    return Difference(_sentences(labels, start), _sentences(labels, other))


CLAIMS = (
    Claim(
        slug="pretraining-helps-mean-states",
        statement="Through the mean of the states, a pre-trained Transformer is better than one "
        "trained from scratch, in the mean of four tasks.",
        source="Radford et al. 2018, table 5 (mean of eight tasks; ours of four of them)",
        paper_value={"pre-trained": 74.7, "from scratch": 59.9},
        measure=_gain(*_TASKS),
        criterion=Above(0),
        unit="points",
    ),
    *(
        Claim(
            slug=f"pretraining-helps-{task}-mean-states",
            statement=f"On {name}, through the mean of the states, a pre-trained Transformer is "
            "better than one trained from scratch.",
            source=f"Radford et al. 2018, table 5, {name}",
            paper_value={"pre-trained": full, "from scratch": none},
            measure=_gain(task),
            criterion=Above(0),
            role="secondary",
            informative=beats_constant_answer("mrpc-long-mean") if task == "mrpc" else None,
            unit=unit,
        )
        for task, (name, full, none, unit) in _TABLE_5.items()
    ),
    *(
        Claim(
            slug=f"pretraining-helps-with-{labels}-sentences",
            statement=f"With {labels:,} labelled sentences, a network pre-trained on books, "
            "Wikipedia and film reviews is better than one from scratch.",
            source="Radford et al. 2018, table 5, SST-2 (all labels); the number is ours",
            paper_value="no number for so few labels",
            measure=_gain_by_labels(labels, "reviews"),
            criterion=Above(0),
            unit="% right",
        )
        for labels in (*LABELS, ALL_LABELS)
    ),
    Claim(
        slug="fewer-labels-gain-more",
        statement="What pre-training gains is more with 100 labels than with all.",
        source="a question that the paper has not: what a head start is worth should shrink with "
        "the labels",
        paper_value="no number in the paper",
        measure=Difference(
            _gain_by_labels(min(LABELS), "reviews"), _gain_by_labels(ALL_LABELS, "reviews")
        ),
        criterion=Above(0),
        role="secondary",
        unit="points",
    ),
    Claim(
        slug="text-near-the-task-helps",
        statement="With 1,000 labels, pre-training on film reviews too is better than on books and "
        "Wikipedia alone.",
        source="Gururangan et al. 2020, table 5, in words; the task and the number are ours",
        paper_value="pre-training on the task's domain helps",
        measure=_gain_by_labels(1000, "reviews", "long"),
        criterion=Above(0),
        role="secondary",
        unit="% right",
    ),
    Claim(
        slug="zero-shot-grows-on-reviews",
        statement="Zero-shot, the model tells positive from negative better the more film reviews "
        "it has been trained on, by the area under the curve.",
        source="Radford et al. 2018, section 5 and figure 2 (right); the bound is ours",
        paper_value="steady improvement over training",
        measure=TrajectoryCorrelation("reviews", "zero_shot_auc"),
        criterion=Above(0.7),
        informative=Informative(
            Value("reviews", "zero_shot_auc"), Above(55), "a coin, which has 50"
        ),
        unit="rank correlation with the epoch",
    ),
    Claim(
        slug="all-layers-beat-embeddings-mean-states",
        statement="Fine-tuning from all pre-trained layers is better than from the embeddings "
        "alone, through the mean of the states.",
        source="Radford et al. 2018, figure 2 (left), read off the plot: MultiNLI, 12 layers and 0",
        paper_value={"12 layers": 82, "0 layers": 72},
        measure=Difference(_score("stsb", "long"), _score("stsb", "layers-0")),
        criterion=Above(0),
        comparable=False,
        unit="(the paper's % right on MultiNLI; ours Pearson's correlation on STS-B, times 100)",
    ),
    Claim(
        slug="each-layer-helps-mean-states",
        statement="The more layers are transferred, the better, through the mean of the states.",
        source="Radford et al. 2018, section 5 and figure 2 (left)",
        paper_value="each layer helps, by up to 9 % in all on MultiNLI",
        measure=RankCorrelation(
            (
                *(_score("stsb", f"layers-{count}") for count in range(LAYERS)),
                _score("stsb", "long"),
            )
        ),
        criterion=Above(0),
        role="secondary",
        unit="rank correlation of the score with the layers",
    ),
    Claim(
        slug="transformer-beats-lstm-mean-states",
        statement="After 6 million tokens each, the pre-trained Transformer is better than the "
        "pre-trained LSTM, through the mean of the states and in the mean of two tasks.",
        source="Radford et al. 2018, table 5 (mean of eight tasks; ours of two of them)",
        paper_value={"Transformer": 74.7, "LSTM": 69.1},
        measure=Difference(
            Average(tuple(_score(task, "short") for task in ("stsb", "sst2"))),
            Average(tuple(_score(task, "lstm") for task in ("stsb", "sst2"))),
        ),
        criterion=Above(0),
        unit="points",
    ),
)
