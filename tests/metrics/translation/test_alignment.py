from types import SimpleNamespace

import pytest
import torch
from einops import rearrange, repeat
from torch import nn

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.parallel_text import Pairs
from replications.errors import ReplicationError
from replications.metrics.translation.alignment import (
    alignment_error_rate,
    alignment_metrics,
    alignment_precision,
    alignment_recall,
    attention_links,
    crossing_words,
    diagonal_links,
    links_of,
    numbered,
    word_weights,
    words_of_tokens,
)
from replications.tokens.bpe import BytePairEncoding
from replications.tokens.languages import Languages, as_written, reversed_order
from replications.tokens.shortlist import Shortlist
from replications.tokens.special import PAD


def test_the_error_rate_follows_och_and_ney():
    links = {(0, 0), (1, 1), (2, 2), (3, 3)}
    sure, possible = {(0, 0), (1, 2)}, {(0, 0), (1, 2), (1, 1), (2, 2)}
    # |A and S| = 1, |A and P| = 3, |A| + |S| = 6.
    assert alignment_error_rate(links, sure, possible) == pytest.approx(1 - 4 / 6)
    assert alignment_precision(links, possible) == 3 / 4
    assert alignment_recall(links, sure) == 1 / 2


def test_the_error_rate_is_nought_for_sure_links_with_some_possible_ones_and_one_for_none_right():
    sure, possible = {(0, 0)}, {(1, 1)}
    assert alignment_error_rate(sure, sure, possible) == 0
    assert alignment_error_rate({(0, 0), (1, 1)}, sure, possible) == 0
    assert alignment_error_rate({(5, 5)}, sure, possible) == 1
    assert alignment_error_rate(set(), sure, possible) == 1


def test_with_sure_links_alone_the_error_rate_is_one_less_the_f_measure():
    links, sure = {(0, 0), (1, 1), (2, 2)}, {(0, 0), (1, 1), (3, 3), (4, 4)}
    precision, recall = alignment_precision(links, sure), alignment_recall(links, sure)
    f_measure = 2 * precision * recall / (precision + recall)
    assert alignment_error_rate(links, sure, sure) == pytest.approx(1 - f_measure)


def test_the_rate_of_many_sentences_is_one_of_sums():
    short, long = {(0, 0)}, {(n, n) for n in range(9)}
    found, sure = numbered([{(0, 1)}, long]), numbered([short, long])
    assert alignment_error_rate(found, sure, sure) == pytest.approx(1 - 18 / 20)


def test_nothing_to_compare_is_refused():
    with pytest.raises(ReplicationError, match="no links to compare"):
        alignment_error_rate(set(), set(), {(0, 0)})


@pytest.mark.parametrize("length", [1, 2, 7])
def test_the_diagonal_of_equal_lengths_joins_equal_places(length):
    assert diagonal_links(length, length) == {(n, n) for n in range(length)}


def test_the_diagonal_of_different_lengths_links_every_target_word_in_order():
    assert diagonal_links(2, 4) == {(0, 0), (0, 1), (1, 2), (1, 3)}
    assert diagonal_links(4, 2) == {(1, 0), (3, 1)}
    assert diagonal_links(1, 3) == {(0, 0), (0, 1), (0, 2)}


def test_words_are_reordered_where_their_links_cross():
    assert crossing_words({(0, 0), (1, 1), (2, 2)}) == set()
    assert crossing_words({(0, 0), (1, 2), (2, 1), (3, 3)}) == {1, 2}
    # Two source words for one target word cross nothing, nor do two target words for one.
    assert crossing_words({(0, 0), (1, 0), (1, 1)}) == set()


def test_word_weights_sum_over_source_tokens_and_average_over_target_tokens():
    weights = torch.tensor(
        [
            [0.2, 0.3, 0.4, 0.1],
            [0.1, 0.1, 0.6, 0.2],
            [0.0, 0.8, 0.2, 0.0],
            [0.9, 0.0, 0.0, 0.1],  # where END is predicted
        ]
    )
    words = word_weights(weights, [0, 0, 1], [0, 0, 1])
    expected = [[(0.5 / 0.9 + 0.2 / 0.8) / 2, (0.4 / 0.9 + 0.6 / 0.8) / 2], [0.8, 0.2]]
    torch.testing.assert_close(words, torch.tensor(expected))


