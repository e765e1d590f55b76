"""The claims of the chapter on BERT that are judged at tier `gpu`; criteria set before the runs.

The read-out by mean states (recipes `-mean`) is ours, and decides where it is named; the paper's
own, [CLS] through the pooler, is judged beside it.
"""

from replications.claims import Above, Claim, Difference, Value
from replications.claims.measures import Average

_MEAN_TASKS = ("stsb", "sst2", "mrpc", "rte")
_ALL_TASKS = (*_MEAN_TASKS, "cola")


def _average(variant: str, tasks: tuple[str, ...]) -> Average:
    return Average(tuple(Value(f"{task}-{variant}", "score") for task in tasks))


def _gain(better: str, worse: str, tasks: tuple[str, ...]) -> Difference:
    return Difference(_average(better, tasks), _average(worse, tasks))


CLAIMS = (
    Claim(
        slug="gpu-bidirectional-beats-causal-mean-states",
        statement="Read through the mean of its states, a network that is pre-trained "
        "bidirectionally on masked tokens is fine-tuned to better scores than one with a causal "
        "mask that is pre-trained on next tokens, in the mean of four tasks.",
        source="Devlin et al. 2019, table 5 (No NSP, and LTR & No NSP; five other tasks)",
        paper_value="higher on all five tasks, by 0.5 (SST-2) to 10.1 (SQuAD) points",
        measure=_gain("no-nsp-mean", "causal-mean", _MEAN_TASKS),
        criterion=Above(0),
        unit="points",
        tier="gpu",
    ),
    Claim(
        slug="gpu-bidirectional-beats-causal",
        statement="Through the paper's own read-out, a bidirectional network is better than a "
        "causal one, in the mean of five tasks.",
        source="Devlin et al. 2019, table 5 (No NSP, and LTR & No NSP; five other tasks)",
        paper_value="higher on all five tasks, by 0.5 (SST-2) to 10.1 (SQuAD) points",
        measure=_gain("no-nsp", "causal", _ALL_TASKS),
        criterion=Above(0),
        unit="points",
        tier="gpu",
    ),
    *(
        Claim(
            slug=f"gpu-bidirectional-beats-causal-{task}-mean-states",
            statement=f"On {name}, through the mean of the states, the bidirectional network is "
            "better than the causal one.",
            source=f"Devlin et al. 2019, table 5 ({quoted})",
            paper_value=paper_value,
            measure=_gain("no-nsp-mean", "causal-mean", (task,)),
            criterion=Above(0),
            unit=unit,
            tier="gpu",
        )
        for task, name, quoted, paper_value, unit in (
            (
                "stsb",
                "STS-B",
                "which has no STS-B; QNLI is the pair task with the largest effect",
                "no number for STS-B",
                "Pearson's correlation, times 100",
            ),
            (
                "sst2",
                "SST-2",
                "No NSP, and LTR & No NSP",
                {"No NSP": 92.6, "LTR & No NSP": 92.1},
                "% right",
            ),
        )
    ),
    Claim(
        slug="gpu-bidirectional-states-compare-sentences",
        statement="Without any labels, the cosine of two sentences' mean states in the last layer "
        "agrees better with human judgements of similarity when the network is bidirectional.",
        source="Devlin et al. 2019, table 5, by way of states that no task has trained; ours",
        paper_value="no number",
        measure=Difference(Value("no-nsp", "cosine:layer6"), Value("causal", "cosine:layer6")),
        criterion=Above(0),
        unit="Pearson's correlation on STS-B, times 100",
        tier="gpu",
    ),
    Claim(
        slug="gpu-next-sentence-helps",
        statement="Next-sentence prediction beside the masked tokens makes the mean of five tasks "
        "better, through the paper's own read-out.",
        source="Devlin et al. 2019, table 5 (BERT base, and No NSP; five other tasks)",
        paper_value="higher on all five tasks, by 0.1 (SST-2) to 3.5 (QNLI) points",
        measure=_gain("bert", "no-nsp", _ALL_TASKS),
        criterion=Above(0),
        unit="points",
        tier="gpu",
    ),
    Claim(
        slug="gpu-bidirectional-knows-grammar-better",
        statement="By pseudo-log-likelihood the bidirectional network prefers the grammatical "
        "sentence of a minimal pair more often than the causal one by its log-likelihood.",
        source="Devlin et al. 2019, table 5, by way of BLiMP; ours, after Salazar et al. 2020",
        paper_value="no number",
        measure=Difference(Value("no-nsp", "blimp_accuracy"), Value("causal", "blimp_accuracy")),
        criterion=Above(0),
        unit="% of BLiMP's pairs",
        tier="gpu",
    ),
)
