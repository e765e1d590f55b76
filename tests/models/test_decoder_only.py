from functools import partial

import pytest
import torch
from torch import nn

from replications.layers.attention import MultiHeadAttention
from replications.layers.masks import alternating_bands
from replications.models.initialisation import normal
from replications.models.language_model import LanguageModel
from replications.models.presets import GPT1, GPT2, GPT3

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
BANDED = partial(GPT3, mask=partial(alternating_bands, width=3))
ALL = pytest.mark.parametrize("assembly", [GPT1, GPT2, BANDED], ids=["gpt1", "gpt2", "gpt3"])


def small(assembly, **changes):
    sizes = {"d_model": 16, "layers": 3, "heads": 4, "d_ff": 24, "max_length": 12} | changes
    torch.manual_seed(0)
    # Far wider than a model starts: what a token sees then changes its logits by much.
    return assembly(11, initialise=partial(normal, std=0.5), **sizes).eval()


@pytest.fixture
def ids():
    torch.manual_seed(3)
    return torch.randint(1, 11, (3, 9))


@ALL
def test_no_token_sees_those_after_it(assembly, ids):
    model = small(assembly)
    before = model(ids)
    for place in range(1, ids.shape[1]):
        changed = ids.clone()
        changed[:, place:] = 1 + ids[:, place:] % 10
        after = model(changed)
        torch.testing.assert_close(after[:, :place], before[:, :place], **CLOSE)
        assert not torch.allclose(after[:, place:], before[:, place:], atol=1e-2)


@ALL
def test_padding_on_the_right_and_companions_change_nothing(assembly, ids):
    model = small(assembly)
    lengths = (9, 5, 2)
    padded = ids.clone()
    for row, length in enumerate(lengths):
        padded[row, length:] = 0
    together = model(padded)
    for row, length in enumerate(lengths):
        alone = model(ids[row : row + 1, :length])
        torch.testing.assert_close(alone[0], together[row, :length], **CLOSE)


@ALL
@pytest.mark.parametrize("parts", [[1] * 9, [9], [5, 1, 1, 2], [1, 8]], ids=str)
def test_tokens_in_several_calls_give_the_logits_of_the_whole(assembly, parts, ids):
    model = small(assembly)
    assert isinstance(model, LanguageModel)
    whole, state, read = model(ids), model.start(len(ids)), 0
    for new in parts:
        logits, state = model.step(ids[:, read : read + new], state)
        read += new
        torch.testing.assert_close(logits, whole[:, read - 1], **CLOSE)
    assert state[0].keys.shape == (3, 4, 9, 4)


def test_a_band_cannot_be_seen_past():
    # With one dense layer and one of bands of 1, a token reaches the second layer through itself.
    model = small(GPT3, layers=2, mask=partial(alternating_bands, width=2))
    weights = model.attention(torch.arange(1, 7)[None])
    assert (weights[0, 0].tril() > 0).sum() == 4 * 21
    assert (weights[0, 1] > 0).sum() == 4 * (1 + 5 * 2)


@ALL
def test_states_are_those_of_each_layer_and_the_last_gives_the_logits(assembly, ids):
    model = small(assembly)
    states = model.states(ids)
    assert states.shape == (3, 4, 9, 16)
    torch.testing.assert_close(states[:, 0], model.embed(ids))
    torch.testing.assert_close(states[:, -1], model.hidden(ids))
    torch.testing.assert_close(model.output(states[:, -1]), model(ids))
    assert not torch.allclose(states[:, 1], states[:, 2], atol=1e-2)


@ALL
def test_attention_weights_are_those_of_each_layer_and_head(assembly, ids):
    weights = small(assembly).attention(ids)
    assert weights.shape == (3, 3, 4, 9, 9)
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, 3, 4, 9))
    assert (weights.triu(1) == 0).all()


@ALL
def test_a_gradient_reaches_every_weight(assembly, ids):
    model = small(assembly).train()
    model(ids).square().mean().backward()
    for name, weight in model.named_parameters():
        assert weight.grad is not None and weight.grad.abs().max() > 0, name


def test_dropout_touches_tokens_residuals_and_weights_of_attention(ids):
    still = small(GPT2, dropout=0.0, attention=MultiHeadAttention).train()
    assert torch.equal(still(ids), still(ids))
    for changes in ({"dropout": 0.5, "attention": MultiHeadAttention}, {"dropout": 0.0}):
        model = small(GPT2, **changes).train()
        assert not torch.equal(model(ids), model(ids))
        model.eval()
        torch.testing.assert_close(model(ids), still.eval()(ids))


def test_only_what_is_normalised_before_is_closed_by_a_norm():
    assert isinstance(small(GPT1).stack.final_norm, nn.Identity)
    assert isinstance(small(GPT2).stack.final_norm, nn.LayerNorm)


def test_the_embedding_is_the_output_too():
    model = small(GPT2)
    assert model.output.weight is model.embedding.weight
    assert "output.weight" not in dict(model.named_parameters())


def test_a_text_longer_than_the_model_is_refused(ids):
    model = small(GPT2, max_length=8)
    with pytest.raises(ValueError, match="9 positions, but only 8 .* greater `max_length`"):
        model(ids)
    _, state = model.step(ids[:, :8], model.start(3))
    with pytest.raises(ValueError, match="9 positions"):
        model.step(ids[:, 8:], state)


def parameters(assembly, vocabulary, layers, d_model, heads, max_length, **changes):
    with torch.device("meta"):
        model = assembly(
            vocabulary,
            d_model=d_model,
            layers=layers,
            heads=heads,
            d_ff=4 * d_model,
            max_length=max_length,
            **changes,
        )
    return sum(weight.numel() for weight in model.parameters())


def test_gpt1_has_the_size_of_the_published_weights():
    # All but the three special tokens of fine-tuning.
    assert parameters(GPT1, 40_478, 12, 768, 12, 512) == 116_534_784


@pytest.mark.parametrize(
    ("layers", "d_model", "heads", "count"),
    [
        (12, 768, 12, 124_439_808),
        (24, 1024, 16, 354_823_168),
        (36, 1280, 20, 774_030_080),
        (48, 1600, 25, 1_557_611_200),
    ],
)
def test_gpt2_has_the_sizes_of_the_published_weights(layers, d_model, heads, count):
    # Table 2 of the paper prints 117, 345, 762 and 1542 million.
    assert parameters(GPT2, 50_257, layers, d_model, heads, 1024) == count


@pytest.mark.parametrize(
    ("layers", "d_model", "heads", "d_head", "million"),
    [
        (12, 768, 12, 64, 125),
        (24, 1024, 16, 64, 356),
        (24, 1536, 16, 96, 760),
        (32, 2560, 32, 80, 2_652),
        (32, 4096, 32, 128, 6_658),
        (96, 12_288, 96, 128, 174_604),
    ],
)
def test_gpt3_has_about_the_sizes_of_table_2_1(layers, d_model, heads, d_head, million):
    # Table 2.1 prints 125M, 350M, 760M, 2.7B, 6.7B and 175.0B.
    attention = partial(MultiHeadAttention, d_head=d_head)
    count = parameters(GPT3, 50_257, layers, d_model, heads, 2048, attention=attention)
    assert round(count / 1e6) == million
