"""LLaMA's published folders: the logits of transformers, or an error that says what is wrong."""

import json

import pytest
import torch
from einops import rearrange
from published_models import VOCABULARY, saved, tiny_llama
from safetensors.torch import load_file, save_file
from transformers import LlamaConfig, LlamaForCausalLM

from replications.errors import ReplicationError
from replications.layers.feed_forward import swiglu_width
from replications.layers.key_value_cache import KeyValueCache
from replications.layers.quantised import QuantisedLinear
from replications.layers.rotary import halves_from_neighbours
from replications.models.presets import LLaMA, LLaMA2
from replications.models.published import from_pretrained

CLOSE = {"atol": 1e-5, "rtol": 1e-5}
KV_HEADS = pytest.mark.parametrize("kv_heads", [6, 3, 1])


@pytest.fixture
def ids():
    torch.manual_seed(1)
    return torch.randint(1, VOCABULARY, (3, 11))


@pytest.fixture
def folder(tmp_path):
    return saved(tiny_llama(num_key_value_heads=2), tmp_path / "llama")


def check_logits(ours, theirs):
    # Else anything would be close.
    assert theirs.std() > 0.5
    torch.testing.assert_close(ours, theirs, **CLOSE)


@KV_HEADS
@pytest.mark.parametrize("tied", [False, True])
def test_llama_gives_the_logits_states_and_attention_of_transformers(kv_heads, tied, ids, tmp_path):
    theirs = tiny_llama(num_key_value_heads=kv_heads, tie_word_embeddings=tied)
    theirs.set_attn_implementation("eager")
    ours = from_pretrained(saved(theirs, tmp_path))
    with torch.no_grad():
        expected = theirs(ids, output_hidden_states=True, output_attentions=True)
        check_logits(ours(ids), expected.logits)
        check_logits(ours.states(ids), torch.stack(expected.hidden_states, 1))
        found = ours.attention(ids)
    torch.testing.assert_close(found, torch.stack(expected.attentions, 1), **CLOSE)
    assert (ours.output.weight is ours.embedding.weight) == tied


def test_another_base_and_heads_wider_than_their_share_are_read(ids, tmp_path):
    theirs = tiny_llama(
        num_key_value_heads=2,
        head_dim=8,
        rope_parameters={"rope_type": "default", "rope_theta": 50.0},
    )
    ours = from_pretrained(saved(theirs, tmp_path))
    with torch.no_grad():
        check_logits(ours(ids), theirs(ids).logits)
    assert ours.stack.blocks[0].attention.rotary.base == 50.0


@KV_HEADS
@pytest.mark.parametrize("capacity", [None, 13])
def test_the_greedy_continuation_is_that_of_transformers(kv_heads, capacity, ids, tmp_path):
    theirs = tiny_llama(num_key_value_heads=kv_heads)
    ours = from_pretrained(saved(theirs, tmp_path))
    prompt, more = ids[:, :5], 8
    expected = theirs.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        max_new_tokens=more,
        do_sample=False,
        pad_token_id=0,
    )
    with torch.inference_mode():
        logits, state = ours.step(prompt, ours.start(3, capacity))
        written = [prompt, logits.argmax(-1, keepdim=True)]
        while len(written) <= more:
            logits, state = ours.step(written[-1], state)
            written.append(logits.argmax(-1, keepdim=True))
    assert torch.equal(torch.cat(written, 1), expected)
    assert expected[:, 5:].unique().numel() > 2
    assert isinstance(state[0], KeyValueCache) == (capacity is not None)
    assert state[0].keys.shape == (3, kv_heads, 12, 4)


def neighbours_from_halves(weight, heads):
    """The inverse of `halves_from_neighbours`."""
    return rearrange(weight, "(h two half) ... -> (h half two) ...", h=heads, two=2)


def test_weights_in_metas_order_are_turned_into_these(ids, tmp_path):
    # What Meta's own file would hold: query and key rows whose neighbours are pairs.
    folder = saved(tiny_llama(num_key_value_heads=2), tmp_path)
    expected = from_pretrained(folder)(ids)
    file = folder / "model.safetensors"
    tensors = load_file(file)
    heads = {"q_proj": 6, "k_proj": 2}

    def turn(way):
        return {
            name: way(tensor, heads[name.split(".")[-2]]).contiguous()
            if name.split(".")[-2] in heads
            else tensor
            for name, tensor in load_file(file).items()
        }

    metas = turn(neighbours_from_halves)
    save_file(metas, file)
    assert (from_pretrained(folder)(ids) - expected).abs().max() > 1
    converted = turn(halves_from_neighbours)
    assert all(torch.equal(converted[name], tensor) for name, tensor in tensors.items())
    save_file(converted, file)
    torch.testing.assert_close(from_pretrained(folder)(ids), expected)


