"""The fused kernels against the formula, and that the fast one is taken."""

import math

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from replications.layers.attention import (
    CAUSAL,
    DotProductAttention,
    MultiHeadAttention,
    causal_mask,
    fused_attention,
)
from replications.layers.masks import alternating_bands
from replications.layers.watching import watching
from replications.models.presets import BERT, GPT2

TARGETS, SOURCES = 5, 9
needs_a_card = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch finds no CUDA device"
)
DEVICES = ["cpu", pytest.param("cuda", marks=needs_a_card)]


def full(targets, sources):
    return None, torch.ones(targets, sources, dtype=torch.bool)


def causal(targets, sources):
    """By its name, and as a matrix written out target by target: the last sees all."""
    seen = [[s <= t + sources - targets for s in range(sources)] for t in range(targets)]
    return CAUSAL, torch.tensor(seen)


def banded(targets, sources):
    places = torch.arange(sources)
    seen = alternating_bands(1, places[sources - targets :], places, width=3)
    return seen, seen


def padded(targets, sources):
    """Of the three texts the first is whole, the others end early."""
    lengths = torch.tensor([sources, sources - 2, 1])
    seen = (torch.arange(sources) < lengths[:, None])[:, None, None]
    return seen, seen


MASKS = [full, causal, banded, padded]


def drawn(targets, sources, dtype, device):
    """Queries, keys and values of three texts and two heads, and what comes back from above."""
    generator = torch.Generator().manual_seed(0)
    shapes = ((3, 2, targets, 8), (3, 2, sources, 8), (3, 2, sources, 16), (3, 2, targets, 16))
    return [torch.randn(s, generator=generator).to(device, dtype) for s in shapes]


def by_the_formula(query, keys, values, seen):
    """Vaswani et al. 2017, equation 1, in double precision."""
    scores = query @ keys.mT / math.sqrt(query.shape[-1])
    return scores.masked_fill(~seen.to(scores.device), -math.inf).softmax(-1) @ values


def with_gradients(attention, inputs, upstream, mask):
    inputs = [each.detach().clone().requires_grad_() for each in inputs]
    context = attention(*inputs, mask)
    context.backward(upstream)
    return [context.detach(), *(each.grad for each in inputs)]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("targets", [TARGETS, SOURCES], ids=["fewer targets", "as many targets"])
@pytest.mark.parametrize("make_mask", MASKS)
def test_values_and_gradients_are_those_of_the_formula(make_mask, targets, device):
    mask, seen = make_mask(targets, SOURCES)
    mask = mask.to(device) if isinstance(mask, torch.Tensor) else mask
    *inputs, upstream = drawn(targets, SOURCES, torch.float32, device)
    found = with_gradients(fused_attention, inputs, upstream, mask)
    precise = [each.double() for each in inputs]
    expected = with_gradients(by_the_formula, precise, upstream.double(), seen)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.double(), other, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("targets", [TARGETS, SOURCES], ids=["fewer targets", "as many targets"])
@pytest.mark.parametrize("make_mask", MASKS)
def test_bfloat16_stays_near_the_formula_on_the_same_numbers(make_mask, targets, device):
    mask, seen = make_mask(targets, SOURCES)
    mask = mask.to(device) if isinstance(mask, torch.Tensor) else mask
    *inputs, upstream = drawn(targets, SOURCES, torch.bfloat16, device)
    found = with_gradients(fused_attention, inputs, upstream, mask)
    precise = [each.double() for each in inputs]
    expected = with_gradients(by_the_formula, precise, upstream.double(), seen)
    for one, other in zip(found, expected, strict=True):
        # A bfloat16 has eight bits: what it holds is off by up to 0.4 %, and the weights were too.
        torch.testing.assert_close(one.double(), other, atol=2e-2, rtol=2e-2)
        error = one.double() - other
        assert error.norm() < 1e-2 * other.norm()
        assert error.mean().abs() < 1e-3


@pytest.mark.parametrize(("targets", "sources"), [(5, 9), (9, 9), (1, 4)])
def test_the_causal_mask_has_its_last_target_at_the_last_source(targets, sources):
    mask = causal_mask(targets, sources)
    assert torch.equal(mask, causal(targets, sources)[1])
    assert mask[-1].all() and mask.sum(1).tolist() == list(
        range(sources - targets + 1, sources + 1)
    )


def test_the_plain_products_know_the_causal_mask_by_its_name():
    *inputs, _ = drawn(TARGETS, SOURCES, torch.float32, "cpu")
    attention = DotProductAttention()
    with watching(attention) as weights:
        named, written = (attention(*inputs, mask) for mask in causal(TARGETS, SOURCES))
    torch.testing.assert_close(*weights)
    torch.testing.assert_close(named, written)


def test_heads_hand_the_causal_mask_on():
    torch.manual_seed(0)
    attention, tokens = MultiHeadAttention(8, 2), torch.randn(3, 6, 8)
    named, written = (attention(tokens, tokens, mask) for mask in (CAUSAL, causal_mask(6, 6)[None]))
    torch.testing.assert_close(named, written)


