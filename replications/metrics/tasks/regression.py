"""Errors of sequence regression on the test sequences."""

import torch

from replications.corpora.batches.long_lag import CORRECT_WITHIN, LongLag
from replications.items import FromItems
from replications.objectives.sequence_regression import SequenceRegressionObjective

# Sequences per batch, so that long ones fit into memory.
_AT_ONCE = 256


@torch.no_grad()
def adding_metrics(
    objective: SequenceRegressionObjective, data: LongLag, *, tolerance: float = CORRECT_WITHIN
) -> dict[str, float]:
    """The errors on the test sequences: `mse`, the mean squared error, and `correct`, percent.

    Source: Hochreiter and Schmidhuber 1997, section 5.4 and table 7: a sequence is processed
    correctly when the absolute error is at most 0.04. Where there are several outputs, all are to
    be within the tolerance (section 5.6: 0.3).
    """
    test, device, training = data.test, objective.device, objective.training
    objective.eval()
    batches = zip(test.inputs.split(_AT_ONCE), test.lengths.split(_AT_ONCE), strict=True)
    found = [objective.model(inputs.to(device), lengths.to(device)) for inputs, lengths in batches]
    objective.train(training)
    error = torch.cat(found).cpu() - test.targets
    mse, right = float(error.square().mean()), (error.abs() <= tolerance).all(1)
    return {
        "mse": FromItems(mse, "mean", error.square().mean(1).numpy()),
        "correct": FromItems(100 * float(right.double().mean()), "percent", right.numpy()),
    }
