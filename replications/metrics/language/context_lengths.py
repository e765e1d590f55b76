"""Bits per byte of a language model by its context length."""

from replications.metrics.language.text_likelihood import text_likelihood


def likelihood_by_context(
    objective: object, data: object, *, contexts: tuple[int, ...], part: str = "test"
) -> dict[str, float]:
    """`context_bits_per_byte:<n>` with windows of n tokens, also longer ones than were trained on.

    Source: Press et al. 2022 (arXiv:2108.12409), section 2.2, for the question, and for windows
    without overlap ("nonoverlapping inference").
    """
    texts = getattr(data.text, part)
    return {
        f"context_bits_per_byte:{length}": text_likelihood(
            objective.model, data.vocabulary, texts, length=length
        ).bits_per_byte
        for length in contexts
    }
