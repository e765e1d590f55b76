"""The claims of the chapter on sequence to sequence judged at tier `gpu`; set before the runs."""

from replications.claims import Above, Claim, Difference, Value, at_gpu
from replications.claims.measures import Average
from replications.papers.seq2seq.claims import CLAIMS as LAPTOP

_laptop = {claim.slug: claim for claim in LAPTOP}

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
    at_gpu(
        _laptop["reversing-lowers-perplexity"],
        statement="With the source's words reversed, the test perplexity is lower, in a model that "
        "was trained until validation was best.",
    ),
    at_gpu(_laptop["reversing-raises-bleu"]),
    at_gpu(
        _laptop["reversing-helps-long-sentences"],
        statement="Where the source has more than 20 words, reversing lowers the loss.",
    ),
    at_gpu(_laptop["long-sentences-do-not-suffer"]),
    at_gpu(_laptop["depth-lowers-perplexity"]),
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
