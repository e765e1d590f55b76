"""A translator without weights to learn: random tables, so that every answer can be enumerated."""

from itertools import product

import torch
from torch import nn

PAD, BEGIN, END, UNKNOWN, WORD = range(5)


class TableTranslator(nn.Module):
    """The next token depends on the source's ids and on the two tokens before it.

    Its state is nested and has a time axis that grows, as a Transformer's keys do.
    """

    def __init__(self, seed, tokens=5, spread=2.0):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.source_table = spread * torch.randn(tokens, tokens, generator=generator)
        self.table = spread * torch.randn(tokens, tokens, tokens, generator=generator)
        self.steps = []

    def forward(self, source, target):
        before = torch.nn.functional.pad(target, (1, 0), value=PAD)[:, :-1]
        (biases,) = self.encode(source)
        return self.table[before, target] + biases[:, None]

    def encode(self, source):
        weights = torch.arange(1, source.shape[1] + 1) * (source != PAD)
        mean = (self.source_table[source] * weights[..., None]).sum(1) / weights.sum(1)[:, None]
        return (mean,)

    def start(self, memory):
        batch = len(memory[0])
        keys = torch.zeros(batch, 1, 0, 1)
        return (torch.full((batch,), PAD), (keys, ((), None)))

    def step(self, token, memory, state):
        previous, (keys, rest) = state
        assert len(token) == len(memory[0]) == len(previous) == len(keys)
        self.steps.append(len(token))
        keys = torch.cat([keys, token[:, None, None, None].float()], dim=2)
        if keys.shape[2] > 1:  # the cache belongs to this hypothesis
            assert torch.equal(keys[:, 0, -2, 0].long(), previous)
        return self.table[previous, token] + memory[0], (token, (keys, rest))


def sequences(max_length, tokens=(UNKNOWN, WORD)):
    """All sequences of 0 to `max_length` tokens."""
    return [list(ids) for size in range(max_length + 1) for ids in product(tokens, repeat=size)]


def log_probability(model, source, ids):
    """By teacher forcing, END included."""
    target = torch.tensor([[BEGIN, *ids]])
    chances = model(source[None], target)[0].log_softmax(-1)
    return chances.gather(1, torch.tensor([*ids, END])[:, None]).sum().item()
