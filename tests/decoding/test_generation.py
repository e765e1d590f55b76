"""A continuation by prefill and decode is the one that the whole text would give."""

from functools import partial

import pytest
import torch
from torch import nn

from replications.decoding.fused_decoder import FusedDecoder
from replications.decoding.generation import generate
from replications.decoding.sampling import sample
from replications.errors import ReplicationError
from replications.layers.grouped_query import GroupedQueryAttention
from replications.layers.key_value_cache import cache_bytes
from replications.layers.rotary import Rotary
from replications.models.initialisation import normal
from replications.models.presets import GPT2, GPT3, LLaMA

SIZES = {"d_model": 24, "layers": 3, "heads": 6, "d_ff": 20, "max_length": 24}


def small(assembly, **parts):
    torch.manual_seed(0)
    return assembly(13, initialise=partial(normal, std=0.5), **SIZES, **parts).eval()


def with_kv_heads(kv_heads):
    linear = partial(nn.Linear, bias=False)
    parts = {"kv_heads": kv_heads, "rotary": Rotary, "linear": linear}
    return partial(LLaMA, attention=partial(GroupedQueryAttention, **parts))


@pytest.fixture
def prompt():
    return torch.randint(1, 13, (3, 7), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("assembly", [GPT2, GPT3, LLaMA, with_kv_heads(2)])
def test_it_writes_what_the_whole_text_read_again_would_write(assembly, prompt):
    model = small(assembly)
    whole = prompt
    with torch.no_grad():
        for _ in range(10):
            whole = torch.cat((whole, model(whole)[:, -1].argmax(-1, keepdim=True)), 1)
    found = generate(model, prompt, tokens=10)
    assert torch.equal(found.ids, whole[:, 7:])
    assert found.ids.unique().numel() > 3
    assert found.prefill_seconds > 0 and found.tokens_per_second > 0


@pytest.mark.parametrize("kv_heads", [1, 2, 6])
def test_the_memory_is_the_one_that_is_counted(kv_heads, prompt):
    found = generate(small(with_kv_heads(kv_heads)), prompt, tokens=5)
    assert found.cache_bytes == cache_bytes(
        layers=3, kv_heads=kv_heads, d_head=4, context=7 + 4, batch=3, number_bytes=4
    )


def test_a_text_that_has_ended_stays_ended_and_the_others_go_on(prompt):
    model = small(LLaMA)
    free = generate(model, prompt, tokens=10).ids
    # A token that one text writes early and another one late or never.
    end = int(free[0, 2])
    found = generate(model, prompt, tokens=10, end=end).ids
    expected = sample(
        model, prompt, tokens=10, generator=torch.Generator(), temperature=0.0, end=end
    )
    for row, written in zip(found.tolist(), expected, strict=True):
        assert row[: len(written)] == written
        assert set(row[len(written) :]) <= {end}


def test_drawn_tokens_may_take_the_place_of_the_most_probable(prompt):
    found = generate(small(LLaMA), prompt, tokens=4, choose=lambda logits: logits.argmin(-1))
    assert not torch.equal(found.ids, generate(small(LLaMA), prompt, tokens=4).ids)


def test_one_token_takes_no_step_of_decoding(prompt):
    found = generate(small(LLaMA), prompt, tokens=1)
    assert found.ids.shape == (3, 1)
    assert found.tokens_per_second == 0.0


@pytest.mark.parametrize(("time", "tokens"), [(0, 3), (7, 0)])
def test_nothing_to_begin_with_or_to_write_is_refused(time, tokens, prompt):
    with pytest.raises(ReplicationError, match="give at least one of each"):
        generate(small(LLaMA), prompt[:, :time], tokens=tokens)


def test_a_model_that_has_diverged_is_named(prompt):
    model = small(LLaMA)
    torch.nn.init.constant_(model.output.weight, torch.nan)
    with pytest.raises(ReplicationError, match="diverged"):
        generate(model, prompt, tokens=2)


@pytest.mark.parametrize("kv_heads", [1, 2, 3, 6])
@pytest.mark.parametrize("batch", [1, 3])
def test_fused_products_give_the_logits_and_the_text_of_the_network(kv_heads, batch, prompt):
    model = small(with_kv_heads(kv_heads))
    fused, prompt = FusedDecoder(model), prompt[:batch]
    written = generate(model, prompt, tokens=12).ids
    assert torch.equal(generate(fused, prompt, tokens=12).ids, written)
    states = [each.start(batch, 20) for each in (model, fused)]
    with torch.no_grad():
        for new in (prompt, *written.split(1, 1)):
            logits, states = zip(
                *(e.step(new, s) for e, s in zip((model, fused), states, strict=True)), strict=True
            )
            torch.testing.assert_close(logits[1], logits[0], atol=1e-4, rtol=1e-4)


def test_fused_products_do_not_follow_a_training_that_goes_on(prompt):
    model = small(LLaMA)
    fused = FusedDecoder(model)
    before = generate(fused, prompt, tokens=6).ids
    torch.nn.init.normal_(model.stack.blocks[0].attention.output.weight)
    with torch.no_grad():
        step = fused.step(before[:, :1], fused.model.step(prompt, fused.start(3, 9))[1])[0]
        other = model.step(before[:, :1], model.step(prompt, model.start(3, 9))[1])[0]
    assert not torch.allclose(step, other, atol=1e-2)


def test_a_network_of_other_parts_is_not_fused():
    biased = partial(LLaMA, attention=partial(GroupedQueryAttention, rotary=Rotary))
    for assembly in (GPT2, biased):
        with pytest.raises(ReplicationError, match="LLaMA's parts.*with the network itself"):
            FusedDecoder(small(assembly))


def test_a_full_cache_stops_the_fused_decoder(prompt):
    fused = FusedDecoder(small(LLaMA))
    with torch.no_grad():
        _, state = fused.step(prompt, fused.start(3, 7))
        with pytest.raises(ReplicationError, match="8 tokens do not fit into a cache for 7"):
            fused.step(prompt[:, :1], state)
