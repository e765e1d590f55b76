"""Our LSTM, which goes through torch's kernel, beside torch.nn.LSTM."""

import time

import torch
from torch import nn

from benchmarks.alternation import Comparison, alternate
from replications.layers.recurrent import LSTMLayer

_BATCH, _STEPS, _D, _HIDDEN, _UPDATES = 64, 20, 128, 256, 10


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> Comparison:
    """Tokens a second of training. No corpus is read: each epoch is ten updates on noise."""
    ours, theirs = LSTMLayer(_D, _HIDDEN), nn.LSTM(_D, _HIDDEN, batch_first=True)
    our_speeds, their_speeds = alternate(
        lambda: tokens_a_second(ours, epochs * _UPDATES),
        lambda: tokens_a_second(theirs, epochs * _UPDATES),
        rounds,
    )
    return Comparison(
        name="recurrent",
        ours="ours",
        theirs="torch.nn.LSTM",
        unit="tokens",
        setting=f"one layer of {_HIDDEN} cells, inputs of {_D} numbers, batches of {_BATCH} "
        f"sequences of {_STEPS} tokens without padding, forward, backward and update, "
        f"{torch.get_num_threads()} threads",
        our_speeds=our_speeds,
        their_speeds=their_speeds,
    )


def tokens_a_second(layer: nn.Module, updates: int) -> float:
    """The speed of so many updates of a layer on the same batch."""
    inputs = torch.randn(_BATCH, _STEPS, _D, generator=torch.Generator().manual_seed(0))
    optimiser = torch.optim.Adam(layer.parameters(), lr=1e-3)
    start = time.perf_counter()
    for _ in range(updates):
        optimiser.zero_grad()
        layer(inputs)[0].square().mean().backward()
        optimiser.step()
    return updates * _BATCH * _STEPS / (time.perf_counter() - start)
