from __future__ import annotations

from functools import partial
from math import exp, log

import pytest
import torch
from tiny_text import draw_batch
from torch.testing import assert_close

from replications.models.window_predictors import ContinuousBagOfWords, SkipGram
from replications.objectives.binary_targets import (
    BinaryTargets,
    OutputLayer,
    binary_gradient,
    binary_loss,
)
from replications.objectives.hierarchical_softmax import HierarchicalSoftmax
from replications.objectives.negative_sampling import NegativeSampling
from replications.tokens.words import Vocabulary

VOCABULARY = Vocabulary(tuple("abcdefghijk"), (90, 50, 33, 21, 20, 9, 8, 5, 3, 2, 1))
OUTPUTS = (partial(NegativeSampling, negatives=5, shared_negatives=8), HierarchicalSoftmax)


def test_the_loss_is_minus_the_logarithm_of_the_answers_probability():
    hidden = torch.tensor([[[1.0, 2.0]]])
    rows = torch.tensor([[[0.5, 0.25], [-1.0, 0.0]]])
    binary_targets = BinaryTargets(
        torch.tensor([[0, 1]]), torch.tensor([[[1.0, 0.0]]]), torch.tensor([[[1.0, 3.0]]])
    )
    positives, no = 1 / (1 + exp(-1)), 1 - 1 / (1 + exp(1))
    assert_close(binary_loss(hidden, rows, binary_targets).item(), -log(positives) - 3 * log(no))


def test_sure_answers_cost_nothing_and_sure_mistakes_stay_finite():
    hidden, rows = torch.tensor([[[200.0]]]), torch.tensor([[[1.0]]])
    number, one, none = torch.tensor([[0]]), torch.ones(1, 1, 1), torch.zeros(1, 1, 1)
    assert binary_loss(hidden, rows, BinaryTargets(number, one, one)).item() == 0
    assert binary_loss(hidden, rows, BinaryTargets(number, none, one)).item() == 200


@pytest.mark.parametrize("output", OUTPUTS, ids=["negative sampling", "hierarchical softmax"])
@pytest.mark.parametrize("predictor", [SkipGram(), ContinuousBagOfWords(divided=True)], ids=type)
def test_the_closed_form_is_the_gradient_that_autograd_finds(predictor, output):
    generator = torch.Generator().manual_seed(0)
    vectors = torch.randn(len(VOCABULARY), 4, generator=generator).double().requires_grad_()
    layer = output(VOCABULARY, 4).double()
    layer.weight.data.normal_(generator=generator)
    assert isinstance(layer, OutputLayer)
    batch = draw_batch(len(VOCABULARY))

    prediction = predictor.predict(vectors, *batch)
    binary_targets = layer.binary_targets(prediction.targets, prediction.weights, generator)
    rows = layer.weight[binary_targets.rows]
    binary_loss(prediction.hidden, rows, binary_targets).backward()

    for_hidden, for_rows = binary_gradient(
        prediction.hidden.detach(), rows.detach(), binary_targets
    )
    update = predictor.spread(for_hidden, binary_targets.totals.sum(2), *batch)
    found = torch.zeros_like(vectors)
    found.index_add_(0, update.rows.flatten(), update.gradient.flatten(0, 1))
    assert_close(found, -vectors.grad, atol=1e-6, rtol=0)
    found = torch.zeros_like(layer.weight)
    found.index_add_(0, binary_targets.rows.flatten(), for_rows.flatten(0, 1))
    assert_close(found, -layer.weight.grad, atol=1e-6, rtol=0)
    assert vectors.grad.abs().max() > 0.1
    assert layer.weight.grad.abs().max() > 0.1


def test_the_gradient_leaves_its_inputs_as_they_were():
    hidden, rows = torch.randn(2, 3, 4), torch.randn(2, 5, 4)
    binary_targets = BinaryTargets(
        torch.zeros(2, 5).long(), torch.rand(2, 3, 5), torch.ones(2, 3, 5)
    )
    before = [
        part.clone() for part in (hidden, rows, binary_targets.positives, binary_targets.totals)
    ]
    binary_gradient(hidden, rows, binary_targets)
    for part, old in zip(
        (hidden, rows, binary_targets.positives, binary_targets.totals), before, strict=True
    ):
        assert torch.equal(part, old)
