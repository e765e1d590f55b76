from functools import partial

import pytest
import torch
from torch import nn

from replications.layers.attention import CAUSAL, MultiHeadAttention, causal_mask
from replications.layers.feed_forward import FeedForward
from replications.layers.positions import LearnedPositions, NoPositions
from replications.layers.residual import PostNorm, PreNorm
from replications.models.transformer import DecoderLayer, EncoderLayer, KeysValues, Transformer
from replications.models.translator import AttentiveTranslator

CLOSE = {"atol": 1e-5, "rtol": 1e-5}


def small(vocabulary=11, **changes):
    sizes = {"d_model": 16, "layers": 2, "heads": 4, "d_ff": 24, "dropout": 0.0} | changes
    torch.manual_seed(0)
    return Transformer(vocabulary, vocabulary, **sizes).eval()


def copy_attention(theirs: nn.MultiheadAttention, ours: MultiHeadAttention) -> None:
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat((ours.query.weight, ours.key_value.weight)))
        theirs.in_proj_bias.copy_(torch.cat((ours.query.bias, ours.key_value.bias)))
    theirs.out_proj.load_state_dict(ours.output.state_dict())


def copy_rest(theirs: nn.Module, feed_forward: FeedForward, norms: list[nn.Module]) -> None:
    theirs.linear1.load_state_dict(feed_forward.inner.state_dict())
    theirs.linear2.load_state_dict(feed_forward.outer.state_dict())
    for number, norm in enumerate(norms, 1):
        getattr(theirs, f"norm{number}").load_state_dict(norm.state_dict())


def shaken(module: nn.Module) -> nn.Module:
    for weight in module.parameters():
        nn.init.normal_(weight, std=0.3)
    return module


@pytest.mark.parametrize("residual", [PostNorm, PreNorm])
def test_an_encoder_layer_is_that_of_torch_forward_and_backward(residual):
    torch.manual_seed(0)
    ours = shaken(
        EncoderLayer(MultiHeadAttention(16, 4), FeedForward(16, 24), partial(residual, 16, 0.0))
    )
    theirs = nn.TransformerEncoderLayer(
        16, 4, 24, dropout=0.0, batch_first=True, norm_first=residual is PreNorm
    )
    copy_attention(theirs.self_attn, ours.attention)
    norms = [ours.attention_residual.norm, ours.feed_forward_residual.norm]
    copy_rest(theirs, ours.feed_forward, norms)
    mine = torch.randn(3, 6, 16, requires_grad=True)
    reference = mine.detach().clone().requires_grad_()
    mask = torch.arange(6) < torch.tensor([6, 4, 1])[:, None]
    result = ours(mine, mask[:, None])
    expected = theirs(reference, src_key_padding_mask=~mask)
    torch.testing.assert_close(result[mask], expected[mask], **CLOSE)
    upstream = torch.randn_like(result) * mask[..., None]
    result.backward(upstream)
    expected.backward(upstream)
    torch.testing.assert_close(mine.grad, reference.grad, **CLOSE)
    torch.testing.assert_close(
        ours.feed_forward.inner.weight.grad, theirs.linear1.weight.grad, **CLOSE
    )
    torch.testing.assert_close(
        torch.cat((ours.attention.query.weight.grad, ours.attention.key_value.weight.grad)),
        theirs.self_attn.in_proj_weight.grad,
        **CLOSE,
    )


@pytest.mark.parametrize("residual", [PostNorm, PreNorm])
def test_a_decoder_layer_is_that_of_torch_forward_and_backward(residual):
    torch.manual_seed(0)
    ours = shaken(
        DecoderLayer(
            MultiHeadAttention(16, 4),
            MultiHeadAttention(16, 4),
            FeedForward(16, 24),
            partial(residual, 16, 0.0),
        )
    )
    theirs = nn.TransformerDecoderLayer(
        16, 4, 24, dropout=0.0, batch_first=True, norm_first=residual is PreNorm
    )
    copy_attention(theirs.self_attn, ours.self_attention)
    copy_attention(theirs.multihead_attn, ours.cross_attention)
    norms = [
        ours.self_attention_residual.norm,
        ours.cross_attention_residual.norm,
        ours.feed_forward_residual.norm,
    ]
    copy_rest(theirs, ours.feed_forward, norms)
    mine, memory = torch.randn(3, 5, 16, requires_grad=True), torch.randn(3, 6, 16)
    reference = mine.detach().clone().requires_grad_()
    causal = torch.ones(5, 5, dtype=torch.bool).tril()
    mask = torch.arange(6) < torch.tensor([6, 4, 1])[:, None]
    keys_values = KeysValues(*ours.cross_attention.keys_and_values(memory))
    result, _ = ours(mine, None, keys_values, causal[None], mask[:, None])
    expected = theirs(reference, memory, tgt_mask=~causal, memory_key_padding_mask=~mask)
    torch.testing.assert_close(result, expected, **CLOSE)
    upstream = torch.randn_like(result)
    result.backward(upstream)
    expected.backward(upstream)
    torch.testing.assert_close(mine.grad, reference.grad, **CLOSE)
    for attention, other in (
        (ours.self_attention, theirs.self_attn),
        (ours.cross_attention, theirs.multihead_attn),
    ):
        torch.testing.assert_close(
            torch.cat((attention.query.weight.grad, attention.key_value.weight.grad)),
            other.in_proj_weight.grad,
            **CLOSE,
        )


