"""Mean pooling: the mean of a sequence's states represents a text."""

import torch
from einops import rearrange, reduce
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from replications.models.text_classifier import Read


class MeanState(nn.Module):
    """Represents a sequence by the mean over its tokens of the last layer's states.

    Source: Reimers and Gurevych 2019 (arXiv:1908.10084), section 3, "MEAN-strategy". For a network
    trained to predict tokens alone: no state of its own represents a whole text, as that of [CLS]
    does after next-sentence prediction. Special tokens count, padding does not (`real_tokens`).
    """

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body, self.width = body, body.embedding.embedding_dim

    def forward(
        self,
        ids: Int[Tensor, "sequence time"],
        segments: Int[Tensor, "sequence time"],
        places: Int[Tensor, " sequence"],
    ) -> Read:
        states = self.body.hidden(*inputs_of(self.body, ids, segments))
        return Read(mean_over(states, real_tokens(self.body, ids, places)), states)


def inputs_of(body: nn.Module, ids: Tensor, segments: Tensor) -> tuple[Tensor, ...]:
    """The inputs of the body: segments only where it has embeddings for them."""
    return (ids, segments) if hasattr(body, "segments") else (ids,)


def real_tokens(
    body: nn.Module, ids: Int[Tensor, "sequence time"], places: Int[Tensor, " sequence"]
) -> Bool[Tensor, "sequence time"]:
    """The padding mask: True for tokens, False for padding.

    It follows from the body's `padding` id. For a body without one, `places` are to be the
    sequences' last positions, as in_reading_order and each_text_alone have them.
    """
    if hasattr(body, "padding"):
        return ids != body.padding
    return torch.arange(ids.shape[1], device=ids.device) <= places[:, None]


def mean_over(
    states: Float[Tensor, "sequence *layer time d"], real: Bool[Tensor, "sequence time"]
) -> Float[Tensor, "sequence *layer d"]:
    """The mean over the real tokens, summed in single precision whatever that of the states."""
    counted = real.float()
    if states.dim() == 4:
        counted = rearrange(counted, "sequence time -> sequence 1 time")
    summed = reduce(
        states.float() * counted[..., None], "sequence ... time d -> sequence ... d", "sum"
    )
    return (summed / counted.sum(-1, keepdim=True)).to(states.dtype)