def test_a_query_that_may_look_nowhere_gets_zeros_from_the_fused_kernels_too():
    *inputs, upstream = drawn(TARGETS, SOURCES, torch.float32, "cpu")
    seen = torch.ones(TARGETS, SOURCES, dtype=torch.bool)
    seen[2] = False
    context, *gradients = with_gradients(fused_attention, inputs, upstream, seen)
    assert (context[:, :, 2] == 0).all() and (context[:, :, 3] != 0).all()
    assert all(each.isfinite().all() for each in gradients)


class OnACard(torch.Tensor):
    """A tensor of the processor that says it lies on a card, so that the kernels are asked."""

    is_cuda = True


@pytest.mark.parametrize("targets", [TARGETS, SOURCES], ids=["fewer targets", "as many targets"])
@pytest.mark.parametrize("make_mask", MASKS)
def test_on_a_card_the_attention_hands_all_it_was_given_to_the_kernels(make_mask, targets):
    mask, seen = make_mask(targets, SOURCES)
    query, keys, values, _ = drawn(targets, SOURCES, torch.float32, "cpu")
    found = DotProductAttention(dropout=0.5).eval()(query.as_subclass(OnACard), keys, values, mask)
    assert type(found) is OnACard
    expected = by_the_formula(query.double(), keys.double(), values.double(), seen)
    found = found.as_subclass(torch.Tensor).double()
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_on_a_card_weights_are_dropped_in_training_and_made_where_they_are_watched():
    torch.manual_seed(0)
    query, keys, values = torch.zeros(1, 1, 400, 4), torch.zeros(1, 1, 200, 4), torch.ones(200, 1)
    inputs = (query.as_subclass(OnACard), keys, values.expand(1, 1, -1, -1), None)
    attention = DotProductAttention(dropout=0.25)
    assert attention(*inputs).std() > 0.01
    assert attention.eval()(*inputs).std() < 1e-6
    with watching(attention) as weights:
        attention(*inputs)
    assert weights[0].shape == (1, 1, 400, 200)


def test_dropout_takes_weights_out_and_keeps_the_mean():
    torch.manual_seed(0)
    query, keys, values = torch.zeros(1, 1, 400, 4), torch.zeros(1, 1, 200, 4), torch.ones(200, 1)
    context = fused_attention(query, keys, values.expand(1, 1, -1, -1), None, dropout=0.25)
    assert abs(context.mean() - 1) < 0.01
    assert context.std() > 0.01


SIZES = {"d_model": 64, "layers": 2, "heads": 2, "d_ff": 128, "max_length": 32, "dropout": 0.0}


@pytest.fixture
def flash_alone():
    """Where another kernel would be taken, torch raises RuntimeError."""
    with sdpa_kernel(SDPBackend.FLASH_ATTENTION), torch.autocast("cuda", torch.bfloat16):
        yield


@needs_a_card
@pytest.mark.parametrize("make_mask", [full, causal])
def test_the_flash_kernel_is_taken(make_mask, flash_alone):
    mask, _ = make_mask(SOURCES, SOURCES)
    # Keys and values of one size, as each head has them.
    tokens = torch.randn(3, 2, SOURCES, 16, device="cuda", dtype=torch.bfloat16, requires_grad=True)
    DotProductAttention()(tokens, tokens, tokens, mask).sum().backward()
    assert tokens.grad.isfinite().all()


@needs_a_card
def test_a_matrix_cannot_take_the_flash_kernel(flash_alone):
    tokens = torch.randn(3, 2, SOURCES, 16, device="cuda", dtype=torch.bfloat16)
    with pytest.raises(RuntimeError):
        fused_attention(tokens, tokens, tokens, causal_mask(SOURCES, SOURCES, tokens.device))


@needs_a_card
def test_whole_networks_take_the_flash_kernel(flash_alone):
    ids = torch.randint(1, 50, (4, 32), device="cuda")
    GPT2(50, **SIZES).cuda()(ids).float().square().mean().backward()
    BERT(50, **SIZES).cuda().hidden(ids, padded=False).float().square().mean().backward()


@needs_a_card
@pytest.mark.parametrize("network", [GPT2, BERT], ids=["left to right", "both ways"])
def test_whole_networks_are_on_a_card_what_they_are_on_a_processor(network):
    torch.manual_seed(0)
    model, ids = network(50, **SIZES).eval(), torch.randint(1, 50, (4, 32))
    ids[0, 20:] = 0  # Padding, where a network knows of any.
    expected = model.hidden(ids).detach()
    found = model.cuda().hidden(ids.cuda()).cpu()
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)


@needs_a_card
def test_a_watched_attention_makes_its_weights_on_a_card_too():
    attention, tokens = DotProductAttention(), torch.randn(3, 2, SOURCES, 16, device="cuda")
    unwatched = attention(tokens, tokens, tokens, CAUSAL)
    with watching(attention) as weights:
        context = attention(tokens, tokens, tokens, CAUSAL)
    torch.testing.assert_close(context, unwatched, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(weights[0] @ tokens, context)