@pytest.fixture
def sentences():
    torch.manual_seed(3)
    source, target = torch.randint(4, 11, (3, 7)), torch.randint(4, 11, (3, 6))
    source[1, 4:], source[2, 2:], target[:, 0], target[2, 3:] = 0, 0, 1, 0
    return source, target


def test_the_decoder_is_given_the_causal_mask_without_its_matrix_and_bit_for_bit_the_same(
    sentences,
):
    model, given = small(), []
    for layer in model.decoder:
        layer.register_forward_pre_hook(lambda _, inputs: given.append(inputs))
    model(*sentences)
    for layer, (tokens, past_kv, source, causal, mask) in zip(model.decoder, given, strict=True):
        assert causal is CAUSAL
        matrix = causal_mask(6, 6)[None]
        expected, _ = layer.forward(tokens, past_kv, source, matrix, mask)
        assert torch.equal(layer.forward(tokens, past_kv, source, causal, mask)[0], expected)


@pytest.mark.parametrize("residual", [PostNorm, PreNorm])
def test_padding_and_companions_change_nothing(residual, sentences):
    model, (source, target) = small(residual=residual), sentences
    together = model(source, target)
    for row, (s, t) in enumerate(((7, 6), (4, 6), (2, 3))):
        alone = model(source[row : row + 1, :s], target[row : row + 1, :t])
        torch.testing.assert_close(alone[0], together[row, :t], **CLOSE)


def test_padding_gets_no_gradient_and_gives_none(sentences):
    model, (source, target) = small(shared=False), sentences
    model(source, target)[target != 0].square().sum().backward()
    assert (model.embedding.weight.grad[0] == 0).all()
    assert (model.embedding.weight.grad[4:] != 0).any()


@pytest.mark.parametrize("positions", [LearnedPositions, NoPositions])
def test_no_token_sees_those_after_it(positions, sentences):
    model, (source, target) = small(positions=positions), sentences
    before = model(source, target)
    for place in range(1, target.shape[1]):
        changed = target.clone()
        changed[:, place:] = 4 + (target[:, place:] - 3) % 7
        after = model(source, changed)
        torch.testing.assert_close(after[:, :place], before[:, :place], **CLOSE)
        assert not torch.allclose(after[0, place:], before[0, place:])


@pytest.mark.parametrize("residual", [PostNorm, PreNorm])
def test_step_by_step_with_a_cache_gives_the_logits_of_the_whole(residual, sentences):
    model, (source, target) = small(residual=residual), sentences
    assert isinstance(model, AttentiveTranslator)
    whole = model(source, target)
    memory = model.encode(source)
    state = model.start(memory)
    for place in range(target.shape[1]):
        logits, state = model.step(target[:, place], memory, state)
        torch.testing.assert_close(logits[:2], whole[:2, place], **CLOSE)


def test_without_positions_the_encoder_sees_a_bag_of_words(sentences):
    source, target = sentences[0][:1], sentences[1][:1]
    for positions, ordered in ((NoPositions, False), (LearnedPositions, True)):
        model = small(positions=positions)
        same = torch.allclose(model(source, target), model(source.flip(1), target), atol=1e-5)
        assert same is not ordered


def test_attention_weights_are_those_of_each_layer_and_head(sentences):
    model, (source, target) = small(), sentences
    weights = model.attention(source, target)
    assert weights.shape == (3, 2, 4, 6, 7)
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, 2, 4, 6))
    assert (weights[2, ..., 2:] == 0).all()


def test_the_sizes_of_the_papers_models():
    # Table 3 says 65 and 213 million. With the 37,000 tokens of section 5.1 the parts sum to these.
    with torch.device("meta"):
        base = Transformer(37_000, 37_000)
        big = Transformer(37_000, 37_000, d_model=1024, heads=16, d_ff=4096)
    assert sum(p.numel() for p in base.parameters()) == 63_082_496
    assert sum(p.numel() for p in big.parameters()) == 214_245_376


def test_shared_embeddings_are_one_matrix_and_need_one_vocabulary():
    model = small()
    assert model.output.weight is model.embedding.weight is model.target_embedding.weight
    apart = small(shared=False)
    assert apart.output.weight is not apart.embedding.weight
    with pytest.raises(ValueError, match="shared=False"):
        Transformer(10, 11, d_model=16, heads=4)


def test_embeddings_reach_the_first_layer_with_a_variance_of_one():
    model = small(vocabulary=2000, d_model=64, positions=NoPositions)
    embedded = model.embed(model.embedding, torch.arange(2000)[None])
    assert 0.97 < embedded.std().item() < 1.03
