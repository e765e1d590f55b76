import math
from functools import partial

import pytest
import torch
from torch import nn

from replications.layers.attention import (
    CAUSAL,
    AdditiveAttention,
    DotProductAttention,
    MultiHeadAttention,
    attention_weights,
    causal_mask,
    fused_attention,
)
from replications.layers.watching import watching


def additive(query=6, memory=5, size=4):
    attention = AdditiveAttention(query, memory, size)
    for weight in attention.parameters():
        nn.init.normal_(weight)
    return attention


def torch_multi_head(ours: MultiHeadAttention, d_model: int) -> nn.MultiheadAttention:
    theirs = nn.MultiheadAttention(d_model, ours.heads, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat((ours.query.weight, ours.key_value.weight)))
        theirs.in_proj_bias.copy_(torch.cat((ours.query.bias, ours.key_value.bias)))
        theirs.out_proj.load_state_dict(ours.output.state_dict())
    return theirs


def watched(attention, *inputs):
    """What one use of an attention gives, and its weights."""
    with watching(attention) as weights:
        context = attention(*inputs)
    return context, *weights


@pytest.fixture
def masked():
    torch.manual_seed(0)
    memory = torch.randn(3, 7, 8)
    mask = torch.ones(3, 1, 7, dtype=torch.bool)
    mask[0, 0, 4:], mask[2, 0, 1:] = False, False
    return torch.randn(3, 5, 8), memory, mask


