"""A language model whose probabilities are known, and a tokenizer of letters."""

import torch
from torch import nn


class Letters:
    """Each of these letters is a token; the mark of a text's end comes after them."""

    symbols = (*"abcd ", "<end>")
    end_of_text = 5

    def __len__(self):
        return len(self.symbols)

    def encode(self, text):
        return [self.symbols.index(letter) for letter in text]

    def decode(self, ids):
        return "".join(self.symbols[number] for number in ids)


class Bigrams(nn.Module):
    """The next token depends on the last one alone, by a table of logits."""

    def __init__(self, vocabulary=6, seed=0):
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.table = nn.Parameter(torch.randn(vocabulary, vocabulary, generator=generator))

    def forward(self, ids):
        return self.table[ids]

    def hidden(self, ids):
        return self.table[ids]

    def start(self, batch):
        return ()

    def step(self, ids, state):
        return self.table[ids[:, -1]], state


class Counting(nn.Module):
    """Surely says how many tokens it has been shown, modulo the vocabulary: it sees places."""

    def __init__(self, vocabulary=6):
        super().__init__()
        self.vocabulary = vocabulary
        self.sharpness = nn.Parameter(torch.tensor(50.0))

    def forward(self, ids):
        places = torch.arange(1, ids.shape[1] + 1).expand(ids.shape) % self.vocabulary
        return self.sharpness * nn.functional.one_hot(places, self.vocabulary)

    def hidden(self, ids):
        return self.forward(ids)

    def start(self, batch):
        return (torch.zeros(batch, dtype=torch.long),)

    def step(self, ids, state):
        seen = state[0] + ids.shape[1]
        one_hot = nn.functional.one_hot(seen % self.vocabulary, self.vocabulary)
        return self.sharpness * one_hot, (seen,)
