"""Features of a text from the states of a trained network, without fine-tuning."""

import torch
from einops import rearrange
from jaxtyping import Int
from torch import Tensor, nn

from replications.models.mean_state import inputs_of, mean_over, real_tokens
from replications.models.text_classifier import Read


class FrozenFeatures(nn.Module):
    """The mean over a sequence's tokens of the states of some layers, concatenated.

    Source: Devlin et al. 2019, section 5.3: features are the states of one or more layers, "without
    fine-tuning any parameters". Layer 0 is the embedded tokens; -1 is the last layer.

    Departure: the paper's features go token by token into a two-layer BiLSTM; their mean over the
    sequence, special tokens included and padding not, leaves a classifier of one linear layer.

    The network's weights are never updated, and its dropout is off. Raises ValueError where no
    layer is given.
    """

    def __init__(self, body: nn.Module, *, layers: tuple[int, ...]) -> None:
        super().__init__()
        if not layers:
            raise ValueError("there is no layer to read: give at least one")
        self.body, self.layers = body.requires_grad_(False).eval(), layers
        self.width = len(layers) * body.embedding.embedding_dim

    def train(self, mode: bool = True) -> "FrozenFeatures":
        """The network itself stays in evaluation mode, without dropout."""
        super().train(mode)
        self.body.eval()
        return self

    def forward(
        self,
        ids: Int[Tensor, "sequence time"],
        segments: Int[Tensor, "sequence time"],
        positions: Int[Tensor, " sequence"],
    ) -> Read:
        with torch.no_grad():
            states = self.body.states(*inputs_of(self.body, ids, segments))
        means = mean_over(states[:, list(self.layers)], real_tokens(self.body, ids, positions))
        return Read(rearrange(means, "sequence layer d -> sequence (layer d)"), states[:, -1])
