"""What every language model offers: the next token's logits, for whole texts or as they grow.

A text that is shorter than its neighbours is padded on the right. Nothing after a token reaches
it, so padding changes no logits but its own. A state has no padding: rows that go on together
have the same length.
"""

from typing import Any, Protocol, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

State = Any
"""What a model carries from call to call: a tuple of tensors, perhaps nested, batch first."""


@runtime_checkable
class LanguageModel(Protocol):
    """A network that reads token ids, and says at each what may come next."""

    def forward(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time vocabulary"]:
        """The logits of the token after each of `ids`."""
        ...

    def hidden(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time d"]:
        """What the logits are made from: the states of the last layer."""
        ...

    def start(self, batch: int) -> State:
        """The state of this many texts of which nothing has been read."""
        ...

    def step(
        self, ids: Int[Tensor, "batch new"], state: State
    ) -> tuple[Float[Tensor, "batch vocabulary"], State]:
        """Read one token or more, a whole prompt for one: the logits after the last of them."""
        ...


@runtime_checkable
class AttentiveLanguageModel(LanguageModel, Protocol):
    """A language model that looks back at what it has read, and can say where it looked."""

    def attention(
        self, ids: Int[Tensor, "batch time"]
    ) -> Float[Tensor, "batch layer head time time"]: ...
