"""Contexts for the decoder of a recurrent translator, and the encoders they are made from."""

from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from replications.layers.attention import AdditiveAttention
from replications.layers.recurrent import GRULayer, LayerState
from replications.layers.recurrent_stack import Bidirectional

Memory = tuple[Tensor, ...]


class Encoded(NamedTuple):
    """An encoded source: an annotation of each position, and the last states.

    The decoder's first state is computed from `summary`.
    """

    annotations: Float[Tensor, "batch source annotation"]
    last_forward: Float[Tensor, "batch h"]
    summary: Float[Tensor, "batch h"]


class BidirectionalEncoder(nn.Module):
    """A bidirectional GRU; an annotation is both its outputs at a position.

    Source: Bahdanau et al. 2014, section 3.2 and appendix A.2.1; the summary is the state of the
    backward GRU after the first word (appendix A.2.2).
    """

    def __init__(self, embedding: int, hidden: int) -> None:
        super().__init__()
        self.size = 2 * hidden
        self.layer = Bidirectional(GRULayer(embedding, hidden), GRULayer(embedding, hidden))

    def forward(
        self, inputs: Float[Tensor, "batch source m"], padding_mask: Bool[Tensor, "batch source"]
    ) -> Encoded:
        annotations, ((last_forward,), (last_backward,)) = self.layer(inputs, padding_mask)
        return Encoded(annotations, last_forward, last_backward)


class ForwardEncoder(nn.Module):
    """One GRU from the first word to the last; its last state is the summary.

    Source: the encoder of RNNencdec, Cho et al. 2014; Bahdanau et al. 2014, section 4.2.
    """

    def __init__(self, embedding: int, hidden: int) -> None:
        super().__init__()
        self.size = hidden
        self.layer = GRULayer(embedding, hidden)

    def forward(
        self, inputs: Float[Tensor, "batch source m"], padding_mask: Bool[Tensor, "batch source"]
    ) -> Encoded:
        annotations, (last,) = self.layer(inputs, padding_mask)
        return Encoded(annotations, last, last)


class ContextualGRU(GRULayer):
    """A GRU with a third input: the context c adds C c to the update, the reset and the candidate.

    Source: Bahdanau et al. 2014, appendix A.2.2.
    """

    def __init__(self, embedding: int, context: int, hidden: int) -> None:
        super().__init__(embedding, hidden)
        self.context = nn.Linear(context, 3 * hidden, bias=False)

    def cell_step_in_context(
        self,
        projected: Float[Tensor, "batch projected"],
        context: Float[Tensor, "batch c"],
        state: LayerState,
    ) -> LayerState:
        return self.cell_step(projected + self.context(context), state)


class Unrolled(NamedTuple):
    """For each target position the state before it and the context.

    A context that is the same at all positions is stored once.
    """

    states: Float[Tensor, "batch target h"]
    contexts: Float[Tensor, "batch #target c"]


@runtime_checkable
class Context(Protocol):
    """Computes a decoder's contexts, of `size` dimensions."""

    size: int

    def memory(self, encoded: Encoded, padding_mask: Bool[Tensor, "batch source"]) -> Memory: ...

    def context(
        self, state: Float[Tensor, "batch h"], memory: Memory
    ) -> Float[Tensor, "batch c"]: ...

    def unroll(
        self,
        decoder: ContextualGRU,
        projected: Float[Tensor, "batch target projected"],
        memory: Memory,
        state: LayerState,
    ) -> Unrolled: ...


class CrossAttention(nn.Module):
    """The context is a mean of the annotations, weighted anew for each word by the last state.

    Source: Bahdanau et al. 2014, equations 5 and 6: c_i = Σ α_ij h_j, with α_ij the softmax of
    a(s_{i-1}, h_j). `size` is n', the hidden units of a.
    """

    def __init__(self, hidden: int, annotation: int, *, size: int) -> None:
        super().__init__()
        self.size = annotation
        self.attention = AdditiveAttention(hidden, annotation, size)

    def memory(self, encoded: Encoded, padding_mask: Bool[Tensor, "batch source"]) -> Memory:
        return encoded.annotations, self.attention.keys(encoded.annotations), padding_mask

    def context(self, state: Float[Tensor, "batch h"], memory: Memory) -> Float[Tensor, "batch c"]:
        annotations, keys, padding_mask = memory
        return self.attention(state[:, None], keys, annotations, padding_mask[:, None])[:, 0]

    def unroll(
        self,
        decoder: ContextualGRU,
        projected: Float[Tensor, "batch target projected"],
        memory: Memory,
        state: LayerState,
    ) -> Unrolled:
        states, contexts = [], []
        for step in projected.unbind(1):
            context = self.context(state[0], memory)
            states.append(state[0])
            contexts.append(context)
            state = decoder.cell_step_in_context(step, context, state)
        return Unrolled(torch.stack(states, 1), torch.stack(contexts, 1))


class FixedVector(nn.Module):
    """The context is the last state of the forward encoder, the same for each word.

    Source: Bahdanau et al. 2014, appendix A: with this c_i the model is the RNN encoder-decoder of
    Cho et al. 2014.
    """

    def __init__(self, hidden: int, annotation: int) -> None:
        super().__init__()
        self.size = hidden

    def memory(self, encoded: Encoded, padding_mask: Bool[Tensor, "batch source"]) -> Memory:
        return (encoded.last_forward,)

    def context(self, state: Float[Tensor, "batch h"], memory: Memory) -> Float[Tensor, "batch c"]:
        return memory[0]

    def unroll(
        self,
        decoder: ContextualGRU,
        projected: Float[Tensor, "batch target projected"],
        memory: Memory,
        state: LayerState,
    ) -> Unrolled:
        context = memory[0][:, None]
        after, _ = decoder.unroll(projected + decoder.context(context), None, state)
        return Unrolled(torch.cat((state[0][:, None], after[:, :-1]), 1), context)
