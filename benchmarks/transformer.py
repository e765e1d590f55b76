"""Our Transformer beside torch.nn.Transformer, in single precision and in bfloat16."""

import math
import warnings
from collections.abc import Callable
from functools import partial

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from benchmarks.alternation import Comparison, take_turns
from benchmarks.updates import tokens_a_second
from replications.layers.positions import Sinusoidal
from replications.layers.residual import PreNorm
from replications.models.transformer import Transformer
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy
from replications.tokens.special import PAD, SPECIAL

_D, _LAYERS, _HEADS, _INNER, _DROPOUT = 192, 3, 4, 768, 0.1
_VOCABULARY, _SMOOTHING = 4192, 0.1
_BATCH, _LENGTH, _UPDATES = 128, 16, 2

Loss = Callable[[Tensor, Tensor], Tensor]


class TorchTransformer(nn.Module):
    """torch.nn.Transformer with what it leaves to its user: embedding, positions and masks."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(_VOCABULARY, _D)
        nn.init.normal_(self.embedding.weight, std=_D**-0.5)
        self.output = nn.Linear(_D, _VOCABULARY, bias=False)
        self.output.weight = self.embedding.weight
        self.positions, self.dropout = Sinusoidal(512, _D), nn.Dropout(_DROPOUT)
        with warnings.catch_warnings():
            # That nested tensors do not go with norm_first; they would do nothing in training.
            warnings.filterwarnings("ignore", ".*nested_tensor.*")
            self.stacks = nn.Transformer(
                _D, _HEADS, _LAYERS, _LAYERS, _INNER, _DROPOUT, batch_first=True, norm_first=True
            )

    def forward(
        self, source: Int[Tensor, "batch source"], target: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target vocabulary"]:
        length, hidden = target.shape[1], source == PAD
        causal = torch.ones(length, length, dtype=torch.bool).triu(1)
        tokens = self.stacks(
            *(
                self.dropout(self.positions(self.embedding(x) * math.sqrt(_D)))
                for x in (source, target)
            ),
            tgt_mask=causal,
            src_key_padding_mask=hidden,
            memory_key_padding_mask=hidden,
            tgt_is_causal=True,
        )
        return self.output(tokens)


def our_loss(logits: Tensor, labels: Tensor) -> Tensor:
    return smoothed_cross_entropy(logits, labels, smoothing=_SMOOTHING, ignored=PAD)[0]


def torch_loss(logits: Tensor, labels: Tensor) -> Tensor:
    return nn.functional.cross_entropy(
        logits.float(), labels, label_smoothing=_SMOOTHING, ignore_index=PAD
    )


def compare(corpus: str, stride: int, rounds: int, epochs: int) -> tuple[Comparison, Comparison]:
    """Target tokens a second of training. No corpus is read: updates are made on noise."""
    ours = Transformer(
        _VOCABULARY,
        _VOCABULARY,
        d_model=_D,
        layers=_LAYERS,
        heads=_HEADS,
        d_ff=_INNER,
        dropout=_DROPOUT,
        residual=PreNorm,
    )
    generator = torch.Generator().manual_seed(0)
    source, target = (
        torch.randint(len(SPECIAL), _VOCABULARY, (_BATCH, size), generator=generator)
        for size in (_LENGTH, _LENGTH + 1)
    )
    models = ((ours, our_loss), (TorchTransformer(), torch_loss))
    speeds = take_turns(
        [
            partial(
                tokens_a_second,
                model,
                partial(_loss_of, model, loss, source, target),
                partial(torch.optim.Adam, lr=1e-4, betas=(0.9, 0.98), eps=1e-9),
                updates=epochs * _UPDATES,
                tokens=_BATCH * _LENGTH,
                halved=halved,
            )
            for halved in (False, True)
            for model, loss in models
        ],
        rounds,
    )
    setting = (
        f"{_LAYERS} + {_LAYERS} layers of {_D} numbers and {_HEADS} heads, normalised first, inner "
        f"{_INNER}, dropout {_DROPOUT}, one embedding of {_VOCABULARY:,} tokens, label smoothing "
        f"{_SMOOTHING}, batches of {_BATCH} pairs of {_LENGTH} tokens, forward, backward and Adam, "
        f"{torch.get_num_threads()} threads, "
    )
    both = partial(Comparison, ours="ours", theirs="torch.nn.Transformer", unit="target tokens")
    return (
        both(
            "transformer", setting=setting + "float32", our_speeds=speeds[0], their_speeds=speeds[1]
        ),
        both(
            "transformer-bfloat16",
            setting=setting + "bfloat16 by autocast",
            our_speeds=speeds[2],
            their_speeds=speeds[3],
        ),
    )


def _loss_of(model: nn.Module, loss: Loss, source: Tensor, target: Tensor) -> Tensor:
    return loss(model(source, target[:, :-1]).flatten(0, 1), target[:, 1:].flatten())
