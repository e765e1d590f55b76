"""Key-value cache for decoding: memory that is allocated once and written into."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from replications.errors import ReplicationError


class KeysValues(NamedTuple):
    """Keys and values to attend to, computed once for each token."""

    keys: Float[Tensor, "batch head source k"]
    values: Float[Tensor, "batch head source v"]

    @property
    def length(self) -> int:
        """How many tokens there are."""
        return self.keys.shape[2]


class Room(NamedTuple):
    """Views of a cache's whole memory, in the layouts in which a step of one token uses it.

    A row is one key-value head of one text: `by_position` takes its key and its value at once,
    `across` has the keys transposed, for the product with a query.
    """

    by_position: Float[Tensor, "row two capacity k"]
    across: Float[Tensor, "row k capacity"]
    values: Float[Tensor, "row capacity k"]


class KeyValueCache:
    """Keys and values of at most `capacity` tokens, in memory that is allocated once.

    Concatenating old and new at each step copies all earlier tokens; here only the new ones are
    written. Source: Pope et al. 2022 (arXiv:2211.05102), section 2, for the two phases that fill
    it: prefill, the prompt at once, and decode, one token a step.

    Keys and values are stored as computed: with rotary positions, the keys are rotated.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity, self.length = capacity, 0
        self._held: Float[Tensor, "two batch head source k"] | None = None
        self._room: Room | None = None

    @property
    def keys(self) -> Float[Tensor, "batch head source k"]:
        """Keys of the tokens so far. Raises ReplicationError where nothing has been read."""
        return self._written(0)

    @property
    def values(self) -> Float[Tensor, "batch head source k"]:
        """Values of the tokens so far. Raises ReplicationError where nothing has been read."""
        return self._written(1)

    def append(self, new: KeysValues) -> "KeyValueCache":
        """Write the keys and values of the next tokens, and return the cache itself.

        Raises ReplicationError where they do not fit, or the batch has another size.
        """
        if self._held is None:
            batch, heads, _, size = new.keys.shape
            self._held = new.keys.new_empty(2, batch, heads, self.capacity, size)
        start = self.length
        self._lengthen(new.length, len(new.keys))
        self._held[0, :, :, start : self.length] = new.keys
        self._held[1, :, :, start : self.length] = new.values
        return self

    def one_more(self, batch: int) -> Room:
        """Lengthen by one token, and return the views into which its key and value are written.

        Raises ReplicationError where `append` does, and where nothing has been read.
        """
        if self._room is None:
            self._written(0)
            rows = self._held.flatten(1, 2)
            self._room = Room(rows.transpose(0, 1), rows[0].transpose(1, 2), rows[1])
        self._lengthen(1, batch)
        return self._room

    def _lengthen(self, new: int, batch: int) -> None:
        end = self.length + new
        if end > self.capacity:
            raise ReplicationError(
                f"{end} tokens do not fit into a cache for {self.capacity}. Shorten the prompt, "
                "generate fewer tokens, or give it a greater `capacity`."
            )
        if self._held.shape[1] != batch:
            raise ReplicationError(
                f"The cache holds {self._held.shape[1]} texts, the batch {batch}: start a new one."
            )
        self.length = end

    @property
    def bytes(self) -> int:
        """Allocated memory, whether written or not. Units: bytes."""
        return 0 if self._held is None else self._held.nbytes

    def _written(self, which: int) -> Tensor:
        if self._held is None:
            raise ReplicationError("The cache holds nothing: read a prompt first.")
        return self._held[which, :, :, : self.length]


def cache_bytes(
    *, layers: int, kv_heads: int, d_head: int, context: int, batch: int = 1, number_bytes: int = 2
) -> int:
    """Memory for the keys and values of `context` tokens. Units: bytes.

    Source: Ainslie et al. 2023 (arXiv:2305.13245), section 1; two numbers, a key's and a value's,
    for each dimension of each head of keys in each layer.
    """
    return 2 * layers * kv_heads * d_head * context * batch * number_bytes


def after_past(
    past_kv: KeysValues | KeyValueCache | None, new: KeysValues
) -> KeysValues | KeyValueCache:
    """All keys and values so far: written into the cache if there is one, else concatenated."""
    if past_kv is None:
        return new
    if isinstance(past_kv, KeyValueCache):
        return past_kv.append(new)
    return KeysValues(*(torch.cat(pair, 2) for pair in zip(past_kv, new, strict=True)))
