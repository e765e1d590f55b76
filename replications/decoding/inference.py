"""Shared by all inference: evaluation mode, the device, and batches of similar lengths."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import nn


@contextlib.contextmanager
def inference(model: Any) -> Iterator[None]:
    """No gradients and no dropout inside; each part's mode is restored afterwards."""
    parts = list(model.modules()) if isinstance(model, nn.Module) else []
    modes = [part.training for part in parts]
    try:
        if parts:
            model.eval()
        with torch.inference_mode():
            yield
    finally:
        for part, mode in zip(parts, modes, strict=True):
            part.training = mode


def device_of(model: Any) -> torch.device:
    """Where the model's weights are."""
    return next((weight.device for weight in model.parameters()), torch.device("cpu"))


def batches_by_length(lengths: Sequence[int], tokens: int) -> list[list[int]]:
    """Indices of sequences of similar length, the longest first, at most `tokens` with padding.

    The longest come first so that a lack of memory shows at once.
    """
    batches: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        if batches and lengths[batches[-1][0]] * (len(batches[-1]) + 1) <= tokens:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches
