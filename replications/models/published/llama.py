"""LLaMA and Llama 2 in the format of the Hugging Face Hub."""

import re
from collections.abc import Mapping
from functools import partial

from torch import nn

from replications.layers.attention import DotProductAttention
from replications.layers.feed_forward import GatedFeedForward
from replications.layers.grouped_query import GroupedQueryAttention
from replications.layers.norms import RMSNorm
from replications.layers.output import tied, untied
from replications.layers.rotary import Rotary
from replications.models.decoder_only import DecoderOnly
from replications.models.presets import LLaMA
from replications.models.published.folder import Config
from replications.models.published.weight_map import Published, Source, stacked

_PREFIX = "model."


def llama(config: Config) -> DecoderOnly:
    """The network that a config.json of `model_type` llama describes.

    Rotary positions pair the halves of a head, as these files do; weights of Meta's own files
    have to be converted first (`halves_from_neighbours` of layers/rotary.py).
    """
    config.must_be(attention_bias=False, mlp_bias=False)
    activation = config.one_of("hidden_act", {"silu": nn.SiLU, "swish": nn.SiLU})
    heads = config.whole("num_attention_heads")
    linear = partial(nn.Linear, bias=False)
    weighing = partial(
        DotProductAttention,
        dropout=config.probability("attention_dropout")
        if "attention_dropout" in config.values
        else 0.0,
    )
    d_model = config.whole("hidden_size")
    return LLaMA(
        config.whole("vocab_size"),
        d_model=d_model,
        layers=config.whole("num_hidden_layers"),
        heads=heads,
        d_ff=config.whole("intermediate_size"),
        max_length=config.whole("max_position_embeddings"),
        attention=partial(
            GroupedQueryAttention,
            kv_heads=config.whole("num_key_value_heads", heads),
            d_head=config.whole("head_dim", max(1, d_model // heads)),
            rotary=partial(Rotary, base=_rotary_base(config)),
            linear=linear,
            attention=weighing,
        ),
        feed_forward=partial(GatedFeedForward, activation=activation, linear=linear),
        norm=partial(RMSNorm, eps=config.small("rms_norm_eps")),
        output=tied if config.values.get("tie_word_embeddings") else untied,
    )


def llama_names(config: Config) -> Published:
    """The tensors of the weights of LLaMA."""
    same = {
        "embedding.weight": "embed_tokens.weight",
        "stack.final_norm.weight": "norm.weight",
    }
    copies = {}
    if config.values.get("tie_word_embeddings"):
        copies = {"lm_head.weight": "embed_tokens.weight"}
    else:
        same["output.weight"] = "lm_head.weight"
    sources = {}
    for layer in range(config.whole("num_hidden_layers")):
        ours, theirs = f"stack.blocks.{layer}", f"layers.{layer}"
        same |= {
            f"{ours}.attention_residual.norm.weight": f"{theirs}.input_layernorm.weight",
            f"{ours}.attention.query.weight": f"{theirs}.self_attn.q_proj.weight",
            f"{ours}.attention.output.weight": f"{theirs}.self_attn.o_proj.weight",
            f"{ours}.feed_forward_residual.norm.weight": (
                f"{theirs}.post_attention_layernorm.weight"
            ),
            f"{ours}.feed_forward.gate.weight": f"{theirs}.mlp.gate_proj.weight",
            f"{ours}.feed_forward.inner.weight": f"{theirs}.mlp.up_proj.weight",
            f"{ours}.feed_forward.outer.weight": f"{theirs}.mlp.down_proj.weight",
        }
        both = tuple(f"{theirs}.self_attn.{part}_proj.weight" for part in "kv")
        sources[f"{ours}.attention.key_value.weight"] = Source(both, stacked)
    sources |= {ours: Source((theirs,)) for ours, theirs in same.items()}
    return Published(sources, copies=copies, needless=_needless)


def without_model_prefix(name: str) -> str:
    """The names of the body's tensors have a prefix; that of the output has none."""
    return name.removeprefix(_PREFIX)


def _rotary_base(config: Config) -> float:
    """The base of the rotary frequencies, which versions of the format keep under different keys.

    Raises ReplicationError where positions are scaled: as for longer texts than were trained on.
    """
    given = config.values.get("rope_parameters") or config.values.get("rope_scaling") or {}
    if not isinstance(given, Mapping):
        raise config.wrong("rope_parameters", given, "an object is needed")
    kind = given.get("rope_type", given.get("type", "default"))
    if kind != "default":
        key = "rope_parameters" if config.values.get("rope_parameters") else "rope_scaling"
        raise config.wrong(
            key,
            given,
            f"rotary positions scaled by {kind!r} are not supported, only plain positions "
            '("default"). Take a LLaMA whose positions are not scaled',
        )
    if "rope_theta" in given:
        return Config(config.file, given).small("rope_theta")
    return config.small("rope_theta") if "rope_theta" in config.values else 10_000.0


def _needless(name: str) -> bool:
    # Frequencies that old versions saved beside the weights.
    return re.fullmatch(r"layers\.\d+\.self_attn\.rotary_emb\.inv_freq", name) is not None
