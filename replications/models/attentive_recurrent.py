"""Recurrent translation with a context for each word, by attention or as one fixed vector."""

from collections.abc import Callable

import torch
from einops import rearrange
from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.errors import ReplicationError
from replications.layers.attention import AdditiveAttention
from replications.layers.dropout import Dropout
from replications.layers.recurrent import LayerState, RecurrentLayer
from replications.layers.watching import watching
from replications.models.source_contexts import (
    BidirectionalEncoder,
    Context,
    ContextualGRU,
    Memory,
    Unrolled,
)


def small_normal(model: nn.Module, std: float = 0.01) -> None:
    """Normal weights, biases of zero; the matrices on the previous state are orthogonal.

    Source: Bahdanau et al. 2014, appendix B.1. The matrices of the alignment model have a standard
    deviation of 0.001, its v is zero: attention is uniform at first.
    """
    for weight in model.parameters():
        nn.init.zeros_(weight) if weight.dim() == 1 else nn.init.normal_(weight, std=std)
    for part in model.modules():
        if isinstance(part, AdditiveAttention):
            nn.init.normal_(part.query.weight, std=0.001)
            nn.init.normal_(part.keys.weight, std=0.001)
        if isinstance(part, RecurrentLayer):
            for matrix in part.recurrent_matrices():
                nn.init.orthogonal_(matrix)


class AttentiveRecurrent(nn.Module):
    """A GRU decoder with a context for each word. RNNsearch and RNNencdec differ in two parts.

    Source: Bahdanau et al. 2014, appendix A.2.2, with its choice of the state before the word:

        s_0 = tanh(W_s summary),   t~_i = U_o s_{i-1} + V_o E y_{i-1} + C_o c_i

    and a softmax over W_o t_i, where t_i is the maxout over each pair of t~_i. (Section 3.1 has
    s_i where the appendix has s_{i-1}.) There, `embedding` m = 620, `hidden` n = 1000, `readout`
    l = 500 pairs. The biases, left out of its equations, are one for each sum.

    `context` is called with n and the annotations' size. RNNsearch takes
    partial(CrossAttention, size=...) and BidirectionalEncoder, RNNencdec FixedVector and
    ForwardEncoder.

    Departure: `dropout` of embeddings and of t_i. The paper has none: 0 by default.
    """

    def __init__(
        self,
        source_vocabulary: int,
        target_vocabulary: int,
        *,
        embedding: int,
        hidden: int,
        readout: int,
        context: Callable[[int, int], Context],
        encoder: Callable[[int, int], nn.Module] = BidirectionalEncoder,
        dropout: float = 0.0,
        padding: int = 0,
        initialise: Callable[[nn.Module], None] = small_normal,
    ) -> None:
        super().__init__()
        self.padding = padding
        self.source_embedding = nn.Embedding(source_vocabulary, embedding)
        self.target_embedding = nn.Embedding(target_vocabulary, embedding)
        self.encoder = encoder(embedding, hidden)
        self.context = context(hidden, self.encoder.size)
        self.first_state = nn.Linear(hidden, hidden)
        self.decoder = ContextualGRU(embedding, self.context.size, hidden)
        self.state_readout = nn.Linear(hidden, 2 * readout)
        self.word_readout = nn.Linear(embedding, 2 * readout, bias=False)
        self.context_readout = nn.Linear(self.context.size, 2 * readout, bias=False)
        self.output = nn.Linear(readout, target_vocabulary)
        self.dropout = Dropout(dropout)
        initialise(self)

    def encode(self, source: Int[Tensor, "batch source"]) -> Memory:
        """The memory of the context, followed by s_0."""
        padding_mask = source != self.padding
        encoded = self.encoder(self.dropout(self.source_embedding(source)), padding_mask)
        first = torch.tanh(self.first_state(encoded.summary))
        return *self.context.memory(encoded, padding_mask), first

    def start(self, memory: Memory) -> LayerState:
        return (memory[-1],)

    def step(
        self, token: Int[Tensor, " batch"], memory: Memory, state: LayerState
    ) -> tuple[Float[Tensor, "batch vocabulary"], LayerState]:
        word = self.dropout(self.target_embedding(token))
        context = self.context.context(state[0], memory[:-1])
        logits = self._logits(state[0], word, context)
        return logits, self.decoder.cell_step_in_context(self.decoder.input(word), context, state)

    def forward(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target vocabulary"]:
        words = self.dropout(self.target_embedding(target))
        unrolled = self._unroll(words, self.encode(source))
        return self._logits(unrolled.states, words, unrolled.contexts)

    def attention(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch layer head target source"]:
        """The weights α of one layer and one head. Raises ReplicationError with a FixedVector."""
        words = self.dropout(self.target_embedding(target))
        with watching(self.context) as weights:
            self._unroll(words, self.encode(source))
        if not weights:
            raise ReplicationError(
                "A model with a fixed vector does not attend to the source, so it has no attention "
                "weights. Use one with CrossAttention."
            )
        # One row of weights for each word: the decoder computes their contexts one after the other.
        return rearrange(torch.cat(weights, 1), "batch target source -> batch 1 1 target source")

    def _unroll(self, words: Float[Tensor, "batch target m"], memory: Memory) -> Unrolled:
        projected = self.decoder.project(words)
        return self.context.unroll(self.decoder, projected, memory[:-1], self.start(memory))

    def _logits(
        self,
        state: Float[Tensor, "*places h"],
        word: Float[Tensor, "*places m"],
        context: Float[Tensor, "*#places c"],
    ) -> Float[Tensor, "*places vocabulary"]:
        pairs = self.state_readout(state) + self.word_readout(word) + self.context_readout(context)
        return self.output(self.dropout(torch.maximum(pairs[..., ::2], pairs[..., 1::2])))