def test_one_token_for_each_word_and_nothing_on_the_end_mark_leaves_the_weights_as_they_are():
    weights = torch.rand(5, 7).softmax(-1)
    padded = nn.functional.pad(weights, (0, 3, 0, 2))
    torch.testing.assert_close(word_weights(padded, range(7), range(5)), weights)


def test_a_source_that_is_read_backwards_gives_the_same_words():
    weights = torch.rand(3, 5).softmax(-1)
    forward = word_weights(weights, [0, 0, 1, 2], [0, 1, 1])
    backward = torch.cat([weights[:, :4].flip(-1), weights[:, 4:]], -1)
    torch.testing.assert_close(word_weights(backward, [2, 1, 0, 0], [0, 1, 1]), forward)


def test_each_target_word_is_linked_to_its_greatest_weight_unless_it_looks_nowhere():
    weights = torch.tensor([[0.1, 0.9], [0.0, 0.0], [0.6, 0.4]])
    assert links_of(weights) == {(1, 0), (0, 2)}
    only_end = word_weights(torch.tensor([[0.0, 0.0, 1.0], [0.5, 0.1, 0.4]]), [0, 1], [0, 1])
    assert links_of(only_end) == {(0, 1)}


TEXT = ["the old man 's house", "l' homme vieux et la maison"]


def test_a_word_may_be_several_tokens():
    tokenizer = BytePairEncoding.learn(TEXT, merges=0, min_count=1)
    assert words_of_tokens(tokenizer, "la l'h") == [0, 0, *[1] * (len(tokenizer.encode("l'h")))]


class Whole:
    """A tokenizer to which a whole text is one token."""

    symbols = ()

    def __len__(self):
        return 0

    def encode(self, text, *, unknown_allowed=False):
        return [4]

    def decode(self, ids):
        return ""

    def segment(self, text):
        return [[text]]


def test_a_tokenizer_that_does_not_go_word_by_word_is_refused():
    with pytest.raises(ReplicationError, match="Whole makes other tokens"):
        words_of_tokens(Whole(), "two words")


class WithoutAttention(nn.Module):
    """As much of a translator as has a name."""

    def encode(self, source):
        raise NotImplementedError

    start = step = encode


class Pointer(WithoutAttention):
    """Looks at the source token of the same spelling as the one it predicts, else at END.

    It has two layers of two heads; the first head of the second layer looks at the first token.
    """

    def __init__(self, tokenizer):
        super().__init__()
        self.tokenizer, self.was_training = tokenizer, []

    def attention(self, source, target):
        self.was_training.append(self.training)
        predicted = nn.functional.pad(target[:, 1:], (0, 1), value=PAD)
        same = rearrange(predicted, "b t -> b t 1") == rearrange(source, "b s -> b 1 s")
        weights = same.float().clamp_min(1e-3) * rearrange(source != PAD, "b s -> b 1 s")
        weights = weights / weights.sum(-1, keepdim=True)
        weights = repeat(weights, "b t s -> b layer head t s", layer=2, head=2).clone()
        weights[:, 1, 0] = 0
        weights[:, 1, 0, :, 0] = 1
        return weights


PAIRS = Pairs(
    source=("a b c", "d a", "c b a d"),
    target=("c a b", "d a", "a b c d"),
    sure=(
        frozenset({(2, 0), (0, 1), (1, 2)}),
        frozenset({(0, 0), (1, 1)}),
        frozenset({(2, 0), (1, 1), (0, 2), (3, 3)}),
    ),
    possible=(frozenset(), frozenset(), frozenset()),
)


def languages(order=as_written):
    words = Shortlist.learn(["a b c d"], size=10)
    return Languages(words, words, order, max_length=9)


