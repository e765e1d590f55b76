"""The interface of a translation model: teacher forcing in training, step-by-step decoding."""

from typing import Any, Protocol, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

Memory = Any
"""What the encoder hands over: a tuple of tensors, batch first, that decoding never changes."""

State = Any
"""What the decoder carries from token to token: a tuple of tensors, perhaps nested, batch first."""


@runtime_checkable
class Translator(Protocol):
    """A network from source ids to target ids. Sequences end with END, then padding.

    `target` starts with BEGIN; the logits at a position are those of the token after it.
    """

    def forward(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target vocabulary"]: ...

    def encode(self, source: Int[Tensor, "batch source"]) -> Memory: ...

    def start(self, memory: Memory) -> State: ...

    def step(
        self, token: Int[Tensor, " batch"], memory: Memory, state: State
    ) -> tuple[Float[Tensor, "batch vocabulary"], State]: ...


@runtime_checkable
class AttentiveTranslator(Translator, Protocol):
    """A translator whose decoder attends to the source, and can return the weights."""

    def attention(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch layer head target source"]: ...
