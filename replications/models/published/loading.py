"""From a folder of the Hugging Face Hub to a network of this package."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from replications.errors import ReplicationError
from replications.models.decoder_only import DecoderOnly
from replications.models.encoder_only import EncoderOnly
from replications.models.published.bert import bert, bert_names, present_name
from replications.models.published.folder import WEIGHTS, Config, read_config, read_weights
from replications.models.published.gpt import gpt1, gpt1_names, gpt2, gpt2_names, without_prefix
from replications.models.published.weight_map import Published, fill, renamed


class _Family(NamedTuple):
    """What to build of a config.json, and where its weights are."""

    build: Callable[[Config], nn.Module]
    names: Callable[[Config], Published]
    rename: Callable[[str], str]


_FAMILIES = {
    "openai-gpt": _Family(gpt1, gpt1_names, without_prefix),
    "gpt2": _Family(gpt2, gpt2_names, without_prefix),
    "bert": _Family(bert, bert_names, present_name),
}


def from_pretrained(folder: Path | str) -> DecoderOnly | EncoderOnly:
    """The network of a folder that holds config.json and model.safetensors, ready to be used.

    The config's `model_type` says which: openai-gpt and gpt2 give a DecoderOnly, bert an
    EncoderOnly with both its heads. The weights are float32, on the processor, and dropout rests
    (`model.train()` wakes it).

    Raises ReplicationError, which says what is wrong with which file.
    """
    folder = Path(folder)
    config = read_config(folder)
    family = config.one_of("model_type", _FAMILIES)
    try:
        # On no device, nothing is allocated or drawn: the published weights take the places.
        with torch.device("meta"):
            model = family.build(config)
    except ValueError as error:
        raise ReplicationError(f"{config.file} describes no network: {error}") from error
    file = folder / WEIGHTS
    fill(model, renamed(read_weights(folder), file, family.rename), family.names(config), file)
    return model.eval()
