"""Binary classification of a whole sequence, with the gated attention of the Evoformer."""

import torch
from einops import rearrange
from jaxtyping import Float, Int64
from torch import Tensor, nn

from replications.layers.evoformer.gated_attention import GatedSelfAttention
from replications.layers.evoformer.transition import Transition

_FARTHEST = 32


class SequenceClassifier(nn.Module):
    """Row attention of the Evoformer over one sequence, whose bias is of the positions alone.

    Letters are embedded together with their neighbours on either side (a window of `window`), and
    with learned positions: a promoter's motifs have typical ones. The logit is computed from the
    mean of the states over the positions.
    """

    def __init__(
        self,
        letters: int,
        d_model: int,
        *,
        length: int,
        blocks: int,
        heads: int,
        d_head: int,
        window: int = 7,
    ) -> None:
        super().__init__()
        self.letters = letters
        self.embedding = nn.Conv1d(letters, d_model, window, padding=window // 2)
        self.positions = nn.Parameter(0.02 * torch.randn(length, d_model))
        self.bias = nn.Embedding(2 * _FARTHEST + 1, heads)
        nn.init.zeros_(self.bias.weight)
        self.norms = nn.ModuleList(nn.LayerNorm(d_model) for _ in range(blocks))
        self.attentions = nn.ModuleList(
            GatedSelfAttention(d_model, heads, d_head) for _ in range(blocks)
        )
        self.transitions = nn.ModuleList(Transition(d_model, factor=2) for _ in range(blocks))
        self.output = nn.Sequential(nn.LayerNorm(d_model), nn.Linear(d_model, 1))

    def forward(self, sequences: Int64[Tensor, "example position"]) -> Float[Tensor, " example"]:
        one_hot = nn.functional.one_hot(sequences, self.letters).to(self.positions.dtype)
        states = rearrange(self.embedding(rearrange(one_hot, "e n c -> e c n")), "e c n -> e n c")
        states = states.relu() + self.positions
        index = torch.arange(sequences.shape[1], device=sequences.device)
        apart = (index[None] - index[:, None]).clamp(-_FARTHEST, _FARTHEST) + _FARTHEST
        bias = rearrange(self.bias(apart), "i j h -> 1 h i j")
        for norm, attention, transition in zip(
            self.norms, self.attentions, self.transitions, strict=True
        ):
            states = states + attention(norm(states), bias)
            states = states + transition(states)
        return self.output(states.mean(1))[:, 0]
