"""An Evoformer block and its triangle operations, beside the supplement's lines written straight.

`python -m benchmarks.evoformer` prints how the memory of triangle attention grows with the length
of a chain, with tiles and without.
"""

import math
import time
from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor, nn

from benchmarks.alternation import Comparison, alternate
from replications.layers.evoformer.alignment import ColumnAttention, OuterProductMean, RowAttention
from replications.layers.evoformer.gated_attention import GatedSelfAttention
from replications.layers.evoformer.transition import AlignmentTransition, Transition
from replications.layers.evoformer.triangle import (
    TriangleAttention,
    TriangleMultiplication,
    ending,
    incoming,
    outgoing,
    starting,
)
from replications.models.protein.evoformer import EvoformerBlock

_DEPTH, _LENGTH, _D_MSA, _D_PAIR = 32, 48, 32, 32
_HEADS = {"heads": 4, "d_head": 8}


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> Iterator[Comparison]:
    """Steps a second, forward and backward, of the block and of each triangle operation.

    No corpus is read. Both have the same weights, and give the same.
    """
    torch.manual_seed(0)
    msa = torch.randn(1, _DEPTH, _LENGTH, _D_MSA)
    pair = torch.randn(1, _LENGTH, _LENGTH, _D_PAIR)
    block = _drawn(
        EvoformerBlock(
            _D_MSA,
            _D_PAIR,
            msa_updates=(
                partial(RowAttention, **_HEADS),
                partial(ColumnAttention, **_HEADS),
                AlignmentTransition,
            ),
            pair_updates=(
                outgoing,
                incoming,
                partial(starting, **_HEADS),
                partial(ending, **_HEADS),
                Transition,
            ),
            outer=partial(OuterProductMean, d_hidden=16),
        )
    )
    sides: dict[str, tuple[Callable, Callable, tuple[Tensor, ...]]] = {
        "evoformer-block": (
            lambda m, z: sum(x.mean() for x in block(m, z)),
            lambda m, z: sum(x.mean() for x in _direct_block(block, m, z)),
            (msa, pair),
        ),
        "triangle-multiplication": (
            lambda z: block.pair_updates[0](z).mean(),
            lambda z: _direct_multiplication(block.pair_updates[0], z).mean(),
            (pair,),
        ),
        "triangle-attention": (
            lambda z: block.pair_updates[2](z).mean(),
            lambda z: _direct_triangle_attention(block.pair_updates[2], z).mean(),
            (pair,),
        ),
    }
    for name, (ours, theirs, given) in sides.items():
        torch.testing.assert_close(ours(*given), theirs(*given), atol=1e-5, rtol=1e-4)
        speeds = alternate(
            partial(_steps_a_second, ours, given, 4 * epochs),
            partial(_steps_a_second, theirs, given, 4 * epochs),
            rounds,
        )
        yield Comparison(
            name=name,
            ours="ours",
            theirs="line by line",
            unit="steps",
            setting=f"forward and backward, {_DEPTH} sequences of {_LENGTH} residues, {_D_MSA} and "
            f"{_D_PAIR} numbers, float32, {torch.get_num_threads()} threads",
            our_speeds=speeds[0],
            their_speeds=speeds[1],
        )


def peak_scores(length: int, tile: int | None) -> int:
    """Bytes of the largest tensor that triangle attention makes in evaluation."""
    part = TriangleAttention(8, heads=2, d_head=4, tile=tile or length)
    largest = 0

    class Largest(torch.utils._python_dispatch.TorchDispatchMode):
        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            nonlocal largest
            made = function(*args, **(kwargs or {}))
            if isinstance(made, Tensor):
                largest = max(largest, made.numel() * made.element_size())
            return made

    with torch.no_grad(), Largest():
        part(torch.zeros(1, length, length, 8))
    return largest


def _steps_a_second(run: Callable, given: tuple[Tensor, ...], steps: int) -> float:
    start = time.perf_counter()
    for _ in range(steps):
        inputs = [each.clone().requires_grad_() for each in given]
        run(*inputs).backward()
    return steps / (time.perf_counter() - start)


def _drawn(module: nn.Module) -> nn.Module:
    # Outputs that start at zero would show nothing.
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(0.3 * torch.randn(weight.shape))
    return module


def _direct_attention(part: GatedSelfAttention, x: Tensor, bias: Tensor | None) -> Tensor:
    """Algorithm 7 with a product for each of query, key, value and gate, and each head by name."""
    heads = part.heads
    query, key, value = (
        (x @ weight.T).unflatten(-1, (heads, -1)) for weight in part.projections.weight.chunk(3)
    )
    scores = torch.einsum("bsihc,bsjhc->bsijh", query, key) / math.sqrt(query.shape[-1])
    if bias is not None:
        scores = scores + bias
    mixed = torch.einsum("bsijh,bsjhc->bsihc", scores.softmax(3), value)
    gate = torch.sigmoid(part.gate(x)).unflatten(-1, (heads, -1))
    return part.output((gate * mixed).flatten(-2))


def _direct_multiplication(part: TriangleMultiplication, z: Tensor) -> Tensor:
    """Algorithms 11 and 12: each of the two edges and gates is a product, and one einsum sums."""
    z = part.norm(z)
    sides = []
    for number in (0, 1):
        weight, bias = (p.chunk(2)[number] for p in (part.edges.weight, part.edges.bias))
        gate, shift = (p.chunk(2)[number] for p in (part.edge_gates.weight, part.edge_gates.bias))
        sides.append(torch.sigmoid(z @ gate.T + shift) * (z @ weight.T + bias))
    formula = "bkic,bkjc->bijc" if part.incoming else "bikc,bjkc->bijc"
    summed = torch.einsum(formula, *sides)
    return torch.sigmoid(part.gate(z)) * part.output(part.sum_norm(summed))


def _direct_triangle_attention(part: TriangleAttention, z: Tensor) -> Tensor:
    """Algorithms 13 and 14."""
    z = part.norm(z.transpose(1, 2) if part.ending else z)
    update = _direct_attention(part.attention, z, part.bias(z)[:, None])
    return update.transpose(1, 2) if part.ending else update


def _direct_block(block: EvoformerBlock, m: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
    """Algorithm 6."""
    row, column, transition = block.msa_updates
    bias = row.bias(row.pair_norm(z))[:, None]
    m = m + _direct_attention(row.attention, row.norm(m), bias)
    columns = column.norm(m).transpose(1, 2)
    m = m + _direct_attention(column.attention, columns, None).transpose(1, 2)
    m = m + transition(m, z)
    left, right = block.outer.left_right(block.outer.norm(m)).chunk(2, -1)
    outer = torch.einsum("bsic,bsje->bijce", left, right) / m.shape[1]
    z = z + block.outer.output(outer.flatten(-2))
    for update in block.pair_updates:
        if isinstance(update, TriangleMultiplication):
            z = z + _direct_multiplication(update, z)
        elif isinstance(update, TriangleAttention):
            z = z + _direct_triangle_attention(update, z)
        else:
            z = z + update(z)
    return m, z


if __name__ == "__main__":
    for length in (64, 128, 256):
        whole, tiled = (peak_scores(length, tile) / 1e6 for tile in (None, 32))
        print(f"{length:>5} residues: {whole:8.1f} MB whole, {tiled:8.1f} MB in tiles of 32")
