"""The claims of the chapter on GPT-1 that are judged at tier `gpu`; criteria set before the runs.

The read-out by mean states (recipes `-mean`) is ours, and decides where it is named; the paper's
own, a linear layer on the last token's state, is judged beside it.
"""

from replications.claims import Above, Claim, Difference, TrajectoryCorrelation, Value
from replications.claims.measures import Average

_MEAN_TASKS = ("stsb", "sst2", "mrpc", "rte")
_ALL_TASKS = (*_MEAN_TASKS, "cola")
_TABLE_5 = {
    "stsb": ("STS-B", 82.0, 30.9, "Pearson's correlation, times 100"),
    "sst2": ("SST-2", 91.3, 84.0, "% right"),
    "mrpc": ("MRPC", 82.3, 79.4, "F1, %"),
}


def _gain(ending: str, tasks: tuple[str, ...]) -> Difference:
    """By how many points the pre-trained network is better than one from scratch."""
    pretrained, scratch = (
        Average(tuple(Value(f"{task}-{variant}{ending}", "score") for task in tasks))
        for variant in ("pretrained", "scratch")
    )
    return Difference(pretrained, scratch)


CLAIMS = (
    Claim(
        slug="gpu-pretraining-helps-mean-states",
        statement="Through the mean of the states, a pre-trained Transformer is better than one "
        "trained from scratch, in the mean of four tasks.",
        source="Radford et al. 2018, table 5 (mean of eight tasks; ours of four of them)",
        paper_value={"pre-trained": 74.7, "from scratch": 59.9},
        measure=_gain("-mean", _MEAN_TASKS),
        criterion=Above(0),
        unit="points",
        tier="gpu",
    ),
    *(
        Claim(
            slug=f"gpu-pretraining-helps-{task}-mean-states",
            statement=f"On {name}, through the mean of the states, a pre-trained Transformer is "
            "better than one trained from scratch.",
            source=f"Radford et al. 2018, table 5, {name}",
            paper_value={"pre-trained": full, "from scratch": none},
            measure=_gain("-mean", (task,)),
            criterion=Above(0),
            unit=unit,
            tier="gpu",
        )
        for task, (name, full, none, unit) in _TABLE_5.items()
    ),
    Claim(
        slug="gpu-pretraining-helps",
        statement="Through the paper's own read-out, a pre-trained Transformer is better than one "
        "trained from scratch, in the mean of five tasks.",
        source="Radford et al. 2018, table 5 (mean of eight tasks; ours of five of them)",
        paper_value={"pre-trained": 74.7, "from scratch": 59.9},
        measure=_gain("", _ALL_TASKS),
        criterion=Above(0),
        unit="points",
        tier="gpu",
    ),
    *(
        Claim(
            slug=f"gpu-pretraining-helps-with-{examples}-labels",
            statement=f"With {examples:,} labels of SST-2, pre-training helps, through the mean of "
            "the states.",
            source="Radford et al. 2018, section 5 (smaller data sets); the number is ours",
            paper_value="no number for so few labels",
            measure=_gain("-mean", (f"sst2-{examples}",)),
            criterion=Above(0),
            unit="% right",
            tier="gpu",
        )
        for examples in (200, 1000)
    ),
    Claim(
        slug="gpu-zero-shot-grows",
        statement="Zero-shot, the model tells positive from negative better the longer it has been "
        "pre-trained, by the area under the curve.",
        source="Radford et al. 2018, section 5 and figure 2 (right); the bound is ours",
        paper_value="steady improvement over training",
        measure=TrajectoryCorrelation("pretrained", "zero_shot_auc"),
        criterion=Above(0.7),
        unit="rank correlation with the epoch",
        tier="gpu",
    ),
)
