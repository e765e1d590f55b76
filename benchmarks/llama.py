"""Decoding of our LLaMA beside `transformers`' generate, with the same weights."""

import tempfile
import time
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from benchmarks.alternation import Comparison, alternate
from replications.decoding.fused_decoder import FusedDecoder
from replications.decoding.generation import Cached, generate
from replications.models.published import from_pretrained

_D, _LAYERS, _HEADS, _KV_HEADS, _INNER, _VOCABULARY = 128, 4, 8, 2, 352, 4096
_PROMPT, _WRITTEN = 32, 96
_BATCHES = {"": 1, "-batch": 16}


def hugging_face() -> nn.Module:
    """A small LLaMA with grouped queries and random weights, by `transformers`."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=_VOCABULARY,
        hidden_size=_D,
        intermediate_size=_INNER,
        num_hidden_layers=_LAYERS,
        num_attention_heads=_HEADS,
        num_key_value_heads=_KV_HEADS,
        max_position_embeddings=512,
        bos_token_id=None,
        eos_token_id=None,
    )
    return LlamaForCausalLM(config).eval()


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> tuple[Comparison, ...]:
    """Tokens a second of greedy decoding, prompt included. No corpus is read: prompts are noise."""
    theirs = hugging_face()
    with tempfile.TemporaryDirectory() as folder:
        theirs.save_pretrained(folder)
        ours = FusedDecoder(from_pretrained(Path(folder)))
    found = []
    for name, batch in _BATCHES.items():
        generator = torch.Generator().manual_seed(1)
        prompt = torch.randint(_VOCABULARY, (batch, _PROMPT), generator=generator)
        if not torch.equal(_ours(ours, prompt), _theirs(theirs, prompt)):
            raise AssertionError("ours and transformers' do not write the same tokens")
        speeds = alternate(
            partial(_tokens_a_second, partial(_ours, ours, prompt), epochs),
            partial(_tokens_a_second, partial(_theirs, theirs, prompt), epochs),
            rounds,
        )
        found.append(
            Comparison(
                name=f"llama-decoding{name}",
                ours="ours",
                theirs="transformers' generate",
                unit="tokens",
                setting=f"greedy, {batch} prompts of {_PROMPT} tokens at a time, {_WRITTEN} tokens "
                f"written after each, {_LAYERS} layers of {_D} numbers, {_HEADS} heads, "
                f"{_KV_HEADS} of keys and values, {_VOCABULARY:,} tokens to choose from, float32, "
                f"{torch.get_num_threads()} threads",
                our_speeds=speeds[0],
                their_speeds=speeds[1],
            )
        )
    return tuple(found)


def _ours(model: Cached, prompt: Tensor) -> Tensor:
    return generate(model, prompt, tokens=_WRITTEN).ids


def _theirs(model: nn.Module, prompt: Tensor) -> Tensor:
    with torch.inference_mode():
        written = model.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=_WRITTEN,
            do_sample=False,
            pad_token_id=0,
        )
    return written[:, prompt.shape[1] :]


def _tokens_a_second(write: partial, times: int) -> float:
    start = time.perf_counter()
    written = sum(write().numel() for _ in range(times))
    return written / (time.perf_counter() - start)
