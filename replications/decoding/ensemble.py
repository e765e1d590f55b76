"""An ensemble of translators."""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.errors import ReplicationError
from replications.models.translator import Memory, State, Translator


class Ensemble(nn.Module):
    """A translator whose next token has the mean of its members' probabilities.

    Source: Sutskever et al. 2014, section 3.6, decodes with ensembles of up to 5 LSTMs.
    Departure: none known; the paper does not say how its members are combined.
    Units: the logits are logarithms of the mean probabilities, in nats.
    """

    def __init__(self, models: Sequence[Translator]) -> None:
        super().__init__()
        if not models:
            raise ReplicationError("An ensemble of no models cannot translate: give at least one.")
        self.models = nn.ModuleList(models)

    def forward(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target vocabulary"]:
        return self._mean([model(source, target) for model in self.models])

    def encode(self, source: Int[Tensor, "batch source"]) -> Memory:
        return tuple(model.encode(source) for model in self.models)

    def start(self, memory: Memory) -> State:
        return tuple(model.start(part) for model, part in zip(self.models, memory, strict=True))

    def step(
        self, token: Int[Tensor, " batch"], memory: Memory, state: State
    ) -> tuple[Float[Tensor, "batch vocabulary"], State]:
        steps = [
            model.step(token, *parts)
            for model, *parts in zip(self.models, memory, state, strict=True)
        ]
        return self._mean([logits for logits, _ in steps]), tuple(after for _, after in steps)

    def _mean(
        self, logits: list[Float[Tensor, "*batch vocabulary"]]
    ) -> Float[Tensor, "*batch vocabulary"]:
        stacked = torch.stack([those.float().log_softmax(-1) for those in logits])
        return stacked.logsumexp(0) - math.log(len(logits))
