"""The progress of a training, reported while it runs."""

from typing import NamedTuple


class Progress(NamedTuple):
    """Epochs that are done, of how many; the last one's mean loss; seconds of training left.

    `step_loss` is that of the last update, on a CPU alone: reading it from an accelerator would
    wait for all of its queued work. None where nothing is known yet.
    """

    epoch: int
    epochs: int
    loss: float | None
    seconds_left: float | None
    step_loss: float | None = None


class Stopped(BaseException):
    """Raised in the callback of a training to end it at once: its last checkpoint is kept.

    No Exception, so that nothing handles it as a failure.
    """
