"""The claims of the chapter on sequence to sequence, and criteria set before the runs."""

from replications.claims import (
    Above,
    Average,
    Below,
    Between,
    Claim,
    Difference,
    Ratio,
    Tuned,
    Value,
)

LONGEST = "21+"

CLAIMS = (
    Claim(
        slug="reversing-lowers-perplexity",
        statement="With the source's words reversed, the test perplexity is lower.",
        source="Sutskever et al. 2014, section 3.3",
        paper_value={"reversed": 4.7, "as written": 5.8},
        measure=Ratio(Value("seq2seq", "perplexity"), Value("forward", "perplexity")),
        criterion=Below(1),
        unit="(the paper's perplexity; ours ratio of perplexities)",
        role="secondary",
    ),
    Claim(
        slug="reversing-raises-bleu",
        statement="With the source's words reversed, BLEU is higher.",
        source="Sutskever et al. 2014, table 1 (one LSTM, beam 12)",
        paper_value={"reversed": 30.59, "as written": 26.17},
        measure=Difference(Value("seq2seq", "bleu"), Value("forward", "bleu")),
        criterion=Above(0),
        unit="BLEU",
        role="secondary",
    ),
    Claim(
        slug="reversing-helps-long-sentences",
        statement="Reversing helps long sentences too: where the source has more than 20 words, "
        "the loss is lower.",
        source="Sutskever et al. 2014, section 3.3, in words",
        paper_value="much better on long sentences",
        measure=Difference(Value("forward", f"nll:{LONGEST}"), Value("seq2seq", f"nll:{LONGEST}")),
        criterion=Above(0),
        unit="nats per token",
        role="secondary",
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
        role="secondary",
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
        role="secondary",
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
        "error is below 0.005, an eighth of that of a constant prediction.",
        source="Hochreiter and Schmidhuber 1997, table 7 (T = 100); the bound is ours",
        paper_value="1 of 2,560 sequences wrong",
        measure=Value("adding-1997", "mse"),
        criterion=Below(0.005),
        unit="squared error",
    ),
    Claim(
        slug="a-plain-network-does-not",
        statement="A vanilla recurrent network stays near the best constant prediction, above "
        "0.03.",
        source="Hochreiter and Schmidhuber 1997, section 5.4, in words; the bound is ours",
        paper_value="other methods fail",
        measure=Value("adding-vanilla", "mse"),
        criterion=Above(0.03),
        unit="squared error",
        role="secondary",
    ),
    # The second edition's: the same questions to a model that is as well tuned as chapter 4's.
    Claim(
        slug="tuned-sound-baseline",
        statement="The tuned LSTM translates as well as a recurrent model without attention "
        "should: 26 BLEU on the test part of 2016.",
        source="Sutskever et al. 2014, table 1, has none for these texts; the bound is ours: the "
        "encoder-decoder of chapter 4 has 28",
        paper_value="no number: the paper translates other texts",
        measure=Value("tuned-one-layer", "bleu"),
        criterion=Above(26),
        role="control",
        unit="BLEU",
    ),
    Claim(
        slug="tuned-reversing-lowers-perplexity",
        statement="In the tuned LSTM, too, the test perplexity is lower with the source's words "
        "reversed.",
        source="Sutskever et al. 2014, section 3.3",
        paper_value={"reversed": 4.7, "as written": 5.8},
        measure=Ratio(Value("tuned-one-layer", "perplexity"), Value("tuned-forward", "perplexity")),
        criterion=Below(1),
        unit="(the paper's perplexity; ours ratio of perplexities)",
    ),
    Claim(
        slug="tuned-reversing-raises-bleu",
        statement="In the tuned LSTM, BLEU is higher with the source's words reversed.",
        source="Sutskever et al. 2014, table 1 (one LSTM, beam 12)",
        paper_value={"reversed": 30.59, "as written": 26.17},
        measure=Difference(Value("tuned-one-layer", "bleu"), Value("tuned-forward", "bleu")),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="tuned-reversing-helps-long-sentences",
        statement="In the tuned LSTM, where the source has more than 20 words, reversing lowers "
        "the loss.",
        source="Sutskever et al. 2014, section 3.3, in words",
        paper_value="much better on long sentences",
        measure=Difference(
            Value("tuned-forward", f"nll:{LONGEST}"), Value("tuned-one-layer", f"nll:{LONGEST}")
        ),
        criterion=Above(0),
        unit="nats per token",
    ),
    Claim(
        slug="tuned-long-sentences-do-not-suffer",
        statement="BLEU of the tuned LSTM falls by less than one point for ten more source words.",
        source="Sutskever et al. 2014, section 3.7 and figure 3, a plot without numbers; the bound "
        "is ours",
        paper_value="no degradation below 35 words",
        measure=Value("tuned-one-layer", "bleu_slope"),
        criterion=Above(-1),
        unit="BLEU per 10 words",
    ),
    Claim(
        slug="tuned-depth-lowers-perplexity",
        statement="In the tuned LSTM, two layers with a learning rate of their own have a lower "
        "perplexity than one.",
        source="Sutskever et al. 2014, section 3.4: nearly 10 % for each layer",
        paper_value={"ratio, about": 0.9},
        measure=Ratio(
            Value("tuned-two-layers", "perplexity"), Value("tuned-one-layer", "perplexity")
        ),
        criterion=Below(1),
        unit="ratio of perplexities",
    ),
    Claim(
        slug="tuned-a-beam-of-two-suffices",
        statement="A beam of 2 is nearer to one of 12 than to greedy search: above the middle of "
        "their BLEU.",
        source="Sutskever et al. 2014, table 1 (five LSTMs: 33.00, 34.50, 34.81: 0.6 above the "
        "middle)",
        paper_value={"beam 2": 34.50, "middle": 33.905},
        measure=Difference(
            Value("tuned-one-layer", "bleu_beam2"),
            Average(
                (Value("tuned-one-layer", "bleu_beam1"), Value("tuned-one-layer", "bleu_beam12"))
            ),
        ),
        criterion=Above(0),
        unit="BLEU",
    ),
    Claim(
        slug="shut-input-gates-keep-the-cell",
        statement="With input gates that start almost shut, as in 1997, today's LSTM solves the "
        "adding problem, which it does not without.",
        source="Hochreiter and Schmidhuber 1997, section 4, in words: the internal state drifts "
        "unless the input gates are biased towards zero at first; the bound is ours, half of the "
        "error of a constant prediction",
        paper_value="a remedy for the drift of the internal state",
        measure=Difference(Value("adding-lstm", "mse"), Value("adding-lstm-shut", "mse")),
        criterion=Above(0.02),
        unit="squared error",
    ),
    Claim(
        slug="a-vanilla-network-fails-at-every-rate",
        statement="A vanilla recurrent network stays near the best constant prediction, above "
        "0.03, at the best of three learning rates.",
        source="Hochreiter and Schmidhuber 1997, section 5.4, in words; the bound is ours",
        paper_value="other methods fail",
        measure=Tuned(
            ("adding-vanilla", "adding-vanilla-rate0.001", "adding-vanilla-rate0.02"),
            "mse",
            "loss",
        ),
        criterion=Above(0.03),
        unit="squared error",
    ),
)
