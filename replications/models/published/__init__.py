"""Published weights of GPT-1, GPT-2, BERT and LLaMA, loaded into this package's own networks."""

from replications.models.published.loading import from_pretrained

__all__ = ["from_pretrained"]
