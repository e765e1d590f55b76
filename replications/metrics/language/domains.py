"""The likelihood of texts of domains that a language model was not trained on."""

import math

from replications.metrics.language.text_likelihood import text_likelihood


def domain_likelihood(
    objective: object, data: object, *, domains: tuple[str, ...]
) -> dict[str, float]:
    """`bits_per_byte:<domain>` and `word_perplexity:<domain>` of the eval sets.

    Both are independent of the tokenizer: the nats of all tokens are divided by the bytes of the
    text, or by its whitespace-separated words, and the perplexity is the exponential of that mean.
    Source: Radford et al. 2019, section 3.1, "the average negative log probability per canonical
    prediction unit".
    """
    numbers = {}
    for domain in domains:
        texts = data.eval_sets[domain].texts
        found = text_likelihood(
            objective.model, data.vocabulary, texts, length=data.length, sequences_per_batch=16
        )
        words = sum(len(text.split()) for text in texts)
        numbers[f"bits_per_byte:{domain}"] = found.bits_per_byte
        numbers[f"word_perplexity:{domain}"] = math.exp(found.nats / words)
    return numbers