def test_a_model_in_several_files_is_that_model(ids, tmp_path):
    theirs = tiny_llama(num_key_value_heads=2)
    theirs.save_pretrained(tmp_path, max_shard_size="5KB")
    assert len(list(tmp_path.glob("model-*.safetensors"))) > 2
    assert not (tmp_path / "model.safetensors").exists()
    with torch.no_grad():
        check_logits(from_pretrained(tmp_path)(ids), theirs(ids).logits)


def test_files_without_a_prefix_and_with_saved_frequencies_are_read(ids, folder):
    file = folder / "model.safetensors"
    expected = from_pretrained(folder)(ids)
    tensors = {name.removeprefix("model."): tensor for name, tensor in load_file(file).items()}
    tensors["layers.0.self_attn.rotary_emb.inv_freq"] = torch.ones(2)
    save_file(tensors, file)
    torch.testing.assert_close(from_pretrained(folder)(ids), expected)


def test_matrices_are_rounded_on_the_way_in(ids, folder):
    whole = from_pretrained(folder)

    def quantise(linear):
        return QuantisedLinear(linear, bits=8)

    rounded = from_pretrained(folder, quantise=quantise)
    attention = rounded.stack.blocks[1].attention
    assert isinstance(attention.query, QuantisedLinear)
    assert type(rounded.output) is type(whole.output)
    with torch.no_grad():
        error = (rounded(ids) - whole(ids)).std() / whole(ids).std()
    assert 0 < error < 0.1


