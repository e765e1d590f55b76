"""Continuations of prompts by a language model, by several decoding methods."""

from functools import partial

import torch

from replications.decoding.inference import device_of
from replications.decoding.sampling import sample, top_k, top_p


def continuations(
    objective: object,
    data: object,
    *,
    prompts: tuple[str, ...],
    tokens: int = 60,
    k: int = 40,
    p: float = 0.9,
) -> list[dict[str, str]]:
    """A row for each prompt: its continuations by greedy decoding, by top-k and by nucleus (top-p)
    sampling.

    Source: Radford et al. 2019 for k = 40; Holtzman et al. 2020, section 3.1, for the nucleus. Each
    prompt has its own seed, the same for every model.
    """
    model, tokenizer = objective.model, data.vocabulary
    ways = {
        "greedy": {"temperature": 0.0},
        "top_k": {"logits_filter": partial(top_k, k=k)},
        "nucleus": {"logits_filter": partial(top_p, p=p)},
    }
    device = device_of(model)
    rows = []
    for number, prompt in enumerate(prompts):
        ids = torch.tensor([[tokenizer.end_of_text, *tokenizer.encode(prompt)]], device=device)
        row = {"prompt": prompt}
        for name, way in ways.items():
            generator = torch.Generator(device).manual_seed(number)
            (written,) = sample(
                model,
                ids,
                tokens=tokens,
                generator=generator,
                end=tokenizer.end_of_text,
                **way,
            )
            row[name] = tokenizer.decode(written)
        rows.append(row)
    return rows
