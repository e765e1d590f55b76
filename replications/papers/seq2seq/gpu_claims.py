"""The claims of the chapter on sequence to sequence judged at tier `gpu`; set before the runs."""

from replications.claims import Above, Below, Between, Claim, Difference, Ratio, Value
from replications.claims.measures import Average
from replications.papers.seq2seq.claims import LONGEST

CLAIMS = (
    Claim(
        slug="gpu-sound-baseline",
        statement="The main model translates as well as a recurrent one without attention should: "
        "28 BLEU on the test part of 2016.",
        source="Sutskever et al. 2014, table 1, has none for these texts; the bound is what the "
        "encoder-decoder of chapter 4 reached on a laptop",
        paper_value="no number: the paper translates other texts",
        measure=Value("seq2seq", "bleu"),
        criterion=Above(28),
        role="control",
        unit="BLEU",
        tier="gpu",
    ),
    Claim(
        slug="gpu-reversing-lowers-perplexity",
        statement="With the source's words reversed, the test perplexity is lower, in a model that "
        "was trained until validation was best.",
        source="Sutskever et al. 2014, section 3.3",
        paper_value={"reversed": 4.7, "as written": 5.8},
        measure=Ratio(Value("seq2seq", "perplexity"), Value("forward", "perplexity")),
        criterion=Below(1),
        unit="ratio of perplexities",
        tier="gpu",
    ),
    Claim(
        slug="gpu-reversing-raises-bleu",
        statement="With the source's words reversed, BLEU is higher.",
        source="Sutskever et al. 2014, table 1 (one LSTM, beam 12)",
        paper_value={"reversed": 30.59, "as written": 26.17},
        measure=Difference(Value("seq2seq", "bleu"), Value("forward", "bleu")),
        criterion=Above(0),
        unit="BLEU",
        tier="gpu",
    ),
    Claim(
        slug="gpu-reversing-helps-long-sentences",
        statement="Where the source has more than 20 words, reversing makes the likelihood better.",
        source="Sutskever et al. 2014, section 3.3, in words",
        paper_value="much better on long sentences",
        measure=Difference(Value("forward", f"nll:{LONGEST}"), Value("seq2seq", f"nll:{LONGEST}")),
        criterion=Above(0),
        unit="nats per token",
        tier="gpu",
    ),
    Claim(
        slug="gpu-long-sentences-do-not-suffer",
        statement="BLEU falls by less than one point for ten more source words.",
        source="Sutskever et al. 2014, section 3.7 and figure 3, a plot without numbers; the bound "
        "is ours",
        paper_value="no degradation below 35 words",
        measure=Value("seq2seq", "bleu_slope"),
        criterion=Above(-1),
        unit="BLEU per 10 words",
        tier="gpu",
    ),
    Claim(
        slug="gpu-depth-lowers-perplexity",
        statement="A second layer lowers the perplexity, by up to 15 %.",
        source="Sutskever et al. 2014, section 3.4: nearly 10 % for each layer",
        paper_value={"ratio, about": 0.9},
        measure=Ratio(Value("seq2seq", "perplexity"), Value("one-layer", "perplexity")),
        criterion=Between(0.85, 0.999),
        unit="ratio of perplexities",
        tier="gpu",
    ),
    Claim(
        slug="gpu-a-beam-of-two-suffices",
        statement="A beam of 2 is nearer to one of 12 than to greedy search: above the middle of "
        "their BLEU.",
        source="Sutskever et al. 2014, table 1 (five LSTMs: 33.00, 34.50, 34.81: 0.6 above the "
        "middle)",
        paper_value={"beam 2": 34.50, "middle": 33.905},
        measure=Difference(
            Value("seq2seq", "bleu_beam2"),
            Average((Value("seq2seq", "bleu_beam1"), Value("seq2seq", "bleu_beam12"))),
        ),
        criterion=Above(0),
        unit="BLEU",
        tier="gpu",
    ),
)
