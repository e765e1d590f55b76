"""Claims on the main model at its best epoch; criteria set before its first run."""

from replications.claims import Above, Claim, Value
from replications.papers.seq2seq import claims

_tuned = next(claim for claim in claims.CLAIMS if claim.slug == "tuned-sound-baseline")

CLAIMS = (
    Claim(
        slug="careful-sound-baseline",
        statement="Trained for 40 epochs, the best by validation kept, the LSTM translates as "
        "well as a recurrent model without attention should: 26 BLEU on the test part of 2016.",
        source=_tuned.source,
        paper_value=_tuned.paper_value,
        measure=Value("careful-one-layer", "bleu"),
        criterion=Above(26),
        role="control",
        unit="BLEU",
    ),
)
