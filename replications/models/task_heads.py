"""Heads: the small networks that compute a task's outputs from the states of a body."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from replications.layers.output import tied


class MaskedLanguage(nn.Module):
    """The logits of masked tokens: a dense layer, then the embedding as output layer.

    Source: Devlin et al. 2019, section 3.1, task 1, "fed into an output softmax over the
    vocabulary". The layer, its norm and the bias are from the code beside the paper
    (google-research/bert, run_pretraining.py).
    """

    def __init__(
        self,
        embedding: nn.Embedding,
        *,
        activation: Callable[[], nn.Module],
        norm: Callable[[int], nn.Module],
    ) -> None:
        super().__init__()
        d_model = embedding.embedding_dim
        self.dense, self.activation, self.norm = (
            nn.Linear(d_model, d_model),
            activation(),
            norm(d_model),
        )
        self.output = tied(embedding)
        self.bias = nn.Parameter(torch.zeros(embedding.num_embeddings))

    def forward(self, states: Float[Tensor, "*places d"]) -> Float[Tensor, "*places vocabulary"]:
        states = self.norm(self.activation(self.dense(states)))
        # One product with its bias: a sum of its own would write all logits again, in float32.
        return functional.linear(states, self.output.weight, self.bias)


class Pooler(nn.Module):
    """tanh(W h + b) of the first token's state, which represents the whole text.

    Source: Devlin et al. 2019, section 3.1 (the vector C); the layer and its tanh are from the
    code beside the paper (google-research/bert, modeling.py).
    """

    def __init__(self, d_model: int) -> None:
        super().__init__()
        self.dense = nn.Linear(d_model, d_model)

    def forward(self, states: Float[Tensor, "batch time d"]) -> Float[Tensor, "batch d"]:
        return self.dense(states[:, 0]).tanh()


class NextSentence(nn.Module):
    """Two logits for each text: that its second sentence follows the first, and that it does not.

    Source: Devlin et al. 2019, section 3.1, task 2. A text classifier that is fine-tuned later
    starts from the same `pooler`.
    """

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        self.pooler = Pooler(embedding.embedding_dim)
        self.classify = nn.Linear(embedding.embedding_dim, 2)

    def forward(self, states: Float[Tensor, "batch time d"]) -> Float[Tensor, "batch two"]:
        return self.classify(self.pooler(states))
