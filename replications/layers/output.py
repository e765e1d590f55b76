"""From the last state to a logit for each token of the vocabulary."""

from torch import nn


def tied(embedding: nn.Embedding) -> nn.Linear:
    """The matrix that embeds the tokens, used once more: a logit is a state's product with a token.

    Source: Press and Wolf 2017, "Using the Output Embedding to Improve Language Models".
    """
    # Made on no device, so that nothing is drawn for a matrix that is thrown away.
    output = nn.Linear(embedding.embedding_dim, embedding.num_embeddings, bias=False, device="meta")
    output.weight = embedding.weight
    return output


def untied(embedding: nn.Embedding) -> nn.Linear:
    """A matrix of its own. Source: the code beside Touvron et al. 2023 (meta-llama/llama)."""
    return nn.Linear(embedding.embedding_dim, embedding.num_embeddings, bias=False)
