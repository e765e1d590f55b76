"""Output layers: from the last state to a logit for each token of the vocabulary."""

from torch import nn


def tied(embedding: nn.Embedding) -> nn.Linear:
    """The embedding matrix as output layer: a logit is a state's product with a token's vector.

    Source: Press and Wolf 2017, "Using the Output Embedding to Improve Language Models".
    """
    # On the meta device, so that no weights are drawn for a matrix that is replaced.
    output = nn.Linear(embedding.embedding_dim, embedding.num_embeddings, bias=False, device="meta")
    output.weight = embedding.weight
    return output


def untied(embedding: nn.Embedding) -> nn.Linear:
    """A matrix of its own. Source: the code beside Touvron et al. 2023 (meta-llama/llama)."""
    return nn.Linear(embedding.embedding_dim, embedding.num_embeddings, bias=False)
