import pytest
import torch
from einops import rearrange

from replications.layers.positions import LearnedPositions
from replications.layers.residual import PreNorm
from replications.models.attention_maps import record_attention
from replications.models.transformer import Transformer

SOURCE, TARGET = torch.tensor([5, 6, 7, 8, 2]), torch.tensor([1, 9, 5, 4])


def model_of(**changes):
    torch.manual_seed(0)
    sizes = {"d_model": 12, "layers": 2, "heads": 3, "d_ff": 8, "dropout": 0.5} | changes
    return Transformer(11, 11, **sizes)


def weights_by_hand(attention, tokens, causal=False):
    """softmax(q k / sqrt(4)) of each head, for tokens that look at themselves."""
    query = rearrange(attention.query(tokens), "t (h k) -> h t k", h=3)
    keys, _ = attention.key_value(tokens).chunk(2, dim=-1)
    keys = rearrange(keys, "t (h k) -> h t k", h=3)
    scores = query @ keys.transpose(1, 2) / 2
    if causal:
        ahead = torch.ones(len(tokens), len(tokens), dtype=torch.bool).triu(1)
        scores = scores.masked_fill(ahead, -torch.inf)
    return scores.softmax(-1)


@torch.no_grad()
def test_the_first_layers_weights_are_those_computed_by_hand():
    model = model_of().eval()
    maps = record_attention(model, SOURCE, TARGET)
    source = model.embed(model.embedding, SOURCE[None])[0]
    target = model.embed(model.target_embedding, TARGET[None])[0]
    first = weights_by_hand(model.encoder[0].attention, source)
    torch.testing.assert_close(maps.encoder[0], first)
    causal = weights_by_hand(model.decoder[0].self_attention, target, causal=True)
    torch.testing.assert_close(maps.decoder_self[0], causal)


@torch.no_grad()
def test_a_later_layer_looks_at_what_the_layer_before_it_made():
    model = model_of().eval()
    source = model.encoder[0](model.embed(model.embedding, SOURCE[None]), None)[0]
    maps = record_attention(model, SOURCE, TARGET)
    second = weights_by_hand(model.encoder[1].attention, source)
    torch.testing.assert_close(maps.encoder[1], second)


@pytest.mark.parametrize(
    "changes", [{}, {"residual": PreNorm, "positions": LearnedPositions, "heads": 4}]
)
def test_the_attention_to_the_source_is_what_the_model_reports(changes):
    model = model_of(**changes).eval()
    maps = record_attention(model, SOURCE, TARGET)
    expected = model.attention(SOURCE[None], TARGET[None])[0]
    torch.testing.assert_close(maps.cross, expected)


def test_every_row_sums_to_one_and_no_token_looks_ahead():
    maps = record_attention(model_of(), SOURCE, TARGET)
    assert [part.shape for part in maps] == [(2, 3, 5, 5), (2, 3, 4, 4), (2, 3, 4, 5)]
    for part in maps:
        torch.testing.assert_close(part.sum(-1), torch.ones(part.shape[:-1]))
    assert not maps.decoder_self.triu(1).any()


@torch.no_grad()
def test_being_watched_changes_nothing_in_the_model():
    model = model_of().eval()
    before = model(SOURCE[None], TARGET[None])
    record_attention(model, SOURCE, TARGET)
    assert torch.equal(model(SOURCE[None], TARGET[None]), before)
    assert not any(part._forward_hooks for part in model.modules())


def test_dropout_comes_back_even_after_a_failure():
    model = model_of(max_length=4)
    with pytest.raises(ValueError, match="5 positions"):
        record_attention(model, SOURCE, TARGET)
    assert model.training
    assert not any(part._forward_hooks for part in model.modules())
