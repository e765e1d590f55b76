"""Greedy translation with a cache of keys and values, beside one that reads the prefix again."""

import time
from functools import partial

import torch
from torch import Tensor

from benchmarks.alternation import Comparison, alternate
from replications.decoding.inference import inference
from replications.decoding.search import greedy_search
from replications.layers.residual import PreNorm
from replications.models.transformer import Transformer
from replications.tokens.special import END, SPECIAL

_VOCABULARY, _BATCH, _LENGTH = 4192, 64, 32


class Rereading(Transformer):
    """The same model without a cache: each step decodes all tokens so far once more."""

    def start(self, memory: tuple) -> tuple:
        mask = memory[0]
        return (torch.empty(len(mask), 0, dtype=torch.long, device=mask.device),)

    def step(self, token: Tensor, memory: tuple, state: tuple) -> tuple[Tensor, tuple]:
        prefix = torch.cat((state[0], token[:, None]), 1)
        return self._decode(memory, prefix)[:, -1], (prefix,)


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> Comparison:
    """Tokens a second of greedy search. No corpus is read: an untrained model reads noise."""
    sizes = {"d_model": 192, "layers": 3, "heads": 4, "d_ff": 768, "residual": PreNorm}
    ours = Transformer(_VOCABULARY, _VOCABULARY, **sizes)
    with torch.no_grad():
        # Its logit is 0, so that no sentence ends before the greatest length.
        ours.embedding.weight[END] = 0.0
    theirs = Rereading(_VOCABULARY, _VOCABULARY, **sizes)
    theirs.load_state_dict(ours.state_dict())
    speeds = alternate(
        partial(tokens_a_second, ours, epochs), partial(tokens_a_second, theirs, epochs), rounds
    )
    return Comparison(
        name="decoding",
        ours="with a cache",
        theirs="prefix read again",
        unit="tokens",
        setting=f"greedy search for {_LENGTH} tokens a sentence, {_BATCH} sentences of {_LENGTH} "
        f"tokens at a time, 3 + 3 layers of 192 numbers, {_VOCABULARY:,} tokens to choose from, "
        f"float32, {torch.get_num_threads()} threads",
        our_speeds=speeds[0],
        their_speeds=speeds[1],
    )


def tokens_a_second(model: Transformer, times: int) -> float:
    generator = torch.Generator().manual_seed(0)
    source = torch.randint(len(SPECIAL), _VOCABULARY, (_BATCH, _LENGTH), generator=generator)
    start = time.perf_counter()
    with inference(model):
        found = [greedy_search(model, source, max_length=_LENGTH) for _ in range(times)]
    seconds = time.perf_counter() - start
    return sum(len(best.ids) for run in found for (best,) in run) / seconds
