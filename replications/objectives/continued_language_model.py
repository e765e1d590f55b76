"""Continued pre-training: causal language modelling from a trained model, as on domain text."""

from collections.abc import Callable
from typing import Any

import torch

from replications.corpora.batches.token_stream import StreamTokenizer
from replications.models.language_model import LanguageModel
from replications.models.transfer import Transfer, all_layers
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.objectives.schedules import Schedule


class ContinuedLanguageModel(CausalLanguageModel):
    """Causal language modelling, initialised from the trained model of the recipe's start.

    Source: Gururangan et al. 2020 (arXiv:2004.10964), section 3. `transfer` copies the weights.
    """

    def __init__(
        self,
        vocabulary: StreamTokenizer,
        seed: int,
        start: Any,
        *,
        model: Callable[[int], LanguageModel],
        schedule: Schedule,
        transfer: Transfer = all_layers,
        optimiser: Callable[..., torch.optim.Optimizer] = torch.optim.AdamW,
        clip: float | None = 1.0,
    ) -> None:
        super().__init__(
            vocabulary, seed, model=model, schedule=schedule, optimiser=optimiser, clip=clip
        )
        transfer(self.model, start.model)
