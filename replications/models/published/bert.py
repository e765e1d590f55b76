"""BERT in the format of the Hugging Face Hub."""

from functools import partial

from torch import nn

from replications.layers.attention import DotProductAttention, MultiHeadAttention
from replications.layers.feed_forward import FeedForward
from replications.models.encoder_only import EncoderOnly
from replications.models.presets import BERT
from replications.models.published.folder import Config
from replications.models.published.weight_map import Published, Source, stacked
from replications.models.task_heads import MaskedLanguage, NextSentence

_PREFIX = "bert."


def bert(config: Config) -> EncoderOnly:
    """The network that a config.json of `model_type` bert describes, with both its heads."""
    config.must_be(
        is_decoder=False,
        add_cross_attention=False,
        position_embedding_type="absolute",
        tie_word_embeddings=True,
    )
    tanh = partial(nn.GELU, approximate="tanh")
    activation = config.one_of(
        "hidden_act",
        {"gelu": nn.GELU, "gelu_new": tanh, "gelu_pytorch_tanh": tanh, "relu": nn.ReLU},
    )
    norm = partial(nn.LayerNorm, eps=config.small("layer_norm_eps"))
    weighing = partial(
        DotProductAttention, dropout=config.probability("attention_probs_dropout_prob")
    )
    return BERT(
        config.whole("vocab_size"),
        d_model=config.whole("hidden_size"),
        layers=config.whole("num_hidden_layers"),
        heads=config.whole("num_attention_heads"),
        d_ff=config.whole("intermediate_size"),
        max_length=config.whole("max_position_embeddings"),
        segments=config.whole("type_vocab_size"),
        dropout=config.probability("hidden_dropout_prob"),
        attention=partial(MultiHeadAttention, attention=weighing),
        feed_forward=partial(FeedForward, activation=activation),
        norm=norm,
        tasks={
            "masked": partial(MaskedLanguage, activation=activation, norm=norm),
            "next_sentence": NextSentence,
        },
        padding=config.index("pad_token_id"),
    )


def bert_names(config: Config) -> Published:
    """The tensors of the weights of BERT and its heads."""
    sources = {
        "embedding.weight": Source(("embeddings.word_embeddings.weight",)),
        "segments.weight": Source(("embeddings.token_type_embeddings.weight",)),
        "positions.table": Source(("embeddings.position_embeddings.weight",)),
        "tasks.masked.bias": Source(("cls.predictions.bias",)),
    }
    pairs = {
        "norm": "embeddings.LayerNorm",
        "tasks.masked.dense": "cls.predictions.transform.dense",
        "tasks.masked.norm": "cls.predictions.transform.LayerNorm",
        "tasks.next_sentence.pooler.dense": "pooler.dense",
        "tasks.next_sentence.classify": "cls.seq_relationship",
    }
    for layer in range(config.whole("num_hidden_layers")):
        ours, theirs = f"stack.blocks.{layer}", f"encoder.layer.{layer}"
        pairs |= {
            f"{ours}.attention.query": f"{theirs}.attention.self.query",
            f"{ours}.attention.output": f"{theirs}.attention.output.dense",
            f"{ours}.attention_residual.norm": f"{theirs}.attention.output.LayerNorm",
            f"{ours}.feed_forward.inner": f"{theirs}.intermediate.dense",
            f"{ours}.feed_forward.outer": f"{theirs}.output.dense",
            f"{ours}.feed_forward_residual.norm": f"{theirs}.output.LayerNorm",
        }
        for kind in ("weight", "bias"):
            both = tuple(f"{theirs}.attention.self.{part}.{kind}" for part in ("key", "value"))
            sources[f"{ours}.attention.key_value.{kind}"] = Source(both, stacked)
    for ours, theirs in pairs.items():
        for kind in ("weight", "bias"):
            sources[f"{ours}.{kind}"] = Source((f"{theirs}.{kind}",))
    return Published(
        sources,
        copies={
            "cls.predictions.decoder.weight": "embeddings.word_embeddings.weight",
            "cls.predictions.decoder.bias": "cls.predictions.bias",
        },
        needless=lambda name: name == "embeddings.position_ids",
    )


def present_name(name: str) -> str:
    """A tensor's name today: the first ports called a norm's gain gamma, and its bias beta."""
    name = name.removeprefix(_PREFIX)
    for old, new in ((".gamma", ".weight"), (".beta", ".bias")):
        if name.endswith(old):
            name = name.removesuffix(old) + new
    return name
