"""Hierarchical softmax: a word is a path of binary classifications down a Huffman tree."""

import heapq

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from replications.objectives.binary_targets import BinaryTargets
from replications.tokens.words import Vocabulary


class HierarchicalSoftmax(nn.Module):
    """One vector for each inner node of the tree; a word's probability is a product along its path.

    Source: Mikolov et al. 2013b, section 2.1, equation 3, with a binary Huffman tree.
    """

    path: Int64[Tensor, "word depth"]
    left: Bool[Tensor, "word depth"]
    on_path: Bool[Tensor, "word depth"]

    def __init__(self, vocabulary: Vocabulary, dimension: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(len(vocabulary) - 1, dimension))
        for name, table in zip(
            ("path", "left", "on_path"), huffman_paths(vocabulary.occurrences), strict=True
        ):
            self.register_buffer(name, table, persistent=False)

    def binary_targets(
        self,
        targets: Int64[Tensor, "block target"],
        weights: Float[Tensor, "block position target"],
        generator: torch.Generator | None = None,
    ) -> BinaryTargets:
        # Frequent words have short paths: the deepest levels are often unused in a batch.
        on_path = self.on_path[targets]
        depth = int(on_path.any(0).any(0).sum())
        on_path = on_path[..., :depth].to(weights.dtype)
        left = self.left[targets][..., :depth].to(weights.dtype)
        totals = (weights[..., None] * on_path[:, None]).flatten(2)
        positives = (weights[..., None] * (on_path * left)[:, None]).flatten(2)
        return BinaryTargets(self.path[targets][..., :depth].flatten(1), positives, totals)


class SharedNodes(HierarchicalSoftmax):
    """Hierarchical softmax that fetches each node shared by the paths of a block once.

    The paths to a block's words have most of their upper nodes in common. Loss and gradients are
    those of `HierarchicalSoftmax`; a block of 64 words fetches a fifth of the rows, and fetching
    takes most of the time.
    """

    def binary_targets(
        self,
        targets: Int64[Tensor, "block target"],
        weights: Float[Tensor, "block position target"],
        generator: torch.Generator | None = None,
    ) -> BinaryTargets:
        on_path = self.on_path[targets]
        depth = int(on_path.any(0).any(0).sum())
        on_path, left = on_path[..., :depth], self.left[targets][..., :depth]
        # Levels below a word's leaf get an index beyond all nodes, which sorts to the end.
        nodes = self.path[targets][..., :depth].masked_fill(~on_path, len(self.weight))
        ordered, order = nodes.flatten(1).sort(1)
        number = nn.functional.pad(ordered.diff(dim=1) != 0, (1, 0)).cumsum(1)
        rows = ordered.new_zeros(len(ordered), int(number.max()) + 1).scatter_(1, number, ordered)
        column = torch.empty_like(number).scatter_(1, order, number).view_as(nodes)
        empty = weights.new_zeros(*targets.shape, rows.shape[1])
        asked = empty.scatter(2, column, on_path.to(weights.dtype))
        yes = empty.scatter_(2, column, (on_path & left).to(weights.dtype))
        return BinaryTargets(rows.clamp_(max=len(self.weight) - 1), weights @ yes, weights @ asked)


def huffman_paths(
    occurrences: tuple[int, ...],
) -> tuple[Int64[Tensor, "word depth"], Bool[Tensor, "word depth"], Bool[Tensor, "word depth"]]:
    """For each word the inner nodes from the root down, whether it goes left, and the path's mask.

    Inner nodes are numbered in the order in which Huffman's algorithm creates them.
    """
    words = len(occurrences)
    heap = [(count, number) for number, count in enumerate(occurrences)]
    heapq.heapify(heap)
    parent = [0] * (2 * words - 1)
    goes_left = [False] * (2 * words - 1)
    for node in range(words, 2 * words - 1):
        rarest, second = heapq.heappop(heap), heapq.heappop(heap)
        parent[rarest[1]] = parent[second[1]] = node
        goes_left[rarest[1]] = True
        heapq.heappush(heap, (rarest[0] + second[0], node))
    paths = []
    for word in range(words):
        steps, node = [], word
        while node != 2 * words - 2:
            steps.append((parent[node] - words, goes_left[node]))
            node = parent[node]
        paths.append(steps[::-1])
    depth = max(map(len, paths))
    path = torch.zeros(words, depth, dtype=torch.int64)
    left, on_path = torch.zeros(2, words, depth, dtype=torch.bool)
    lengths = torch.tensor([len(steps) for steps in paths])
    on_path[:] = torch.arange(depth) < lengths[:, None]
    path[on_path] = torch.tensor([node for steps in paths for node, _ in steps])
    left[on_path] = torch.tensor([side for steps in paths for _, side in steps])
    return path, left, on_path
