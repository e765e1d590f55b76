"""How much a network's heads attend to the token after the last occurrence of the current one."""

from typing import Any

import torch

from replications.decoding.inference import device_of, inference


def induction_heads(
    objective: Any,
    data: Any,
    *,
    sequences: int = 32,
    repeated: int = 24,
    prefix: str = "induction",
) -> dict[str, float]:
    """`induction:layer0.head0` and so on, and `induction_best`, the greatest: per cent of a head's
    attention, in the second copy of random tokens, to what followed the current token in the first.

    Source: Olsson et al. 2022 (In-context Learning and Induction Heads), "Prefix matching score".
    A head that attends uniformly to the tokens so far has about 100 ln 2 / `repeated`, the mean of
    100 over the number of these. The tokens are drawn uniformly from the vocabulary without the
    special tokens, and are the same for every model of that vocabulary.
    """
    draw = torch.Generator().manual_seed(0)
    usable = len(data.vocabulary) - 1
    first = torch.randint(usable, (sequences, repeated), generator=draw)
    end = torch.full((sequences, 1), data.vocabulary.end_of_text)
    ids = torch.cat((end, first, first), 1).to(device_of(objective.model))
    with inference(objective.model):
        weights = objective.model.attention(ids).float()
    # The second copy begins at `repeated` + 1; what followed its tokens is `repeated` - 1 back.
    there = torch.arange(repeated + 1, 2 * repeated + 1, device=ids.device)
    after = weights[:, :, :, there, there - repeated + 1].mean((0, 3))
    numbers = {
        f"{prefix}:layer{layer}.head{head}": 100 * float(value)
        for layer, heads in enumerate(after)
        for head, value in enumerate(heads)
    }
    return {**numbers, f"{prefix}_best": max(numbers.values())}
