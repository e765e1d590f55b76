"""Loads a folder in the format of the Hugging Face Hub into a network of this package."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from replications.errors import ReplicationError
from replications.layers.quantised import quantise_linears
from replications.models.decoder_only import DecoderOnly
from replications.models.encoder_only import EncoderOnly
from replications.models.published.bert import bert, bert_names, present_name
from replications.models.published.folder import Config, read_config, read_weights, weights_file
from replications.models.published.gpt import gpt1, gpt1_names, gpt2, gpt2_names, without_prefix
from replications.models.published.llama import llama, llama_names, without_model_prefix
from replications.models.published.weight_map import Published, fill, renamed


class _Family(NamedTuple):
    """How to build a network from a config.json, and which tensors are its weights."""

    build: Callable[[Config], nn.Module]
    names: Callable[[Config], Published]
    rename: Callable[[str], str]


_FAMILIES = {
    "openai-gpt": _Family(gpt1, gpt1_names, without_prefix),
    "gpt2": _Family(gpt2, gpt2_names, without_prefix),
    "bert": _Family(bert, bert_names, present_name),
    "llama": _Family(llama, llama_names, without_model_prefix),
}


def from_pretrained(
    folder: Path | str, *, quantise: Callable[[nn.Linear], nn.Module] | None = None
) -> DecoderOnly | EncoderOnly:
    """The network of a folder that holds config.json and its weights, ready to be used.

    The config's `model_type` says which: openai-gpt, gpt2 and llama give a DecoderOnly, bert an
    EncoderOnly with both its heads. The weights lie in model.safetensors, or in several files and
    model.safetensors.index.json. They are float32, on the CPU, and the network is in
    evaluation mode. `quantise` replaces the linear layers (layers/quantised.py).

    Raises ReplicationError, which says what is wrong with which file.
    """
    folder = Path(folder)
    config = read_config(folder)
    family = config.one_of("model_type", _FAMILIES)
    try:
        # On the meta device, nothing is allocated or drawn: published weights replace all.
        with torch.device("meta"):
            model = family.build(config)
    except ValueError as error:
        raise ReplicationError(f"{config.file} describes no network: {error}") from error
    file = weights_file(folder)
    fill(model, renamed(read_weights(folder), file, family.rename), family.names(config), file)
    if quantise is not None:
        quantise_linears(model, quantise)
    return model.eval()