def test_multi_head_attention_is_that_of_torch_forward_and_backward(masked):
    query, memory, mask = masked
    ours = MultiHeadAttention(8, 2)
    for weight in ours.parameters():
        nn.init.normal_(weight, std=0.5)
    theirs = torch_multi_head(ours, 8)
    with watching(ours) as seen:
        mine = ours(query, memory, mask)
    (weights,) = seen
    reference, theirs_weights = theirs(
        query, memory, memory, key_padding_mask=~mask[:, 0], average_attn_weights=False
    )
    torch.testing.assert_close(mine, reference, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(weights, theirs_weights, atol=1e-5, rtol=1e-5)
    upstream = torch.randn_like(mine)
    mine.backward(upstream)
    reference.backward(upstream)
    together = torch.cat((ours.query.weight.grad, ours.key_value.weight.grad))
    torch.testing.assert_close(together, theirs.in_proj_weight.grad, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(
        ours.output.weight.grad, theirs.out_proj.weight.grad, atol=1e-5, rtol=1e-5
    )


def test_watching_the_weights_changes_nothing_else(masked):
    query, memory, mask = masked
    attention = MultiHeadAttention(8, 4)
    expected = attention(query, memory, mask)
    with watching(attention):
        torch.testing.assert_close(attention(query, memory, mask), expected, atol=0, rtol=0)


def test_keys_may_have_a_size_of_their_own():
    attention = MultiHeadAttention(8, 2, d_head=3)
    assert attention.query.weight.shape == (6, 8)
    assert attention.key_value.weight.shape == (12, 8)
    assert attention.output.weight.shape == (8, 6)


def test_queries_and_keys_may_be_narrower_than_values():
    attention = MultiHeadAttention(8, 2, d_key=3)
    assert attention.query.weight.shape == (6, 8)
    assert attention.key_value.weight.shape == (6 + 8, 8)
    assert attention.output.weight.shape == (8, 8)
    keys, values = attention.keys_and_values(torch.randn(1, 5, 8))
    assert (keys.shape, values.shape) == ((1, 2, 5, 3), (1, 2, 5, 4))
    tokens = torch.randn(1, 5, 8)
    scores = attention.query(tokens)[..., 3:] @ keys_of(attention, tokens)[..., 3:6].mT / 3**0.5
    expected = scores.softmax(-1) @ keys_of(attention, tokens)[..., 10:]
    attended = attention.output.weight.new_zeros(1, 5, 8)
    attended[..., 4:] = expected
    others = attention(tokens, tokens, None) - attention.output(attended)
    # What is left is the first head's part: it does not change with the second head's keys.
    with torch.no_grad():
        attention.key_value.weight[3:6] = 0
        attention.query.weight[3:] = 0
        attended[..., 4:] = keys_of(attention, tokens)[..., 10:].mean(1, keepdim=True)
    torch.testing.assert_close(
        attention(tokens, tokens, None) - attention.output(attended), others, atol=1e-5, rtol=1e-5
    )


def keys_of(attention, tokens):
    return attention.key_value(tokens)


def test_heads_that_do_not_divide_the_width_are_refused():
    with pytest.raises(ValueError, match="8 dimensions cannot be split into 3 heads"):
        MultiHeadAttention(8, 3)


def test_dot_product_attention_is_equation_1():
    query = torch.tensor([[[1.0, 0.0]]])
    keys = torch.tensor([[[math.sqrt(2) * math.log(3), 5.0], [0.0, -7.0]]])
    values = torch.tensor([[[1.0], [5.0]]])
    context, weights = watched(DotProductAttention(), query, keys, values, None)
    torch.testing.assert_close(weights, torch.tensor([[[0.75, 0.25]]]))
    torch.testing.assert_close(context, torch.tensor([[[2.0]]]))


def test_additive_attention_is_the_loop_of_the_paper():
    torch.manual_seed(1)
    attention = additive()
    state, memory = torch.randn(2, 3, 6), torch.randn(2, 7, 5)
    context, weights = watched(attention, state, attention.keys(memory), memory, None)
    W, U, v = attention.query.weight, attention.keys.weight, attention.score
    for b in range(2):
        for i in range(3):
            energies = torch.stack(
                [v @ torch.tanh(W @ state[b, i] + U @ memory[b, j]) for j in range(7)]
            )
            alpha = energies.exp() / energies.exp().sum()
            torch.testing.assert_close(weights[b, i], alpha)
            mixture = sum(alpha[j] * memory[b, j] for j in range(7))
            torch.testing.assert_close(context[b, i], mixture)


def test_additive_attention_starts_uniform():
    attention = AdditiveAttention(6, 5, 4)
    memory = torch.randn(1, 4, 5)
    _, weights = watched(attention, torch.randn(1, 1, 6), attention.keys(memory), memory, None)
    torch.testing.assert_close(weights, torch.full((1, 1, 4), 0.25))


def test_additive_attention_starts_with_the_papers_deviation_wherever_it_is_used():
    torch.manual_seed(0)
    attention = AdditiveAttention(60, 50, 40)
    assert not attention.score.any()
    for layer in (attention.query, attention.keys):
        assert 0.0009 < layer.weight.std() < 0.0011


@pytest.mark.parametrize("kind", ["additive", "dot product"])
def test_nothing_is_seen_where_it_is_not_allowed(kind):
    torch.manual_seed(2)
    memory, query = torch.randn(1, 4, 6), torch.randn(1, 2, 6)
    attention = additive(6, 6, 6) if kind == "additive" else DotProductAttention()
    mask = torch.tensor([[[True, True, False, False]]])

    def attend(memory):
        keys = attention.keys(memory) if kind == "additive" else memory
        return watched(attention, query, keys, memory, mask)

    expected, weights = attend(memory)
    assert (weights[..., 2:] == 0).all()
    changed = memory.clone()
    changed[:, 2:] = 1e3
    torch.testing.assert_close(attend(changed)[0], expected)


def test_a_query_that_may_look_nowhere_gets_zeros_and_no_nan():
    memory = torch.randn(1, 3, 4, requires_grad=True)
    nowhere = torch.zeros(1, 1, 3, dtype=torch.bool)
    context = DotProductAttention()(memory, memory, memory, nowhere)
    assert (context == 0).all()
    context.sum().backward()
    assert memory.grad.isfinite().all()


def test_each_projection_starts_as_a_square_matrix_of_its_own():
    # Fused as one matrix of 3d rows, Glorot's limit would be sqrt(6 / 4d), not sqrt(6 / 2d).
    torch.manual_seed(0)
    attention = MultiHeadAttention(64, 4)
    limit = math.sqrt(6 / 128)
    for weight in (attention.query.weight, *attention.key_value.weight.chunk(2)):
        assert 0.95 * limit < weight.abs().max() <= limit


def test_dropout_takes_weights_out_in_training_and_keeps_the_mean():
    torch.manual_seed(0)
    attention = DotProductAttention(dropout=0.25)
    query, values = torch.zeros(1, 400, 4), torch.ones(1, 200, 1)
    context, weights = watched(attention, query, torch.zeros(1, 200, 4), values, None)
    assert abs((weights == 0).double().mean() - 0.25) < 0.01
    assert abs(context.mean() - 1) < 0.01
    assert context.std() > 0.01
    attention.eval()
    context, weights = watched(attention, query, torch.zeros(1, 200, 4), values, None)
    torch.testing.assert_close(context, torch.ones_like(context))
    torch.testing.assert_close(weights, torch.full_like(weights, 1 / 200))


def test_what_weighs_may_be_passed_in():
    weigh = partial(DotProductAttention, dropout=0.5)
    assert MultiHeadAttention(8, 2, attention=weigh).attention.dropout.p == 0.5
    assert MultiHeadAttention(8, 2).attention.dropout.p == 0.0


def test_tokens_that_come_later_look_back_at_kept_keys_and_values():
    torch.manual_seed(0)
    attention, tokens = MultiHeadAttention(8, 2), torch.randn(3, 5, 8)
    causal = torch.ones(1, 5, 5, dtype=torch.bool).tril()
    with watching(attention) as weights:
        whole, whole_kv = attention.forward_cached(tokens, None, causal)
        first, past_kv = attention.forward_cached(tokens[:, :2], None, causal[:, :2, :2])
        last, present_kv = attention.forward_cached(tokens[:, 2:], past_kv, causal[:, 2:])
    torch.testing.assert_close(torch.cat((first, last), 1), whole)
    torch.testing.assert_close(weights[2], weights[0][:, :, 2:])
    for one, other in zip(present_kv, whole_kv, strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_masks_by_addition_give_the_weights_and_gradients_of_filling_in(dtype):
    torch.manual_seed(0)
    scores = torch.randn(3, 2, 5, 5, dtype=dtype, requires_grad=True)
    upstream = torch.randn(3, 2, 5, 5, dtype=dtype)
    padding = (torch.arange(5) < torch.tensor([5, 3, 0])[:, None])[:, None, None]
    for mask in (CAUSAL, causal_mask(5, 5), padding, padding[:2].repeat(2, 1, 1, 1)[:3]):
        visible = causal_mask(5, 5) if mask is CAUSAL else mask
        filled = scores.masked_fill(~visible, -math.inf).softmax(-1).masked_fill(~visible, 0.0)
        weights = attention_weights(scores, mask)
        assert torch.equal(weights, filled)
        assert torch.equal(
            *(torch.autograd.grad(each, scores, upstream)[0] for each in (weights, filled))
        )


def test_a_target_before_the_first_source_gets_zeros_from_causal_as_from_its_matrix():
    torch.manual_seed(0)
    scores = torch.randn(1, 4, 2, requires_grad=True)
    weights = attention_weights(scores, CAUSAL)
    assert torch.equal(weights, attention_weights(scores, causal_mask(4, 2)[None]))
    assert (weights[0, :2] == 0).all()
    assert weights[0, 2].tolist() == [1.0, 0.0]
    (gradient,) = torch.autograd.grad(weights.square().sum(), scores)
    assert gradient.isfinite().all() and gradient[0, 3].any()
    query, keys, values = torch.randn(1, 4, 3), torch.randn(1, 2, 3), torch.randn(1, 2, 5)
    expected = attention_weights(query @ keys.mT / 3**0.5, CAUSAL) @ values
    torch.testing.assert_close(fused_attention(query, keys, values, CAUSAL), expected)
