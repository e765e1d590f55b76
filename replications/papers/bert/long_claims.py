"""Claims that forty million tokens at tier `laptop` decide; criteria set before the runs.

The read-outs are ours, and chosen for a small network: the mean of a text's states, two texts
apart, states at rest, and minimal pairs. The paper's own, [CLS] through the pooler, is judged
beside them. Each score is the mean of five fine-tunings of one pre-trained network, with the
learning rate that the validation part chose for its task and its start.
"""

from replications.claims import Above, Claim, Difference, Informative, Value
from replications.claims.measures import Average
from replications.papers.gpt1.read_out_claims import beats_constant_answer

_TASKS = ("stsb", "mrpc", "sst2")
_PAIRS = ("stsb", "mrpc")


def _score(task: str, direction: str, read: str) -> Value:
    return Value(f"{task}-{direction}-40m-{read}", "score")


def _lead(tasks: tuple[str, ...], read: str) -> Difference:
    """By how many points the bidirectional network is better."""
    return Difference(
        *(
            Average(tuple(_score(task, direction, read) for task in tasks))
            for direction in ("masked", "causal")
        )
    )


def _masked_over_causal(metric: str) -> Difference:
    return Difference(Value("masked-40m", metric), Value("causal-40m", metric))


_FIVE_TASKS = "higher on all five tasks, by 0.5 (SST-2) to 10.1 (SQuAD) points"

CLAIMS = (
    Claim(
        slug="bidirectional-beats-causal-mean-states",
        statement="Read through the mean of its states, a network that was pre-trained "
        "bidirectionally on masked tokens is fine-tuned to better scores than one with a causal "
        "mask that was pre-trained on next tokens, in the mean of three tasks.",
        source="Devlin et al. 2019, table 5 (No NSP, and LTR & No NSP; five other tasks)",
        paper_value=_FIVE_TASKS,
        measure=_lead(_TASKS, "mean"),
        criterion=Above(0),
        unit="points",
    ),
    *(
        Claim(
            slug=f"bidirectional-beats-causal-mean-states-{task}",
            statement=f"On {name}, read through the mean of its states, the bidirectional network "
            "is better than the causal one.",
            source=f"Devlin et al. 2019, table 5 ({quoted})",
            paper_value=paper_value,
            measure=_lead((task,), "mean"),
            criterion=Above(0),
            role="secondary",
            comparable=task != "mrpc",
            informative=beats_constant_answer("mrpc-masked-40m-mean") if task == "mrpc" else None,
            unit=unit,
        )
        for task, name, quoted, paper_value, unit in (
            ("stsb", "STS-B", "which has no STS-B", "no number", "Pearson's correlation times 100"),
            (
                "mrpc",
                "MRPC",
                "accuracy, where ours is F1",
                {"No NSP": 86.5, "LTR & No NSP": 77.5},
                "points",
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
        slug="bidirectional-beats-causal-cls",
        statement="Through the paper's own read-out, both texts in one sequence, the "
        "bidirectional network is better than the causal one, in the mean of STS-B and MRPC.",
        source="Devlin et al. 2019, table 5 (No NSP, and LTR & No NSP; five other tasks)",
        paper_value=_FIVE_TASKS,
        measure=_lead(_PAIRS, "cls"),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="pre-training-helps-compare-sentences",
        statement="Pre-training on masked tokens makes the comparison of two sentences better than "
        "training from scratch, read through the same mean states.",
        source="Devlin et al. 2019, table 1, by way of a start from scratch, which it has not",
        paper_value="not given",
        measure=Difference(_score("stsb", "masked", "mean"), Value("stsb-scratch-mean", "score")),
        criterion=Above(0),
        unit="Pearson's correlation on STS-B, times 100",
    ),
    Claim(
        slug="bidirectional-states-know-words-better",
        statement="A linear classifier predicts a word's part of speech from the last layer's "
        "states more often correctly where the network is bidirectional: what follows a word is "
        "informative, too.",
        source="Devlin et al. 2019, table 5 (SQuAD, where each token is classified)",
        paper_value={"No NSP": 87.9, "LTR & No NSP": 77.8},
        measure=_masked_over_causal("word_labels:last"),
        criterion=Above(0),
        comparable=False,
        informative=Informative(
            Difference(
                Value("masked-40m", "word_labels:last"), Value("masked-40m", "word_labels_by_form")
            ),
            Above(0),
            "the most frequent part of speech of each word, whatever stands around it",
        ),
        unit="(the paper's F1; ours % of words)",
    ),
    Claim(
        slug="last-layer-beats-embeddings-on-words",
        statement="As frozen features of words, the last layer is better than the embeddings.",
        source="Devlin et al. 2019, table 7 (named entities; F1)",
        paper_value={"last": 94.9, "embeddings": 91.0},
        measure=Difference(
            Value("masked-40m", "word_labels:last"), Value("masked-40m", "word_labels:embeddings")
        ),
        criterion=Above(0),
        comparable=False,
        unit="(the paper's F1; ours % of words)",
    ),
    Claim(
        slug="four-layers-beat-the-last-on-words",
        statement="The last four layers concatenated are better than the last alone.",
        source="Devlin et al. 2019, table 7 (named entities; F1)",
        paper_value={"last four": 96.1, "last": 94.9},
        measure=Difference(
            Value("masked-40m", "word_labels:last_four"), Value("masked-40m", "word_labels:last")
        ),
        criterion=Above(0),
        comparable=False,
        unit="(the paper's F1; ours % of words)",
    ),
    Claim(
        slug="bidirectional-states-compare-sentences",
        statement="Without any labels, the cosine of two sentences' mean states in the last layer "
        "agrees better with human judgements of similarity where the network is bidirectional.",
        source="Devlin et al. 2019, table 5, by way of states that no task has trained; ours",
        paper_value="no number",
        measure=_masked_over_causal("cosine:layer4"),
        criterion=Above(0),
        informative=Informative(
            Value("masked-40m", "cosine:layer4"),
            Above(59),
            "an untrained network, in which sentences that share words have like means",
        ),
        unit="Pearson's correlation on STS-B, times 100",
    ),
    Claim(
        slug="bidirectional-knows-grammar-better",
        statement="By pseudo-log-likelihood the bidirectional network prefers the grammatical "
        "sentence of a minimal pair more often than the causal one by its log-likelihood.",
        source="Devlin et al. 2019, table 5, by way of BLiMP; ours, after Salazar et al. 2020",
        paper_value="no number",
        measure=_masked_over_causal("blimp_accuracy"),
        criterion=Above(0),
        unit="% of BLiMP's pairs",
    ),
    *(
        Claim(
            slug=f"{direction}-has-the-lengths-that-suit-it",
            statement=f"With a tenth of the tokens, the {words} has a lower loss where "
            f"sequences {suits} than where they {other}.",
            source="Devlin et al. 2019, table 5: the lengths of either direction are ours",
            paper_value="not given",
            measure=Difference(
                Value(f"{direction}-{worse}", "masked_nll"),
                Value(f"{direction}-{better}", "masked_nll"),
            ),
            criterion=Above(0),
            role="control",
            unit="nats per target",
        )
        for direction, words, better, worse, suits, other in (
            (
                "masked",
                "bidirectional network",
                "growing",
                "constant",
                "grow",
                "are long throughout",
            ),
            ("causal", "causal network", "constant", "growing", "are long throughout", "grow"),
        )
    ),
)
