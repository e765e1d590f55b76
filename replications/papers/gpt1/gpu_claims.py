"""The claims of the chapter on GPT-1 that are judged at tier `gpu`; criteria set before the runs.

The read-out by mean states (recipes `-mean`) is ours, and decides where it is named; the paper's
own, a linear layer on the last token's state, is judged beside it.
"""

from replications.claims import Above, Claim, Difference, TrajectoryCorrelation, Value, at_gpu
from replications.claims.measures import Average
from replications.papers.gpt1.claims import CLAIMS as LAPTOP
from replications.papers.gpt1.read_out_claims import CLAIMS as READ_OUTS
from replications.papers.gpt1.read_out_claims import beats_constant_answer

_MEAN_TASKS = ("stsb", "sst2", "mrpc", "rte")
_ALL_TASKS = (*_MEAN_TASKS, "cola")
_laptop = {claim.slug: claim for claim in (*LAPTOP, *READ_OUTS)}


def _gain(ending: str, tasks: tuple[str, ...]) -> Difference:
    """By how many points the pre-trained network is better than one from scratch."""
    pretrained, scratch = (
        Average(tuple(Value(f"{task}-{variant}{ending}", "score") for task in tasks))
        for variant in ("pretrained", "scratch")
    )
    return Difference(pretrained, scratch)


CLAIMS = (
    at_gpu(_laptop["pretraining-helps-mean-states"], measure=_gain("-mean", _MEAN_TASKS)),
    *(
        at_gpu(
            _laptop[f"pretraining-helps-{task}-mean-states"],
            measure=_gain("-mean", (task,)),
            informative=beats_constant_answer("mrpc-pretrained-mean") if task == "mrpc" else None,
            role="primary",
        )
        for task in ("stsb", "sst2", "mrpc")
    ),
    at_gpu(
        _laptop["pretraining-helps"],
        statement="Through the paper's own read-out, a pre-trained Transformer is better than one "
        "trained from scratch, in the mean of five tasks.",
        measure=_gain("", _ALL_TASKS),
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
