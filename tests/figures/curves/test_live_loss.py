"""The loss of each update."""

import torch

from replications.figures.curves.live_loss import draw_losses, losses_of_updates
from replications.objectives.operations import CountsOperations


class Logs(CountsOperations):
    def __init__(self):
        super().__init__()
        self.logged = []

    def log(self, name, value, **options):
        self.logged.append(float(value))


def test_each_loss_is_kept_and_logged_all_the_same():
    objective = Logs()
    with losses_of_updates() as kept:
        for loss in (3.0, 2.0):
            objective.log_loss(torch.tensor(loss), 4)
    objective.log_loss(torch.tensor(1.0), 4)
    assert kept == [3.0, 2.0]
    assert objective.logged == [3.0, 2.0, 1.0]


def test_a_point_is_the_mean_of_several_updates():
    (ax,) = draw_losses({"run": [4.0, 2.0, 1.0, 1.0]}, together=2).axes
    (line,) = ax.lines
    assert list(line.get_xdata()) == [2, 4]
    assert list(line.get_ydata()) == [3.0, 1.0]
