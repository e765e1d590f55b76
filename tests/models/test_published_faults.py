"""A folder that cannot be read says what is wrong with which file, and never runs what it holds."""

import json
import pickle

import pytest
import torch
from published_models import TINY, saved, tiny_bert, tiny_gpt2
from safetensors.torch import load_file, save_file
from transformers import BertModel

from replications.errors import ReplicationError
from replications.models.published import from_pretrained


@pytest.fixture
def folder(tmp_path):
    return saved(tiny_gpt2(), tmp_path / "gpt2")


def refused(folder, *words):
    with pytest.raises(ReplicationError) as caught:
        from_pretrained(folder)
    for word in words:
        assert word in str(caught.value), str(caught.value)


def configured(folder, **changes):
    file = folder / "config.json"
    values = json.loads(file.read_text()) | changes
    file.write_text(json.dumps({key: value for key, value in values.items() if value != "gone"}))


def changed(folder, change):
    file = folder / "model.safetensors"
    tensors = load_file(file)
    change(tensors)
    save_file({name: tensor.clone().contiguous() for name, tensor in tensors.items()}, file)


def test_a_folder_that_is_not_there(tmp_path):
    refused(tmp_path / "gone", "gone is no folder", "config.json and model.safetensors")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_file_that_is_not_there(name, folder):
    (folder / name).unlink()
    refused(folder, f"holds no {name}", "same source")


@pytest.mark.parametrize("content", [b"{", b"[1]", b"\xff"])
def test_a_config_that_is_no_json_object(content, folder):
    (folder / "config.json").write_bytes(content)
    refused(folder, "config.json", "fetch it again")


@pytest.mark.parametrize("model_type", ["mistral", 3, ["gpt2"]])
def test_a_model_of_another_kind(model_type, folder):
    configured(folder, model_type=model_type)
    refused(
        folder,
        "config.json",
        "`model_type`",
        json.dumps(model_type),
        "bert, gpt2, llama, openai-gpt",
    )


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("model_type", "gone", "lacks `model_type`"),
        ("n_layer", "gone", "lacks `n_layer`"),
        ("n_layer", "2", "a whole number above 0"),
        ("n_embd", 0, "a whole number above 0"),
        ("n_head", 5, "12 dimensions cannot be split into 5 heads"),
        ("layer_norm_epsilon", -1, "a number above 0"),
        ("attn_pdrop", 1.0, "a probability from 0 to below 1"),
        ("embd_pdrop", 0.3, "one dropout probability for them all"),
        ("activation_function", "swish", "known are gelu, gelu_new"),
        ("scale_attn_by_inverse_layer_idx", True, "has only false"),
        ("tie_word_embeddings", False, "has only true"),
    ],
)
def test_a_config_with_a_wrong_value(key, value, why, folder):
    configured(folder, **{key: value})
    refused(folder, "config.json", key if key != "n_head" else "heads", why)


def test_a_decoder_of_the_kind_of_bert(tmp_path):
    folder = saved(tiny_bert(), tmp_path)
    configured(folder, is_decoder=True)
    refused(folder, "`is_decoder` as true", "has only false")
    configured(folder, is_decoder=False, pad_token_id=-1)
    refused(folder, "`pad_token_id` as -1")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("gpt1", "transformer.positions_embed.weight"),
        ("gpt2", "transformer.h.1.attn.c_attn.bias"),
        ("bert", "bert.encoder.layer.1.attention.self.value.weight"),
        ("bert", "cls.seq_relationship.bias"),
    ],
)
def test_a_tensor_that_is_missing(kind, name, tmp_path):
    folder = saved(TINY[kind](), tmp_path)
    changed(folder, lambda tensors: tensors.pop(name))
    refused(folder, "model.safetensors lacks", name.split(".", 1)[1] if "cls" not in name else name)


def test_a_body_without_its_heads(tmp_path):
    folder = saved(BertModel(tiny_bert().config), tmp_path)
    refused(folder, "lacks `cls.predictions.bias`", "more", "heads it was pre-trained with")


