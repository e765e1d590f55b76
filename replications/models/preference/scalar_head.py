"""A decoder with a scalar output at each position: a reward model, or a value function."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.models.decoder_only import DecoderOnly


class ScalarHead(nn.Module):
    """A decoder with a linear head of one output in place of the vocabulary.

    Source: Stiennon et al. 2020, section 3.4 (a randomly initialised linear head that outputs a
    scalar); its weights are drawn with the standard deviation 1 / sqrt(d + 1), as in their code
    (openai/summarize-from-feedback). Its output is shifted and scaled by `mean` and `std`, which
    `standardise` sets.
    """

    def __init__(self, body: DecoderOnly) -> None:
        super().__init__()
        d_model = body.embedding.embedding_dim
        self.body, self.head = body, nn.Linear(d_model, 1)
        nn.init.normal_(self.head.weight, std=(d_model + 1) ** -0.5)
        nn.init.zeros_(self.head.bias)
        # Buffers, so that they are kept with the weights.
        self.register_buffer("mean", torch.zeros(()))
        self.register_buffer("std", torch.ones(()))

    @property
    def vocabulary(self) -> int:
        """The size of the vocabulary."""
        return self.body.embedding.num_embeddings

    def forward(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time"]:
        """The scalar at each position, for the text up to it."""
        return (self.head(self.body.hidden(ids))[..., 0] - self.mean) / self.std

    def at(
        self, ids: Int[Tensor, "batch time"], last: Int[Tensor, " batch"]
    ) -> Float[Tensor, " batch"]:
        """The scalar at each sequence's last token, for the whole text."""
        return self(ids).gather(1, last[:, None])[:, 0]

    @torch.no_grad()
    def standardise(self, rewards: Float[Tensor, " text"]) -> None:
        """Rescale outputs so that these rewards, of the model as it is, get mean 0 and std 1.

        Source: Ziegler et al. 2019, section 2.2 (mean 0 and variance 1 on the reference's samples).
        """
        self.mean += rewards.mean() * self.std
        self.std *= rewards.std().clamp(min=1e-6)
