"""How well numbers are read from sequences that training has not seen."""

import torch

from replications.objectives.sequence_regression import (
    LabelledSequences,
    SequenceRegressionObjective,
)

# So many sequences at once, so that long ones fit into memory.
_AT_ONCE = 256


@torch.no_grad()
def adding_metrics(
    objective: SequenceRegressionObjective, data: object, *, tolerance: float = 0.04
) -> dict[str, float]:
    """The errors on `data.test`: `mse`, the mean squared error, and `correct`, percent.

    Source: Hochreiter and Schmidhuber 1997, section 5.4 and table 7: a sequence of the 2560 of the
    test is processed correctly when the absolute error is at most 0.04.
    """
    test: LabelledSequences = data.test
    training = objective.training
    objective.eval()
    batches = zip(*(part.split(_AT_ONCE) for part in (test.inputs, test.inside)), strict=True)
    device = objective.device
    found = [objective.model(inputs.to(device), inside.to(device)) for inputs, inside in batches]
    objective.train(training)
    error = torch.cat(found).cpu() - test.target
    return {
        "mse": float(error.square().mean()),
        "correct": 100 * float((error.abs() <= tolerance).double().mean()),
    }
