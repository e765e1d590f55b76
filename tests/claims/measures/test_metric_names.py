import pytest

from replications.claims.measures.metric_names import metric_name
from replications.papers import PAPERS


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("nll", "nats per token"),
        ("joined:bleu", "BLEU on joined captions"),
        ("bleu_beam12", "BLEU with a beam of 12"),
        ("nll:21+", "nats per token of sentences of 21 words and more"),
        ("in_context_held_out:8", "accuracy on held-out families at K = 8"),
        ("paper:two_digit_addition:4", "two digit addition at K = 4"),
        ("score", "score"),
    ],
)
def test_a_metric_is_named_in_words(metric, words):
    assert metric_name(metric) == words


@pytest.mark.parametrize("slug", PAPERS)
def test_no_criterion_shows_a_reader_the_key_of_a_record(slug):
    said = [str(claim.measure) for claim in PAPERS[slug].CLAIMS if claim.measure is not None]
    assert [text for text in said if "_" in text or ":" in text] == []
