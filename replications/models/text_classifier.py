"""A text classifier: a pre-trained network with one linear layer on top."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from einops import reduce
from jaxtyping import Float, Int
from torch import Tensor, nn

from replications.layers.dropout import Dropout
from replications.models.task_heads import Pooler


class Read(NamedTuple):
    """The state that represents each sequence, and the last layer's states of all its tokens."""

    pooled: Float[Tensor, "sequence d"]
    states: Float[Tensor, "sequence time d"]


class Classified(NamedTuple):
    """An output for each example or each class of it, and the states of all tokens."""

    outputs: Float[Tensor, "example output"]
    states: Float[Tensor, "sequence time d"]


class LastState(nn.Module):
    """Represents a sequence by the state at its position, for a unidirectional body.

    Source: Radford et al. 2018, section 3.2.
    """

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body, self.width = body, body.embedding.embedding_dim

    def forward(
        self,
        ids: Int[Tensor, "sequence time"],
        segments: Int[Tensor, "sequence time"],
        positions: Int[Tensor, " sequence"],
    ) -> Read:
        states = self.body.hidden(ids)
        return Read(states[torch.arange(len(ids), device=ids.device), positions], states)


class PooledState(nn.Module):
    """Represents a sequence by the state at its position, after a dense layer and tanh.

    Source: Devlin et al. 2019, section 4.1. The layer is the one that next-sentence prediction has
    trained; without that task it is a new one.
    """

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body, self.width = body, body.embedding.embedding_dim
        self.own_pooler = None
        if "next_sentence" not in body.tasks:
            self.own_pooler = Pooler(self.width)

    def forward(
        self,
        ids: Int[Tensor, "sequence time"],
        segments: Int[Tensor, "sequence time"],
        positions: Int[Tensor, " sequence"],
    ) -> Read:
        states = self.body.hidden(ids, segments)
        pooled = states[torch.arange(len(ids), device=ids.device), positions]
        pooler = self.own_pooler or self.body.tasks["next_sentence"].pooler
        return Read(pooler(pooled[:, None]), states)


class TextClassifier(nn.Module):
    """Encodes sequences, sums up those of an example, and computes `outputs` from the sum.

    Source: Radford et al. 2018, equation 3 and section 3.3. `read` is called with the body, and
    makes the module that encodes sequences, in vectors of its `width`.
    """

    def __init__(
        self,
        body: nn.Module,
        outputs: int,
        *,
        read: Callable[[nn.Module], nn.Module] = LastState,
        dropout: float = 0.1,
        std: float = 0.02,
    ) -> None:
        super().__init__()
        self.read, self.dropout = read(body), Dropout(dropout)
        self.output = nn.Linear(self.read.width, outputs)
        nn.init.normal_(self.output.weight, std=std)
        nn.init.zeros_(self.output.bias)

    @property
    def body(self) -> nn.Module:
        return self.read.body

    def forward(
        self,
        ids: Int[Tensor, "sequence time"],
        segments: Int[Tensor, "sequence time"],
        positions: Int[Tensor, " sequence"],
        examples: int,
    ) -> Classified:
        read = self.read(ids, segments, positions)
        summed = reduce(read.pooled, "(example row) d -> example d", "sum", example=examples)
        return Classified(self.output(self.dropout(summed)), read.states)
