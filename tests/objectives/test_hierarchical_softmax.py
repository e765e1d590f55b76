from __future__ import annotations

import gensim.models
import pytest
import torch
from torch.testing import assert_close

from replications.objectives.binary_targets import (
    BinaryTargets,
    binary_gradient,
    binary_loss,
)
from replications.objectives.hierarchical_softmax import (
    HierarchicalSoftmax,
    SharedNodes,
    huffman_paths,
)
from replications.tokens.words import Vocabulary


def draw_counts(words: int, seed: int) -> tuple[int, ...]:
    """Zipf-like counts, the most frequent first, so large that no two sums of them are equal."""
    noise = torch.rand(words, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    counts = (1e9 * (1 + noise) / torch.arange(1, words + 1)).long()
    return tuple(counts.sort(descending=True).values.tolist())


def codes_of(occurrences: tuple[int, ...]) -> list[str]:
    _, left, on_path = huffman_paths(occurrences)
    return [
        "".join("L" if side else "R" for side in sides[used].tolist())
        for sides, used in zip(left, on_path, strict=True)
    ]


def layer_of(words: int, dimension: int = 4) -> HierarchicalSoftmax:
    counts = draw_counts(words, seed=2)
    names = tuple(f"w{number}" for number in range(words))
    layer = HierarchicalSoftmax(Vocabulary(names, counts), dimension).double()
    layer.weight.data.normal_(generator=torch.Generator().manual_seed(0))
    return layer


def test_the_textbook_example_has_the_textbook_code_lengths():
    # Cormen et al., Introduction to Algorithms, section on Huffman codes: 224,000 bits in all.
    occurrences = (45, 16, 13, 12, 9, 5)
    lengths = [len(code) for code in codes_of(occurrences)]
    assert lengths == [1, 3, 3, 3, 4, 4]
    assert sum(n * length for n, length in zip(occurrences, lengths, strict=True)) == 224


@pytest.mark.parametrize("words", [2, 3, 8, 57])
def test_the_codes_are_those_of_a_full_binary_tree(words):
    codes = codes_of(draw_counts(words, seed=1))
    assert sum(2.0 ** -len(code) for code in codes) == 1
    assert not any(one != other and other.startswith(one) for one in codes for other in codes), (
        "one code is the beginning of another"
    )
    assert len(set(codes)) == words


def test_frequent_words_have_no_longer_paths_than_rare_ones():
    lengths = [len(code) for code in codes_of(draw_counts(57, seed=1))]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]


def test_equally_frequent_words_make_a_balanced_tree():
    assert {len(code) for code in codes_of((7,) * 16)} == {4}


def test_every_path_starts_at_the_root_and_each_inner_node_parts_the_words_in_two():
    words = 57
    path, left, on_path = huffman_paths(draw_counts(words, seed=1))
    assert set(path[:, 0].tolist()) == {words - 2}
    sides = {
        (node, side)
        for nodes, turns, used in zip(path.tolist(), left.tolist(), on_path.tolist(), strict=True)
        for node, side, real in zip(nodes, turns, used, strict=True)
        if real
    }
    assert sides == {(node, side) for node in range(words - 1) for side in (True, False)}


def test_the_tree_is_that_of_gensim():
    counts = draw_counts(57, seed=1)
    names = [f"w{number}" for number in range(57)]
    theirs = gensim.models.Word2Vec(hs=1, negative=0, min_count=1)
    theirs.build_vocab_from_freq(dict(zip(names, counts, strict=True)))
    path, left, on_path = huffman_paths(counts)
    for number, name in enumerate(names):
        used = on_path[number]
        assert path[number][used].tolist() == theirs.wv.get_vecattr(name, "point").tolist()
        assert (~left[number][used]).int().tolist() == theirs.wv.get_vecattr(name, "code").tolist()


@pytest.mark.parametrize("words", [2, 23])
def test_the_probabilities_of_all_words_sum_to_one(words):
    layer = layer_of(words)
    hidden = torch.randn(1, 1, 4, generator=torch.Generator().manual_seed(3)).double()
    total = 0.0
    for word in range(words):
        binary_targets = layer.binary_targets(torch.tensor([[word]]), torch.ones(1, 1, 1).double())
        total += (
            (-binary_loss(hidden, layer.weight[binary_targets.rows], binary_targets)).exp().item()
        )
    assert total == pytest.approx(1, abs=1e-12)


def test_several_targets_cost_as_much_together_as_one_by_one():
    layer = layer_of(23)
    hidden = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(3)).double()
    targets = torch.tensor([[0, 5, 22, 5], [1, 2, 0, 1]])
    weights = torch.rand(2, 3, 4, generator=torch.Generator().manual_seed(4)).double().round()
    together = layer.binary_targets(targets, weights)
    expected = torch.tensor(0.0).double()
    for block, i, j in weights.nonzero().tolist():
        alone = layer.binary_targets(targets[block, j].view(1, 1), torch.ones(1, 1, 1).double())
        expected += binary_loss(hidden[block, i].view(1, 1, 4), layer.weight[alone.rows], alone)
    assert 0 < weights.sum() < weights.numel()
    assert_close(binary_loss(hidden, layer.weight[together.rows], together), expected)


def test_levels_below_all_targets_are_left_out():
    layer = layer_of(57)
    targets = torch.tensor([[0, 1], [2, 0]])
    depth = int(layer.on_path[targets].sum(-1).max())
    assert depth < layer.path.shape[1]
    assert layer.binary_targets(targets, torch.ones(2, 3, 2).double()).rows.shape == (2, 2 * depth)


def test_the_frequent_word_of_two_is_the_right_branch():
    layer = HierarchicalSoftmax(Vocabulary(("often", "seldom"), (9, 4)), 3)
    binary_targets = layer.binary_targets(torch.tensor([[0, 1]]), torch.ones(1, 1, 2))
    assert isinstance(binary_targets, BinaryTargets)
    assert binary_targets.rows.tolist() == [[0, 0]]
    assert binary_targets.positives.tolist() == [[[0, 1]]]
    assert binary_targets.totals.tolist() == [[[1, 1]]]


def test_nodes_that_are_fetched_once_for_a_block_give_the_same_loss_and_gradients():
    plain = layer_of(40)
    names = tuple(f"w{number}" for number in range(40))
    shared = SharedNodes(Vocabulary(names, draw_counts(40, seed=2)), 4).double()
    generator = torch.Generator().manual_seed(1)
    targets = torch.randint(0, 40, (3, 9), generator=generator)
    weights = torch.randint(0, 3, (3, 5, 9), generator=generator).double()
    hidden = torch.randn(3, 5, 4, generator=generator, dtype=torch.float64)
    found = []
    for layer in (plain, shared):
        asked = layer.binary_targets(targets, weights)
        rows = plain.weight.detach()[asked.rows]
        for_hidden, for_rows = binary_gradient(hidden, rows, asked)
        by_node = torch.zeros(39, 5, dtype=torch.float64)
        # The number of pairs of each node comes last: what an update is capped by.
        sums = torch.cat([for_rows, asked.totals.sum(1)[..., None]], 2)
        by_node.index_add_(0, asked.rows.flatten(), sums.flatten(0, 1))
        found.append((binary_loss(hidden, rows, asked), for_hidden, by_node))
    for one, other in zip(*found, strict=True):
        assert_close(one, other)
    once = shared.binary_targets(targets, weights).rows
    # The last ones may fill up a block with fewer nodes than the others, and no word asks there.
    assert once.shape[1] < plain.binary_targets(targets, weights).rows.shape[1] / 2