def test_a_tensor_too_many(folder):
    changed(folder, lambda tensors: tensors.update({"score.weight": torch.ones(2, 12)}))
    refused(folder, "model.safetensors holds `score.weight`", "does not mention")


def test_a_layer_more_than_the_config_has(folder):
    configured(folder, n_layer=1)
    refused(folder, "holds `h.1.", "more, which config.json does not mention")


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("transformer.wte.weight", (30, 12)),
        ("transformer.h.0.attn.c_attn.weight", (36, 12)),
        ("transformer.h.0.mlp.c_fc.weight", (48, 12)),
        ("transformer.h.0.mlp.c_fc.bias", (1, 48)),
        ("transformer.h.0.attn.c_proj.weight", (12, 12, 1)),
        ("transformer.h.0.attn.c_attn.bias", ()),
    ],
)
def test_a_tensor_of_another_shape(name, shape, folder):
    changed(folder, lambda tensors: tensors.update({name: torch.ones(shape)}))
    refused(folder, "model.safetensors", name.removeprefix("transformer."), str(shape))


@pytest.mark.parametrize(
    ("changes", "shape"),
    [
        ({"key.weight": (13, 12)}, "(13, 12)"),
        ({"key.weight": (12, 11)}, "(12, 11)"),
        ({"key.weight": (11, 12), "value.weight": (13, 12)}, "(11, 12)"),
        ({"key.bias": (), "value.bias": ()}, "()"),
        ({"query.weight": (12, 13)}, "(12, 13)"),
    ],
)
def test_a_tensor_of_bert_of_another_shape(changes, shape, tmp_path):
    folder = saved(tiny_bert(), tmp_path)
    prefix = "bert.encoder.layer.1.attention.self."
    damaged = {prefix + name: torch.ones(size) for name, size in changes.items()}
    changed(folder, lambda tensors: tensors.update(damaged))
    refused(folder, "model.safetensors", next(iter(changes)), shape, "from the same source")


def test_an_output_that_is_not_the_embedding(folder):
    changed(folder, lambda tensors: tensors.update({"lm_head.weight": torch.ones(29, 12)}))
    refused(folder, "`lm_head.weight` is not `wte.weight`")


def test_a_tensor_under_two_names(folder):
    changed(folder, lambda tensors: tensors.update({"ln_f.bias": torch.ones(12)}))
    refused(folder, "holds `ln_f.bias` twice")


@pytest.mark.parametrize("kept", [0, 4, 100, -1])
def test_a_file_that_is_cut_off(kept, folder):
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:kept])
    refused(folder, "model.safetensors is no whole safetensors file", "fetch it again")


class Bomb:
    def __reduce__(self):
        return (exec, ("raise SystemExit('unpickled')",))


def test_a_pickle_is_refused_and_not_opened(folder):
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb()))
    refused(folder, "pytorch_model.bin, a pickle", "not opened", "save_pretrained")


def test_a_pickle_that_calls_itself_safetensors_is_not_opened(folder):
    (folder / "model.safetensors").write_bytes(pickle.dumps(Bomb()))
    refused(folder, "no whole safetensors file")


def test_a_model_in_several_files_without_a_map_of_them(folder):
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    (folder / "model.safetensors.index.json").write_text("{}")
    refused(folder, "model.safetensors.index.json", "no `weight_map`", "fetch it again")


def test_weights_of_a_quantised_model(folder):
    def quantise(tensors):
        tensors["transformer.wte.weight"] = (tensors["transformer.wte.weight"] * 100).to(torch.int8)
        tensors.pop("lm_head.weight", None)

    changed(folder, quantise)
    refused(folder, "model.safetensors", "wte.weight` as int8", "not quantised")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers(number, folder):
    def spoil(tensors):
        tensors["transformer.ln_f.bias"][0] = number

    changed(folder, spoil)
    refused(folder, "model.safetensors", "ln_f.bias` with 1 of ", "not finite")