# Touvron et al. 2023, table 2, and Llama 2's; the counts are those of the published files.
PUBLISHED = {
    "7B": (LLaMA, 4096, 32, 32, 11_008, 6_738_415_616),
    "13B": (LLaMA, 5120, 40, 40, 13_824, 13_015_864_320),
    "33B": (LLaMA, 6656, 60, 52, 17_920, 32_528_943_616),
    "65B": (LLaMA, 8192, 80, 64, 22_016, 65_285_660_672),
    "2-70B": (LLaMA2, 8192, 80, 64, 28_672, 68_976_648_192),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_sizes_have_the_published_parameters(name):
    preset, d_model, layers, heads, d_ff, parameters = PUBLISHED[name]
    kv_heads = 8 if preset is LLaMA2 else heads
    with torch.device("meta"):
        ours = preset(
            32_000,
            d_model=d_model,
            layers=layers,
            heads=heads,
            d_ff=d_ff,
            max_length=2048,
            initialise=id,
        )
        config = LlamaConfig(
            hidden_size=d_model,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            num_key_value_heads=kv_heads,
            intermediate_size=d_ff,
            head_dim=d_model // heads,
        )
        theirs = LlamaForCausalLM(config)
    for model in (ours, theirs):
        assert sum(weight.numel() for weight in model.parameters()) == parameters
    if preset is LLaMA:
        assert swiglu_width(d_model) == d_ff


def refused(folder, *words):
    with pytest.raises(ReplicationError) as caught:
        from_pretrained(folder)
    for word in words:
        assert word in str(caught.value), str(caught.value)


def configured(folder, **changes):
    file = folder / "config.json"
    values = json.loads(file.read_text()) | changes
    file.write_text(json.dumps({key: value for key, value in values.items() if value != "gone"}))


@pytest.mark.parametrize(
    "scaling",
    [
        {"rope_parameters": {"rope_type": "llama3", "factor": 8.0, "rope_theta": 5e5}},
        {"rope_parameters": "gone", "rope_scaling": {"type": "linear", "factor": 2.0}},
        {"rope_parameters": "gone", "rope_scaling": {"rope_type": "dynamic", "factor": 2.0}},
    ],
)
def test_another_rotary_scaling_is_refused_by_its_name(scaling, folder):
    configured(folder, **scaling)
    (key,) = (key for key, value in scaling.items() if value != "gone")
    kind = scaling[key].get("rope_type", scaling[key].get("type"))
    refused(folder, "config.json", f"`{key}`", repr(kind), "plain positions", "not scaled")


@pytest.mark.parametrize(
    "plain",
    [
        {"rope_parameters": "gone"},
        {"rope_parameters": "gone", "rope_scaling": None, "rope_theta": 10_000.0},
        {"rope_parameters": {"rope_type": "default"}},
    ],
)
def test_plain_positions_are_read_however_a_version_writes_them(plain, folder, ids):
    expected = from_pretrained(folder)(ids)
    configured(folder, **plain)
    torch.testing.assert_close(from_pretrained(folder)(ids), expected)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model_type": "mistral"}, ("`model_type`", "mistral", "bert, gpt2, llama, openai-gpt")),
        ({"attention_bias": True}, ("`attention_bias` as true", "has only false")),
        ({"hidden_act": "gelu"}, ("`hidden_act`", "known are silu")),
        ({"num_key_value_heads": 4}, ("describes no network", "share 4 of keys")),
        ({"rms_norm_eps": 0}, ("`rms_norm_eps`", "a number above 0")),
        ({"rope_parameters": [1]}, ("`rope_parameters`", "an object is needed")),
        ({"hidden_size": "gone"}, ("lacks `hidden_size`",)),
        ({"head_dim": 5}, ("describes no network", "5 dimensions a head cannot be paired")),
    ],
)
def test_a_config_of_another_architecture_is_refused(changes, words, folder):
    configured(folder, **changes)
    refused(folder, "config.json", *words)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"num_key_value_heads": 3}, ("k_proj.weight` (8, 24)", "a weight of (24, 24), not")),
        ({"intermediate_size": 21}, ("gate_proj.weight", "(21, 24)")),
        ({"vocab_size": 30}, ("embed_tokens.weight", "(30, 24)")),
        ({"num_hidden_layers": 3}, ("lacks `layers.2.", "which config.json asks for")),
        ({"num_hidden_layers": 1}, ("holds `layers.1.", "does not mention")),
        ({"tie_word_embeddings": True}, ("`lm_head.weight` is not `embed_tokens.weight`",)),
    ],
)
def test_weights_that_are_not_the_configs_are_refused(changes, words, folder):
    configured(folder, **changes)
    refused(folder, "model.safetensors", *words)


@pytest.fixture
def sharded(tmp_path):
    tiny_llama(num_key_value_heads=2).save_pretrained(tmp_path, max_shard_size="5KB")
    return tmp_path


def indexed(folder, change):
    file = folder / "model.safetensors.index.json"
    index = json.loads(file.read_text())
    change(index)
    file.write_text(json.dumps(index))


def test_a_missing_shard_is_named(sharded):
    gone = sorted(sharded.glob("model-*.safetensors"))[1]
    gone.unlink()
    refused(sharded, f"lacks {gone.name}", "model.safetensors.index.json", "same source")


def test_a_shard_that_is_cut_off_is_named(sharded):
    cut = sorted(sharded.glob("model-*.safetensors"))[1]
    cut.write_bytes(cut.read_bytes()[:100])
    refused(sharded, cut.name, "no whole safetensors file")


def test_shards_and_an_index_of_different_models_are_refused(sharded):
    indexed(sharded, lambda index: index["weight_map"].pop("model.norm.weight"))
    refused(sharded, "do not agree on `model.norm.weight`", "same source")


@pytest.mark.parametrize("name", ["../model-1.safetensors", "/etc/passwd", 3, "model.bin"])
def test_an_index_that_leads_elsewhere_is_refused(name, sharded):
    indexed(sharded, lambda index: index["weight_map"].update({"model.norm.weight": name}))
    refused(sharded, "index.json", "safetensors file beside it")


@pytest.mark.parametrize("text", ["{}", "[]", '{"weight_map": {}}', '{"weight_map": 3}', "{"])
def test_an_index_without_a_map_is_refused(text, sharded):
    (sharded / "model.safetensors.index.json").write_text(text)
    refused(sharded, "model.safetensors.index.json", "fetch it again")


def test_shards_without_an_index_are_refused(sharded):
    (sharded / "model.safetensors.index.json").unlink()
    refused(sharded, "no model.safetensors.index.json, which maps tensors to files")
