"""How far a training is, told while it runs, to whoever asked."""

from typing import NamedTuple


class Progress(NamedTuple):
    """Epochs that are done, of how many; the last one's mean loss; seconds of training left.

    `step_loss` is that of the last update, on a processor alone: to read it from an accelerator,
    everything would wait for it. None stands where nothing is known yet.
    """

    epoch: int
    epochs: int
    loss: float | None
    seconds_left: float | None
    step_loss: float | None = None


class Stopped(BaseException):
    """Raised by who is told, to end a training at once: its last checkpoint is kept.

    No Exception, so that nothing on the way takes it for a failure.
    """
