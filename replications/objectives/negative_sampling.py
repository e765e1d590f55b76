"""Negative sampling: binary classification of target words against randomly drawn ones."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from replications.objectives.binary_targets import BinaryTargets
from replications.tokens.words import Vocabulary


class NegativeSampling(nn.Module):
    """For each true pair, `negatives` negative samples from the unigram distribution to an
    exponent.

    Source: Mikolov et al. 2013b, section 2.2, equation 4; exponent 3/4.
    Departures: a block shares `shared_negatives` negative samples, each weighted so that every pair
    still has `negatives` of them on average; a negative sample that equals the target is kept,
    where word2vec.c skips it.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        dimension: int,
        *,
        negatives: int = 5,
        exponent: float = 0.75,
        shared_negatives: int = 32,
    ) -> None:
        super().__init__()
        self.negatives, self.shared_negatives = negatives, shared_negatives
        self.weight = nn.Parameter(torch.zeros(len(vocabulary), dimension))
        noise = (vocabulary.counts**exponent).cumsum(0)
        self.register_buffer("cumulative_noise", noise / noise[-1], persistent=False)

    def binary_targets(
        self,
        targets: Int64[Tensor, "block target"],
        weights: Float[Tensor, "block position target"],
        generator: torch.Generator | None = None,
    ) -> BinaryTargets:
        noise = self.draw((len(targets), self.shared_negatives), generator)
        pairs = weights.sum(2, keepdim=True)
        no = (pairs * (self.negatives / self.shared_negatives)).expand(
            -1, -1, self.shared_negatives
        )
        return BinaryTargets(
            rows=torch.cat([targets, noise], dim=1),
            positives=nn.functional.pad(weights, (0, self.shared_negatives)),
            totals=torch.cat([weights, no], dim=2),
        )

    def draw(
        self, shape: tuple[int, int], generator: torch.Generator | None = None
    ) -> Int64[Tensor, "block draw"]:
        """Negative samples, by inversion of the cumulative distribution."""
        cumulative = self.cumulative_noise
        uniform = torch.rand(
            shape, generator=generator, dtype=cumulative.dtype, device=cumulative.device
        )
        return torch.searchsorted(cumulative, uniform).clamp_(max=len(cumulative) - 1)
