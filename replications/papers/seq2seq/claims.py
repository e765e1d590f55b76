"""The claims of the chapter on sequence to sequence, and criteria set before the runs."""

from replications.claims import Above, Below, Between, Claim, Difference, Ratio, Value

LONGEST = "21+"

CLAIMS = (
    Claim(
        slug="reversing-lowers-perplexity",
        statement="With the source's words reversed, the test perplexity is lower.",
        source="Sutskever et al. 2014, section 3.3",
        paper_value={"reversed": 4.7, "as written": 5.8},
        measure=Ratio(Value("seq2seq", "perplexity"), Value("forward", "perplexity")),
        criterion=Below(1),
        unit="ratio of perplexities",
    ),
    Claim(
        slug="reversing-raises-bleu",
        statement="With the source's words reversed, BLEU is higher.",
        source="Sutskever et al. 2014, table 1 (one LSTM, beam 12)",
        paper_value={"reversed": 30.59, "as written": 26.17},
        measure=Difference(Value("seq2seq", "bleu"), Value("forward", "bleu")),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="reversing-helps-long-sentences",
        statement="Reversing helps long sentences too: where the source has more than 20 words, "
        "the likelihood is better.",
        source="Sutskever et al. 2014, section 3.3, in words",
        paper_value="much better on long sentences",
        measure=Difference(Value("forward", f"nll:{LONGEST}"), Value("seq2seq", f"nll:{LONGEST}")),
        criterion=Above(0),
        unit="nats per token",
    ),
    Claim(
        slug="long-sentences-do-not-suffer",
        statement="BLEU falls by less than one point for ten more source words.",
        source="Sutskever et al. 2014, section 3.7 and figure 3, a plot without numbers; the bound "
        "is ours",
        paper_value="no degradation below 35 words",
        measure=Value("seq2seq", "bleu_slope"),
        criterion=Above(-1),
        unit="BLEU per 10 words",
    ),
    Claim(
        slug="depth-lowers-perplexity",
        statement="A second layer lowers the perplexity, by up to 15 %.",
        source="Sutskever et al. 2014, section 3.4: nearly 10 % for each layer",
        paper_value={"ratio, about": 0.9},
        measure=Ratio(Value("seq2seq", "perplexity"), Value("one-layer", "perplexity")),
        criterion=Between(0.85, 0.999),
        unit="ratio of perplexities",
    ),
    Claim(
        slug="a-beam-of-two-suffices",
        statement="A beam of 2 gives at least half of what a beam of 12 gains over greedy search.",
        source="Sutskever et al. 2014, table 1 (five LSTMs: 33.00, 34.50, 34.81)",
        paper_value={"share": 0.83},
        measure=Ratio(
            Difference(Value("seq2seq", "bleu_beam2"), Value("seq2seq", "bleu_beam1")),
            Difference(Value("seq2seq", "bleu_beam12"), Value("seq2seq", "bleu_beam1")),
        ),
        criterion=Above(0.5),
        unit="share of the gain",
    ),
    Claim(
        slug="an-ensemble-beats-its-members",
        statement="Five LSTMs together translate better than one.",
        source="Sutskever et al. 2014, table 1",
        paper_value={"five": 34.81, "one": 30.59},
        measure=None,
        criterion=None,
        unit="BLEU",
        not_testable="A record is one model from one seed; five models in one would take five "
        "times as long as any other run here.",
    ),
    Claim(
        slug="lstm-solves-the-adding-problem",
        statement="The LSTM of 1997 adds two numbers across 50 steps and more: its mean squared "
        "error is below 0.005, an eighth of that of a constant guess.",
        source="Hochreiter and Schmidhuber 1997, table 7 (T = 100); the bound is ours",
        paper_value="1 of 2,560 sequences wrong",
        measure=Value("adding-1997", "mse"),
        criterion=Below(0.005),
        unit="squared error",
    ),
    Claim(
        slug="a-plain-network-does-not",
        statement="A plain recurrent network stays near the constant guess, above 0.03.",
        source="Hochreiter and Schmidhuber 1997, section 5.4, in words; the bound is ours",
        paper_value="other methods fail",
        measure=Value("adding-vanilla", "mse"),
        criterion=Above(0.03),
        unit="squared error",
    ),
)
