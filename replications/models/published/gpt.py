"""GPT-1 and GPT-2 in the format of the Hugging Face Hub."""

import re
from functools import partial

from torch import Tensor, nn

from replications.layers.attention import DotProductAttention, MultiHeadAttention
from replications.layers.feed_forward import FeedForward
from replications.models.decoder_only import DecoderOnly
from replications.models.presets import GPT1, GPT2
from replications.models.published.folder import Config
from replications.models.published.weight_map import Published, Source, turned

_tanh_gelu = partial(nn.GELU, approximate="tanh")
_PREFIX = "transformer."


def gpt1(config: Config) -> DecoderOnly:
    """The network that a config.json of `model_type` openai-gpt describes."""
    # This family's name for the tanh form is plain "gelu".
    activation = config.one_of("afn", {"gelu": _tanh_gelu, "relu": nn.ReLU})
    return _built(GPT1, config, activation, d_ff=4 * config.whole("n_embd"))


def gpt2(config: Config) -> DecoderOnly:
    """The network that a config.json of `model_type` gpt2 describes."""
    config.must_be(
        add_cross_attention=False, scale_attn_weights=True, scale_attn_by_inverse_layer_idx=False
    )
    activation = config.one_of(
        "activation_function",
        {
            "gelu_new": _tanh_gelu,
            "gelu_pytorch_tanh": _tanh_gelu,
            "gelu": nn.GELU,
            "relu": nn.ReLU,
        },
    )
    return _built(
        GPT2, config, activation, d_ff=config.whole("n_inner", 4 * config.whole("n_embd"))
    )


def gpt1_names(config: Config) -> Published:
    """The tensors of the weights of GPT-1."""
    embeddings = {
        "embedding.weight": Source(("tokens_embed.weight",)),
        "positions.table": Source(("positions_embed.weight",)),
    }
    return Published(
        embeddings | _blocks(config.whole("n_layer")),
        copies={"lm_head.weight": "tokens_embed.weight"},
        needless=_needless,
    )


def gpt2_names(config: Config) -> Published:
    """The tensors of the weights of GPT-2."""
    ends = {
        "embedding.weight": Source(("wte.weight",)),
        "positions.table": Source(("wpe.weight",)),
        "stack.final_norm.weight": Source(("ln_f.weight",)),
        "stack.final_norm.bias": Source(("ln_f.bias",)),
    }
    return Published(
        ends | _blocks(config.whole("n_layer")),
        copies={"lm_head.weight": "wte.weight"},
        needless=_needless,
    )


def without_prefix(name: str) -> str:
    """Some files write the network's own name before each tensor's."""
    return name.removeprefix(_PREFIX)


def _built(
    assembly: partial, config: Config, activation: partial | type, *, d_ff: int
) -> DecoderOnly:
    config.must_be(tie_word_embeddings=True)
    weighing = partial(DotProductAttention, dropout=config.probability("attn_pdrop"))
    return assembly(
        config.whole("vocab_size"),
        d_model=config.whole("n_embd"),
        layers=config.whole("n_layer"),
        heads=config.whole("n_head"),
        d_ff=d_ff,
        max_length=config.whole("n_positions"),
        dropout=config.probability("resid_pdrop", "embd_pdrop"),
        attention=partial(MultiHeadAttention, attention=weighing),
        feed_forward=partial(FeedForward, activation=activation),
        norm=partial(nn.LayerNorm, eps=config.small("layer_norm_epsilon")),
    )


def _blocks(layers: int) -> dict[str, Source]:
    sources = {}
    for layer in range(layers):
        ours, theirs = f"stack.blocks.{layer}", f"h.{layer}"
        for kind in ("weight", "bias"):
            joined = (f"{theirs}.attn.c_attn.{kind}",)
            sources |= {
                f"{ours}.attention.query.{kind}": Source(joined, _query),
                f"{ours}.attention.key_value.{kind}": Source(joined, _key_value),
                f"{ours}.attention.output.{kind}": Source(
                    (f"{theirs}.attn.c_proj.{kind}",), turned
                ),
                f"{ours}.attention_residual.norm.{kind}": Source((f"{theirs}.ln_1.{kind}",)),
                f"{ours}.feed_forward.inner.{kind}": Source((f"{theirs}.mlp.c_fc.{kind}",), turned),
                f"{ours}.feed_forward.outer.{kind}": Source(
                    (f"{theirs}.mlp.c_proj.{kind}",), turned
                ),
                f"{ours}.feed_forward_residual.norm.{kind}": Source((f"{theirs}.ln_2.{kind}",)),
            }
    return sources


def _query(joined: Tensor) -> Tensor:
    return turned(joined)[: joined.shape[-1] // 3]


def _key_value(joined: Tensor) -> Tensor:
    return turned(joined)[joined.shape[-1] // 3 :]


def _needless(name: str) -> bool:
    # Masks that old versions saved beside the weights.
    return re.fullmatch(r"h\.\d+\.attn\.(bias|masked_bias)|position_ids", name) is not None