def measured(order=as_written, pairs=PAIRS, **options):
    vocabulary = languages(order)
    objective = SimpleNamespace(model=Pointer(vocabulary.source))
    data = SimpleNamespace(vocabulary=vocabulary, text=SimpleNamespace(test=pairs))
    return alignment_metrics(objective, data, **options)


@pytest.mark.parametrize("order", [as_written, reversed_order])
def test_attention_to_the_right_words_has_no_errors_however_the_source_is_read(order):
    numbers = measured(order, layer=0)
    assert (numbers["aer"], numbers["precision"], numbers["recall"]) == (0, 1, 1)
    assert (numbers["accuracy"], numbers["reordered_accuracy"]) == (1, 1)
    assert numbers["reordered_words"] == 6
    # The diagonal has the second pair and the middle and end of the third.
    assert numbers["aer_diagonal"] == pytest.approx(1 - 4 / 9)
    assert numbers["accuracy_diagonal"] == pytest.approx(4 / 9)
    assert numbers["reordered_accuracy_diagonal"] == pytest.approx(1 / 6)


@pytest.mark.parametrize(("batch", "order"), [(1, as_written), (12, reversed_order)])
def test_the_links_depend_neither_on_the_batch_nor_on_its_padding(batch, order):
    vocabulary = languages(order)
    found = attention_links(
        Pointer(vocabulary.source), vocabulary, PAIRS, layer=0, tokens_per_batch=batch
    )
    assert found == [set(links) for links in PAIRS.sure]


def test_heads_are_averaged_and_layers_too_unless_one_is_chosen():
    # One head of four looks at the first token: the other three outvote it.
    assert measured()["aer"] == 0
    # In the second layer alone it is one of two, and wins by what the other head leaves over.
    assert measured(layer=1)["aer"] > 0


def test_a_miss_by_one_word_is_near():
    shifted = Pairs(
        PAIRS.source[1:2], PAIRS.target[1:2], (frozenset({(1, 0), (0, 1)}),), (frozenset(),)
    )
    numbers = measured(pairs=shifted, layer=0)
    assert (numbers["accuracy"], numbers["near_accuracy"]) == (0, 1)


def test_without_reordered_words_their_accuracy_is_left_out():
    straight = Pairs(("a b",), ("a b",), (frozenset({(0, 0), (1, 1)}),), (frozenset(),))
    numbers = measured(pairs=straight, layer=0)
    assert numbers["reordered_words"] == 0
    assert "reordered_accuracy" not in numbers


def test_the_pairs_may_come_from_a_corpus_of_their_own():
    identity = CorpusIdentity("gold", "x", "real", "0" * 64, 3, "made up", True)
    unlinked = SimpleNamespace(test=Pairs(("a",), ("a",)))
    data = SimpleNamespace(vocabulary=languages(), text=unlinked)
    objective = SimpleNamespace(model=Pointer(data.vocabulary.source))
    numbers = alignment_metrics(objective, data, pairs=lambda: (PAIRS, identity), layer=0)
    assert numbers["aer"] == 0


def test_subwords_of_one_word_count_as_one_word():
    texts = ["the old man", "man the old"]
    tokenizer = BytePairEncoding.learn(texts, merges=2, min_count=1)
    assert max(len(symbols) for symbols in tokenizer.segment(texts[0])) > 1
    vocabulary = Languages(tokenizer, tokenizer)
    pairs = Pairs(("the old man",), ("man the old",))
    (links,) = attention_links(Pointer(tokenizer), vocabulary, pairs, layer=0)
    assert links == {(2, 0), (0, 1), (1, 2)}


def test_the_model_is_read_without_dropout_and_left_as_it_was():
    vocabulary = languages()
    model = Pointer(vocabulary.source).train()
    attention_links(model, vocabulary, PAIRS)
    assert model.training
    assert not any(model.was_training)


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(ReplicationError, match="layer is 2, but the model has 2"):
        measured(layer=2)
    with pytest.raises(ReplicationError, match="have no gold alignments"):
        measured(pairs=Pairs(("a",), ("a",)))
    with pytest.raises(ReplicationError, match="WithoutAttention has no attention"):
        attention_links(WithoutAttention(), languages(), PAIRS)
