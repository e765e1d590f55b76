"""Learning-rate schedules: functions of the updates and of the fraction of training done."""

import math
from typing import Protocol, runtime_checkable


@runtime_checkable
class Schedule(Protocol):
    """The learning rate of the next update, after `step` updates and the fraction `done`."""

    def __call__(self, step: int, done: float) -> float: ...


def constant(step: int, done: float, *, learning_rate: float) -> float:
    """A constant learning rate."""
    return learning_rate


def noam(step: int, done: float, *, d_model: int, warmup: int, scale: float = 1.0) -> float:
    """Linear warm-up for `warmup` updates, then decay with the inverse square root of the update.

    Source: Vaswani et al. 2017, equation 3, times `scale`.
    """
    update = step + 1
    return scale * d_model**-0.5 * min(update**-0.5, update * warmup**-1.5)


def cosine(
    step: int, done: float, *, learning_rate: float, warmup: float = 0.05, floor: float = 0.0
) -> float:
    """Linear warm-up for the fraction `warmup` of training, then cosine decay to `floor`.

    Source: Loshchilov and Hutter 2017, equation 5, without restarts. `floor` is a fraction of
    `learning_rate`.
    """
    if done < warmup:
        return learning_rate * done / warmup if step else learning_rate * 1e-3
    fallen = (1 + math.cos(math.pi * (done - warmup) / (1 - warmup))) / 2
    return learning_rate * (floor + (1 - floor) * fallen)


def linear(step: int, done: float, *, learning_rate: float, warmup: float = 0.002) -> float:
    """Linear warm-up for the fraction `warmup` of training, then linear decay to zero.

    Source: Radford et al. 2018, section 4.1, for fine-tuning (a warm-up of 0.2 %); Devlin et al.
    2019, appendix A.2, for pre-training (10,000 of 1,000,000 updates).
    """
    if done < warmup:
        return learning_rate * done / warmup if step else learning_rate * 1e-3
    return learning_rate * (1 - done) / (1 - warmup)


def cut_off(step: int, done: float, *, schedule: Schedule, overlong: float) -> float:
    """A schedule `overlong` times as long as the training, cut off at the training's end.

    Source: Hoffmann et al. 2022, appendix B and figure A1. Kaplan et al. 2020 take the losses of
    many lengths from one schedule, which is the same thing (Hoffmann et al. 2022, section 2).
    """
    return schedule(step, done / overlong)
