"""The loss of our GPT-2, of a plain loop of PyTorch's own layers, and of `transformers`' GPT-2."""

from collections.abc import Callable, Mapping
from typing import Any

from jaxtyping import Int64
from torch import Tensor, nn
from torch.nn import functional

from replications.baselines.plain_language_model import PlainLanguageModel
from replications.models.presets import GPT2
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy

ModelAndLoss = tuple[nn.Module, Callable[[], Tensor]]


def compared_losses(
    ids: Int64[Tensor, "batch time_plus_1"],
    vocabulary: int,
    *,
    sizes: Mapping[str, int],
    dropout: float,
    inplace: bool = False,
    **parts: Any,
) -> tuple[ModelAndLoss, ModelAndLoss, ModelAndLoss]:
    """Ours, the plain loop and `transformers`, of the same sizes and on the ids' device.

    Each comes with the loss on these ids, in nats a token. `parts` go into ours alone; with
    `inplace` our loss writes its gradient over the logits.
    """
    read, predicted = ids[:, :-1].contiguous(), ids[:, 1:].contiguous()
    labels = predicted.flatten()
    ours, plain, theirs = (
        model.to(ids.device)
        for model in (
            GPT2(vocabulary, **sizes, dropout=dropout, **parts),
            PlainLanguageModel(vocabulary, **sizes, dropout=dropout),
            hugging_face(vocabulary, **sizes, dropout=dropout),
        )
    )

    def our_loss() -> Tensor:
        logits = ours(read).flatten(0, 1)
        return smoothed_cross_entropy(logits, labels, ignored=-1, inplace=inplace)[0]

    def plain_loss() -> Tensor:
        return functional.cross_entropy(plain(read).flatten(0, 1).float(), labels)

    def their_loss() -> Tensor:
        return theirs(read, labels=read, shift_labels=predicted).loss

    return (ours, our_loss), (plain, plain_loss), (theirs, their_loss)


def hugging_face(
    vocabulary: int,
    *,
    d_model: int,
    layers: int,
    heads: int,
    d_ff: int,
    max_length: int,
    dropout: float,
) -> nn.Module:
    """The same network by `transformers`."""
    from transformers import GPT2Config, GPT2LMHeadModel

    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary,
            n_positions=max_length,
            n_embd=d_model,
            n_layer=layers,
            n_head=heads,
            n_inner=d_ff,
            resid_pdrop=dropout,
            embd_pdrop=dropout,
            attn_pdrop=dropout,
            use_cache=False,
        )
    )
