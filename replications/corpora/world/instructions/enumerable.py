"""A world whose answers can all be listed: policies, divergences and optima are exact sums.

Eight symbols, six of them an answer: 262,144 answers. Distributions over answers are arrays of log
probabilities in the order of `answers`. Divergences are in nats.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from replications.corpora.world.instructions.gold import politeness
from replications.errors import ReplicationError

LogProbabilities = Float64[np.ndarray, " answer"]
Rewards = Float64[np.ndarray, " answer"]

_MOST_ANSWERS = 1_000_000
MATCH, CURSE = 0.5, 0.3
"""The reward of each symbol of the target in its position; the cost of each symbol 0."""


class BestOfN(NamedTuple):
    """The best of n answers by a proxy: its KL from the reference, and both rewards expected."""

    kl: float
    gold: float
    proxy: float


@dataclass(frozen=True)
class EnumerableWorld:
    """All answers of `length` of `symbols` symbols, and the gold reward of each.

    The last symbol is "please", the first a curse. The target answer begins 1, 2, 3, ...; two
    positions are free. As in the larger world the reward of "please" rises up to two, then falls.
    Raises ReplicationError where the answers are too many or too few.
    """

    symbols: int = 8
    length: int = 6

    def __post_init__(self) -> None:
        if self.symbols < 4 or self.length < 3 or self.symbols**self.length > _MOST_ANSWERS:
            raise ReplicationError(
                f"{self.symbols} symbols and answers of {self.length} cannot be listed: give 4 "
                f"symbols and a length of 3 or more, and at most {_MOST_ANSWERS:,} answers."
            )

    @cached_property
    def answers(self) -> Int64[np.ndarray, "answer place"]:
        """Every answer, in the order of numbers with `symbols` digits."""
        number = np.arange(self.symbols**self.length)
        places = self.symbols ** np.arange(self.length)[::-1]
        return number[:, None] // places % self.symbols

    @cached_property
    def wanted(self) -> tuple[int, ...]:
        return tuple(1 + place % (self.symbols - 2) for place in range(self.length - 2))

    @cached_property
    def gold(self) -> Rewards:
        """The gold reward of each answer."""
        return self.gold_of(self.answers)

    def gold_of(self, answers: Int64[np.ndarray, "some place"]) -> Float64[np.ndarray, " some"]:
        """The gold reward of these answers."""
        matches = (answers[:, : len(self.wanted)] == self.wanted).sum(1)
        polite = np.array([politeness(count) for count in range(self.length + 1)])
        pleases = (answers == self.symbols - 1).sum(1)
        return MATCH * matches + polite[pleases] - CURSE * (answers == 0).sum(1)

    def counts(self) -> Float64[np.ndarray, "answer symbol"]:
        """How often each symbol occurs in each answer: the features of a small proxy."""
        return np.stack([(self.answers == s).sum(1) for s in range(self.symbols)], 1).astype(float)

    def features(self) -> Float64[np.ndarray, "answer feature"]:
        """Symbols by position, squared counts and repeats: the features of a larger proxy."""
        places = (self.answers[..., None] == np.arange(self.symbols)).reshape(len(self.answers), -1)
        same = self.answers[:, 1:] == self.answers[:, :-1]
        repeats = [(same & (self.answers[:, 1:] == s)).sum(1) for s in range(self.symbols)]
        return np.concatenate([places, self.counts() ** 2, np.stack(repeats, 1)], 1).astype(float)


def log_uniform(world: EnumerableWorld) -> LogProbabilities:
    """The reference under which all answers are equally likely."""
    return np.full(len(world.answers), -world.length * np.log(world.symbols))


def expected(policy: LogProbabilities, rewards: Rewards) -> float:
    """The mean reward of a policy's answers."""
    return float(np.exp(policy) @ rewards)


def divergence(policy: LogProbabilities, reference: LogProbabilities) -> float:
    """KL(policy || reference), in nats; an answer that the policy never gives counts nothing."""
    given = policy > -np.inf
    gap = policy[given] - reference[given]
    return float(np.exp(policy[given]) @ gap)


def optimal_policy(reference: LogProbabilities, rewards: Rewards, beta: float) -> LogProbabilities:
    """The policy that maximises E[reward] - beta KL: the reference, tilted by exp(reward / beta).

    Source: Ziegler et al. 2019, section 2.2 (as Rafailov et al. 2023, equation 4).
    Raises ReplicationError unless beta is above 0: without a divergence the optimum is one answer.
    """
    if not beta > 0:
        raise ReplicationError(f"The KL coefficient is {beta}: give one above 0.")
    tilted = reference + rewards / beta
    top = tilted.max()
    return tilted - (top + np.log(np.exp(tilted - top).sum()))


def best_of_n(reference: LogProbabilities, proxy: Rewards, gold: Rewards, count: int) -> BestOfN:
    """The best by `proxy` of `count` answers of the reference, exactly; of equal ones any.

    Source: Nakano et al. 2021, section 2; the divergence is computed, not approximated by
    log n - (n - 1) / n, which holds where no two answers have one reward (Gao et al. 2022).
    """
    if count < 1:
        raise ReplicationError(f"The best of {count} answers is none: give 1 or more.")
    order = np.argsort(proxy, kind="stable")
    mass, ranked = np.exp(reference)[order], proxy[order]
    last = np.flatnonzero(np.append(np.diff(ranked) > 0, True))
    below = np.minimum(np.cumsum(mass)[last], 1.0)
    share = np.diff(below**count, prepend=0.0)
    group = np.diff(below, prepend=0.0)
    starts = np.concatenate([[0], last[:-1] + 1])
    golds = np.add.reduceat(mass * gold[order], starts) / np.maximum(group, 1e-300)
    ratio = np.log(np.maximum(share, 1e-300) / np.maximum(group, 1e-300))
    return BestOfN(float(share @ ratio), float(share @ golds), float(share @ ranked[last]))
