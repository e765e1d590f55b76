"""How many tokens a second a network is trained on."""

import contextlib
import time
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn


def tokens_a_second(
    model: nn.Module,
    loss: Callable[[], Tensor],
    optimiser: Callable[..., torch.optim.Optimizer],
    *,
    updates: int,
    tokens: int,
    halved: bool,
) -> float:
    """The speed of so many updates of `tokens` each; `halved`: products in bfloat16."""
    device = next(model.parameters()).device.type
    precision = (
        partial(torch.autocast, device, torch.bfloat16) if halved else contextlib.nullcontext
    )
    stepping = optimiser(model.parameters())
    model.train()
    wait_for(device)
    start = time.perf_counter()
    for _ in range(updates):
        stepping.zero_grad()
        with precision():
            value = loss()
        value.backward()
        stepping.step()
    wait_for(device)
    return updates * tokens / (time.perf_counter() - start)


def products_a_second(
    size: int = 1024, repeats: int = 10, *, halved: bool, device: str = "cpu"
) -> float:
    """Floating-point operations a second of large products of matrices: what could be reached."""
    kind = torch.bfloat16 if halved else torch.float32
    one, other = torch.randn(2, size, size, device=device).to(kind)
    one @ other
    wait_for(device)
    start = time.perf_counter()
    for _ in range(repeats):
        one @ other
    wait_for(device)
    return repeats * 2 * size**3 / (time.perf_counter() - start)


def wait_for(device: str) -> None:
    """Until a card has done what it was told: it goes on after the call that told it."""
    if device == "cuda":
        torch.cuda.synchronize()
