"""Generation in two phases: the prompt at once (prefill), then one token a step (decode)."""

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from replications.decoding.inference import inference
from replications.errors import ReplicationError
from replications.layers.key_value_cache import KeyValueCache

Choice = Callable[[Float[Tensor, "batch vocabulary"]], Int[Tensor, " batch"]]


@runtime_checkable
class Cached(Protocol):
    """A language model with a preallocated key-value cache."""

    def start(self, batch: int, capacity: int) -> tuple[KeyValueCache, ...]: ...

    def step(
        self, ids: Int[Tensor, "batch new"], state: tuple[KeyValueCache, ...]
    ) -> tuple[Float[Tensor, "batch vocabulary"], tuple[KeyValueCache, ...]]: ...


def most_probable(logits: Float[Tensor, "batch vocabulary"]) -> Int[Tensor, " batch"]:
    """Greedy decoding."""
    return logits.argmax(-1)


class Generation(NamedTuple):
    """The tokens generated after each prompt, and their cost.

    Units: seconds of wall time; bytes of the key-value cache. The prompt takes one forward pass,
    each further token one more: `decode_seconds` are those of all but the first.
    """

    ids: Int[Tensor, "batch written"]
    prefill_seconds: float
    decode_seconds: float
    cache_bytes: int

    @property
    def tokens_per_second(self) -> float:
        """In the decode phase, all texts of the batch together; 0 where there is none."""
        steps = self.ids.shape[1] - 1
        return self.ids.shape[0] * steps / self.decode_seconds if steps > 0 else 0.0


def generate(
    model: Cached,
    prompt: Int[Tensor, "batch time"],
    *,
    tokens: int,
    choose: Choice = most_probable,
    end: int | None = None,
) -> Generation:
    """So many `tokens` after each prompt, or fewer where every text has reached its `end`.

    Source: Pope et al. 2022 (arXiv:2211.05102), section 2, for the two phases. Memory for all
    keys and values is allocated before the first token. The prompts have the same length; after a
    text's `end` it is padded with `end`, which stays in `ids`.

    Raises ReplicationError for an empty prompt, for no tokens, and for logits after the prompt that
    are NaN; those of later steps are not checked, as each check would wait for a GPU.
    """
    if not prompt.numel() or tokens < 1:
        raise ReplicationError(
            f"{prompt.shape[-1]} tokens of prompt and {tokens} to generate: give at least one of "
            "each."
        )
    written: list[Tensor] = []
    ended = torch.zeros(len(prompt), dtype=torch.bool, device=prompt.device)
    with inference(model):
        # The last token that is generated is never read.
        state = model.start(len(prompt), capacity=prompt.shape[1] + tokens - 1)
        begun = time.perf_counter()
        logits, state = model.step(prompt, state)
        if logits.isnan().any():
            raise ReplicationError(
                "The model gives no probabilities (nan): its training has diverged. Lower the "
                "learning rate, or clip its gradient."
            )
        prefilled = time.perf_counter()
        for count in range(1, tokens + 1):
            token = choose(logits)
            if end is not None:
                token = token.masked_fill(ended, end)
                ended |= token == end
            written.append(token)
            if count == tokens or (end is not None and bool(ended.all())):
                break
            logits, state = model.step(token[:, None], state)
        done = time.perf_counter()
    held = sum(cache.bytes for cache in state if isinstance(cache, KeyValueCache))
    return Generation(torch.stack(written, 1), prefilled - begun, done - prefilled, held)
