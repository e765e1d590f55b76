"""Small models of transformers with random weights, saved as the Hub keeps them."""

from pathlib import Path

import torch
from transformers import (
    BertConfig,
    BertForPreTraining,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    OpenAIGPTConfig,
    OpenAIGPTLMHeadModel,
    PreTrainedModel,
)

VOCABULARY = 29
# Far from any default, so that a norm with another one is found out.
_EPSILON = 0.05


def tiny_gpt1() -> PreTrainedModel:
    config = OpenAIGPTConfig(
        vocab_size=VOCABULARY,
        n_positions=16,
        n_embd=12,
        n_layer=2,
        n_head=3,
        layer_norm_epsilon=_EPSILON,
    )
    return shaken(OpenAIGPTLMHeadModel(config))


def tiny_gpt2(**changes: object) -> PreTrainedModel:
    config = GPT2Config(
        vocab_size=VOCABULARY,
        n_positions=16,
        n_embd=12,
        n_layer=2,
        n_head=3,
        layer_norm_epsilon=_EPSILON,
        bos_token_id=None,
        eos_token_id=None,
        **changes,
    )
    return shaken(GPT2LMHeadModel(config))


def tiny_bert(**changes: object) -> PreTrainedModel:
    config = BertConfig(
        vocab_size=VOCABULARY,
        max_position_embeddings=16,
        hidden_size=12,
        num_hidden_layers=2,
        num_attention_heads=3,
        intermediate_size=20,
        layer_norm_eps=_EPSILON,
        **changes,
    )
    return shaken(BertForPreTraining(config))


TINY = {"gpt1": tiny_gpt1, "gpt2": tiny_gpt2, "bert": tiny_bert}


def shaken(model: PreTrainedModel) -> PreTrainedModel:
    """Every weight is drawn, biases and gains too, so that none can be mistaken for another."""
    torch.manual_seed(2)
    with torch.no_grad():
        for weight in model.parameters():
            # Biases stay near 0, and gains near 1.
            start = 0 if weight.dim() > 1 else weight
            weight.copy_(start + 0.4 * torch.randn_like(weight))
    return model.eval()


def saved(model: PreTrainedModel, folder: Path) -> Path:
    model.save_pretrained(folder)
    return folder


def tiny_llama(**changes: object) -> PreTrainedModel:
    """Six heads of four dimensions; `num_key_value_heads` says how many of keys and values."""
    sizes = {
        "vocab_size": VOCABULARY,
        "max_position_embeddings": 32,
        "hidden_size": 24,
        "intermediate_size": 20,
        "num_hidden_layers": 2,
        "num_attention_heads": 6,
        "rms_norm_eps": _EPSILON,
        "bos_token_id": None,
        "eos_token_id": None,
    }
    return shaken(LlamaForCausalLM(LlamaConfig(**(sizes | changes))))
