"""The interface of a language model: the next token's logits, for whole texts or step by step.

Shorter texts of a batch are padded on the right. No token depends on a later one, so padding
changes no logits but its own. A state has no padding: sequences that are continued together have
the same length.
"""

from typing import Any, Protocol, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

State = Any
"""What a model carries from call to call: a tuple of tensors, perhaps nested, batch first."""


@runtime_checkable
class LanguageModel(Protocol):
    """A network that computes the next token's logits at each token id."""

    def forward(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time vocabulary"]:
        """The logits of the token after each of `ids`."""
        ...

    def hidden(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time d"]:
        """The states of the last layer, from which the logits are computed."""
        ...

    def start(self, batch: int) -> State:
        """The state before the first token, for a batch of this many texts."""
        ...

    def step(
        self, ids: Int[Tensor, "batch new"], state: State
    ) -> tuple[Float[Tensor, "batch vocabulary"], State]:
        """Read one token or more, a whole prompt for one: the logits after the last of them."""
        ...
