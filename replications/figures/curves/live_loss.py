"""The loss of each update of a run on the page: what somebody who trains looks at first."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
import seaborn as sns
from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor

from replications.figures.paper_and_ours import axes, finish
from replications.objectives.operations import CountsOperations
from replications.records import Number


@contextmanager
def losses_of_updates() -> Iterator[list[float]]:
    """The loss of each batch that is trained inside, as the objective logs it, in nats."""
    kept: list[float] = []
    logged = CountsOperations.log_loss

    def keep(objective: CountsOperations, loss: Tensor, *arguments: object) -> None:
        kept.append(float(loss.detach()))
        logged(objective, loss, *arguments)

    with patch.object(CountsOperations, "log_loss", keep):
        yield kept


def draw_losses(losses: Mapping[str, Sequence[Number]], *, together: int = 20) -> Figure:
    """A line for each run: each point is the mean of so many updates."""
    colours = sns.color_palette("colorblind", len(losses))
    with axes() as ax:
        for (name, run), colour in zip(losses.items(), colours, strict=True):
            means = _means(run, together)
            steps = together * (np.arange(len(means)) + 1)
            ax.plot(steps, means, color=colour, lw=2, label=name)
        finish(ax, "updates", "training loss, nats per token", recorded=True)
    return ax.figure


def _means(run: Sequence[Number], together: int) -> Float[np.ndarray, " point"]:
    whole = max(1, len(run) // together)
    return np.array([np.mean(part) for part in np.array_split(np.asarray(run), whole)])
