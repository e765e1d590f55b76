from functools import partial

import pytest
import torch
from torch import nn
from torch.nn import functional
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaAttention, LlamaRotaryEmbedding

from replications.errors import ReplicationError
from replications.layers.attention import MultiHeadAttention, SelfAttention, causal_mask
from replications.layers.grouped_query import GroupedQueryAttention
from replications.layers.key_value_cache import KeyValueCache, cache_bytes
from replications.layers.rotary import Rotary
from replications.layers.watching import watching

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
KV_HEADS = pytest.mark.parametrize("kv_heads", [1, 2, 3, 6])
D, HEADS, TIME = 24, 6, 7


def built(kv_heads, **parts):
    torch.manual_seed(0)
    given = {"rotary": Rotary, "linear": partial(nn.Linear, bias=False)} | parts
    return GroupedQueryAttention(D, HEADS, kv_heads=kv_heads, **given)


@pytest.fixture
def tokens():
    return torch.randn(2, TIME, D, generator=torch.Generator().manual_seed(1))


MASK = causal_mask(TIME, TIME)[None]


@KV_HEADS
def test_it_is_the_attention_of_transformers_llama(kv_heads, tokens):
    ours = built(kv_heads)
    config = LlamaConfig(
        hidden_size=D, num_attention_heads=HEADS, num_key_value_heads=kv_heads, head_dim=4
    )
    config._attn_implementation = "eager"
    theirs = LlamaAttention(config, 0)
    keys, values = ours.key_value.weight.detach().chunk(2)
    with torch.no_grad():
        for name, weight in {
            "q_proj": ours.query.weight,
            "k_proj": keys,
            "v_proj": values,
            "o_proj": ours.output.weight,
        }.items():
            getattr(theirs, name).weight.copy_(weight)
    turns = LlamaRotaryEmbedding(config)(tokens, torch.arange(TIME)[None])
    hidden = torch.zeros(1, 1, TIME, TIME).masked_fill(~MASK[None], -torch.inf)
    expected, weights = theirs(tokens, turns, hidden)
    with watching(ours) as our_weights:
        found, _ = ours.forward_cached(tokens, None, MASK)
    torch.testing.assert_close(found, expected, **CLOSE)
    torch.testing.assert_close(our_weights, [weights], **CLOSE)


def test_with_all_heads_of_keys_and_biases_it_is_multi_head_attention(tokens):
    ours = built(HEADS, rotary=None, linear=nn.Linear)
    plain = MultiHeadAttention(D, HEADS)
    plain.load_state_dict(ours.state_dict())
    assert isinstance(ours, SelfAttention) and isinstance(plain, SelfAttention)
    for found, expected in zip(
        ours.forward_cached(tokens, None, MASK),
        plain.forward_cached(tokens, None, MASK),
        strict=True,
    ):
        torch.testing.assert_close(found, expected, **CLOSE)


@KV_HEADS
@pytest.mark.parametrize("mask", [MASK, None], ids=["causal", "none"])
def test_it_is_the_grouped_attention_of_torch(kv_heads, mask, tokens):
    ours = built(kv_heads, rotary=None)
    found, past = ours.forward_cached(tokens, None, mask)
    query = ours.query(tokens).unflatten(-1, (HEADS, 4)).transpose(1, 2)
    expected = functional.scaled_dot_product_attention(
        query,
        *past,
        attn_mask=None if mask is None else mask[:, None],
        enable_gqa=True,
    )
    torch.testing.assert_close(found, ours.output(expected.transpose(1, 2).flatten(2)), **CLOSE)


@KV_HEADS
def test_tokens_one_by_one_see_what_they_see_together_with_and_without_room(kv_heads, tokens):
    ours = built(kv_heads)
    whole, all_kv = ours.forward_cached(tokens, None, MASK)
    for past in (None, KeyValueCache(TIME)):
        seen = []
        for time in range(TIME):
            new, past = ours.forward_cached(tokens[:, time : time + 1], past, None)
            seen.append(new)
        torch.testing.assert_close(torch.cat(seen, 1), whole, **CLOSE)
        torch.testing.assert_close(past.keys, all_kv.keys, **CLOSE)
        assert past.length == TIME
        assert past.keys.shape == (2, kv_heads, TIME, 4)


@KV_HEADS
def test_gradients_are_those_of_the_formula_in_double_precision(kv_heads):
    ours = built(kv_heads, rotary=None).double()
    inputs = torch.randn(1, 3, D, dtype=torch.float64, requires_grad=True)
    mask = causal_mask(3, 3)[None]
    assert torch.autograd.gradcheck(lambda x: ours.forward_cached(x, None, mask)[0], (inputs,))


@KV_HEADS
def test_the_cache_takes_as_much_as_is_counted(kv_heads, tokens):
    cache = KeyValueCache(20)
    built(kv_heads).forward_cached(tokens, cache, MASK)
    counted = cache_bytes(
        layers=1, kv_heads=kv_heads, d_head=4, context=20, batch=2, number_bytes=4
    )
    assert cache.bytes == counted
    assert counted * (HEADS // kv_heads) == cache_bytes(
        layers=1, kv_heads=HEADS, d_head=4, context=20, batch=2, number_bytes=4
    )


def test_a_cache_that_is_full_or_of_other_texts_says_so(tokens):
    cache, ours = KeyValueCache(TIME + 1), built(2)
    with pytest.raises(ReplicationError, match="holds nothing: read a prompt"):
        _ = cache.keys
    ours.forward_cached(tokens, cache, MASK)
    with pytest.raises(ReplicationError, match="holds 2 texts, the batch 1"):
        ours.forward_cached(tokens[:1, :1], cache, None)
    with pytest.raises(ReplicationError, match="9 tokens do not fit into a cache for 8"):
        ours.forward_cached(tokens[:, :2], cache, causal_mask(2, TIME + 2)[None])


@pytest.mark.parametrize("kv_heads", [4, 0, 12])
def test_heads_that_cannot_be_shared_out_are_refused(kv_heads):
    with pytest.raises(ValueError, match=f"6 heads of queries cannot share {kv_heads} "):
        built(kv_heads)
    with pytest.raises(ValueError, match="24 dimensions cannot be split into 5 heads"):
        GroupedQueryAttention(D, 5)
