"""GloVe: our blocks of cells beside plain vectorised batches of cells."""

import time
from functools import partial

import torch

from benchmarks.alternation import Comparison, alternate
from replications.corpora.batches.cooccurrence_blocks import CooccurrenceBlocks
from replications.corpora.texts.cooccurrence import Cooccurrences
from replications.corpora.texts.encoded_text import corpus_text
from replications.objectives.cooccurrence_regression import CooccurrenceRegression, count_weight
from replications.recipes import Workspace
from replications.training.trainers import train

_CELLS_AT_ONCE = 8192
_X_MAX, _EXPONENT, _RATE = 10.0, 0.75, 0.05


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> Comparison:
    """Non-zero cells a second, both directions counted: the layout in blocks included for ours."""
    text = corpus_text(0, corpus=corpus, stride=stride, max_size=30_000)

    def fresh_data() -> CooccurrenceBlocks:
        data = CooccurrenceBlocks(0, text=lambda seed: text, window=10)
        data.setup()
        return data

    cells = fresh_data().counts
    entries = len(cells.bidirectional()[2])

    def ours() -> float:
        learned = train(
            fresh_data(),
            (),
            Workspace(seed=0),
            objective=partial(CooccurrenceRegression, dimension=100),
            epochs=epochs,
        )
        return entries * epochs / learned.seconds

    our_speeds, their_speeds = alternate(ours, lambda: entries / one_plain_pass(cells, 100), rounds)
    return Comparison(
        name="glove",
        ours="ours",
        theirs="plain batches",
        unit="cells",
        setting=f"{corpus}, {text.raw_words:,} words, window 10, {entries:,} cells, "
        f"{cells.size:,} words, 100 dimensions; ours {epochs} passes, plain one pass over at most "
        "a million cells",
        our_speeds=our_speeds,
        their_speeds=their_speeds,
    )


def one_plain_pass(cells: Cooccurrences, dimension: int, most: int = 1_000_000) -> float:
    """Seconds of a pass in random batches of cells, a gathered row and column for each cell.

    At most `most` cells are visited; the seconds are scaled up to all.
    """
    generator = torch.Generator().manual_seed(0)
    rows, columns, counts = cells.bidirectional()
    order = torch.randperm(len(counts), generator=generator)[:most]
    word, context = (torch.rand(cells.size, dimension) / dimension for _ in range(2))
    squares = [torch.ones(cells.size, dimension) for _ in range(2)]
    biases = [torch.zeros(cells.size) for _ in range(2)]
    bias_squares = [torch.ones(cells.size) for _ in range(2)]
    start = time.perf_counter()
    for batch in order.split(_CELLS_AT_ONCE):
        places = rows[batch], columns[batch]
        u, v = word[places[0]], context[places[1]]
        residual = (u * v).sum(1) + biases[0][places[0]] + biases[1][places[1]]
        residual -= counts[batch].log()
        weighted = count_weight(counts[batch], _X_MAX, _EXPONENT) * residual
        for side, (vectors, other) in enumerate(((word, v), (context, u))):
            gradient = weighted[:, None] * other
            squares[side].index_add_(0, places[side], gradient**2)
            step = gradient / squares[side][places[side]].sqrt()
            vectors.index_add_(0, places[side], step, alpha=-_RATE)
            bias_squares[side].index_add_(0, places[side], weighted**2)
            step = weighted / bias_squares[side][places[side]].sqrt()
            biases[side].index_add_(0, places[side], step, alpha=-_RATE)
    return (time.perf_counter() - start) * len(counts) / len(order)
