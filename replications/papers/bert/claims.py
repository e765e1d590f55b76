"""The claims of the chapter on BERT, and criteria set before the runs."""

from replications.claims import (
    Above,
    Between,
    Claim,
    Difference,
    Informative,
    Value,
    half_in_nats,
)
from replications.claims.measures import Average
from replications.papers.gpt1.recipes import TASKS


def _score(task: str, variant: str, metric: str = "score") -> Value:
    return Value(f"{task}-{variant}", metric)


def _average(variant: str, tasks: tuple[str, ...] = tuple(TASKS)) -> Average:
    return Average(tuple(_score(task, variant) for task in tasks))


def _bidirectional_first(tasks: tuple[str, ...] = tuple(TASKS), trained: str = "") -> Difference:
    """By how many points the bidirectional network is better, without next sentences in both."""
    return Difference(_average(f"no-nsp{trained}", tasks), _average(f"causal{trained}", tasks))


_TWO = ("sst2", "stsb")

CLAIMS = (
    Claim(
        slug="bidirectional-beats-left-to-right",
        statement="Pre-trained on masked tokens, a bidirectional network is fine-tuned to better "
        "scores than a causal one that is pre-trained on next tokens, in the mean of five tasks.",
        source="Devlin et al. 2019, table 5 (No NSP, and LTR & No NSP; five other tasks)",
        paper_value="higher on all five tasks, by 0.5 (SST-2) to 10.1 (SQuAD) points",
        measure=_bidirectional_first(),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="bidirectional-beats-left-to-right-mrpc",
        statement="A bidirectional network is better than a causal one on MRPC: are two sentences "
        "paraphrases?",
        source="Devlin et al. 2019, table 5 (accuracy)",
        paper_value={"No NSP": 86.5, "LTR & No NSP": 77.5},
        measure=Difference(
            *(_score("mrpc", variant, "accuracy") for variant in ("no-nsp", "causal"))
        ),
        criterion=Above(0),
        role="secondary",
        informative=Informative(
            Difference(_score("mrpc", "no-nsp", "accuracy"), Value("mrpc-majority", "accuracy")),
            Above(0),
            "always saying that they do",
        ),
        unit="% right",
    ),
    Claim(
        slug="bidirectional-beats-left-to-right-sst2",
        statement="A bidirectional network is better than a causal one on SST-2: is a phrase of a "
        "film review positive?",
        source="Devlin et al. 2019, table 5",
        paper_value={"No NSP": 92.6, "LTR & No NSP": 92.1},
        measure=Difference(_score("sst2", "no-nsp"), _score("sst2", "causal")),
        criterion=Above(0),
        role="secondary",
        unit="% right",
    ),
    Claim(
        slug="next-sentence-helps",
        statement="Next-sentence prediction as well makes the mean of five tasks better.",
        source="Devlin et al. 2019, table 5 (BERT base, and No NSP; five other tasks)",
        paper_value="higher on all five tasks, by 0.1 (SST-2) to 3.5 (QNLI) points",
        measure=Difference(_average("bert"), _average("no-nsp")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="bert-beats-gpt",
        statement="BERT is better than GPT-1 of the same size, from the same books, in the mean "
        "of five tasks.",
        source="Devlin et al. 2019, table 1 (average over eight tasks of GLUE)",
        paper_value={"BERT base": 79.6, "GPT": 75.1},
        measure=Difference(_average("bert"), _average("pretrained")),
        criterion=Above(0),
        unit="points",
    ),
    Claim(
        slug="two-layers-predict-better-than-one",
        statement="Two layers predict masked tokens better than a single one.",
        source="Devlin et al. 2019, table 6 (perplexity of 3 and 6 layers, d = 768, 12 heads)",
        paper_value={"3 layers": 5.84, "6 layers": 4.68},
        measure=Difference(Value("layers-1", "masked_nll"), Value("layers-2", "masked_nll")),
        criterion=Above(0),
        smallest=half_in_nats(5.84, 4.68),
        unit="(the paper's perplexity; ours nats per token)",
    ),
    Claim(
        slug="four-layers-predict-better-than-two",
        statement="Four layers predict masked tokens better than two.",
        source="Devlin et al. 2019, table 6 (perplexity of 6 and 12 layers, d = 768, 12 heads)",
        paper_value={"6 layers": 4.68, "12 layers": 3.99},
        measure=Difference(Value("layers-2", "masked_nll"), Value("bert", "masked_nll")),
        criterion=Above(0),
        smallest=half_in_nats(4.68, 3.99),
        unit="(the paper's perplexity; ours nats per token)",
    ),
    Claim(
        slug="left-to-right-leads-early",
        statement="After little pre-training (ours: a tenth) the causal network is fine-tuned to "
        "the better scores.",
        source="Devlin et al. 2019, figure 5, read off (MNLI, after 30,000 of 1,000,000 updates)",
        paper_value={"left to right": 79.4, "masked": 78.6},
        measure=Difference(_average("causal-short", _TWO), _average("no-nsp-short", _TWO)),
        criterion=Above(0),
        comparable=False,
        unit="points",
    ),
    Claim(
        slug="masked-gains-more-from-training",
        statement="From a tenth of pre-training to its end, the bidirectional network gains more "
        "than the causal one.",
        source="Devlin et al. 2019, figure 5, read off (MNLI, lead of the masked network)",
        paper_value={"lead at the end": 2.2, "after 30,000 updates": -0.8},
        measure=Difference(_bidirectional_first(_TWO), _bidirectional_first(_TWO, "-short")),
        criterion=Above(0),
        comparable=False,
        unit="points",
    ),
    Claim(
        slug="always-masking-hurts-features",
        statement="Where all targets are replaced by [MASK], frozen features are worse.",
        source="Devlin et al. 2019, table 8 (named entities, feature-based; F1)",
        paper_value={"80/10/10": 94.9, "100/0/0": 94.0},
        measure=Difference(_score("sst2", "features-all"), _score("sst2", "features-all-masked")),
        criterion=Above(0),
        comparable=False,
        unit="points",
    ),
    Claim(
        slug="fine-tuning-forgives-masking",
        statement="After fine-tuning, replacing all targets by [MASK] makes a difference of at "
        "most two points.",
        source="Devlin et al. 2019, table 8 (MNLI, fine-tuned); the margin is ours",
        paper_value={"80/10/10": 84.2, "100/0/0": 84.3},
        measure=Difference(_score("sst2", "bert"), _score("sst2", "all-masked")),
        criterion=Between(-2, 2),
        unit="% right",
    ),
    Claim(
        slug="four-layers-of-features-beat-embeddings",
        statement="As frozen features, the last four layers concatenated are better than the "
        "embeddings.",
        source="Devlin et al. 2019, table 7 (named entities; F1)",
        paper_value={"last four": 96.1, "embeddings": 91.0},
        measure=Difference(_score("sst2", "features-all"), _score("sst2", "features-embeddings")),
        criterion=Above(0),
        comparable=False,
        paired=True,
        unit="points",
    ),
    Claim(
        slug="best-on-every-task",
        statement="BERT is better than all earlier systems on every task of GLUE, and on SQuAD.",
        source="Devlin et al. 2019, tables 1 and 2",
        paper_value={"GLUE, BERT large": 82.1, "GLUE, GPT": 75.1},
        not_testable="That took 110 to 340 million parameters and 3.3 billion words; ours has two "
        "million and is trained on six million tokens.",
        unit="points",
    ),
)
