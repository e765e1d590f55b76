"""Instruction tuning: the loss is that of the answers, and it begins where the training ended."""

from functools import partial
from types import SimpleNamespace

import pytest
import torch
from torch.nn import functional

from replications.corpora.batches.instruction_batches import AnswerBatch
from replications.errors import ReplicationError
from replications.models.presets import LLaMA
from replications.objectives.instruction_tuning import InstructionTuning
from replications.objectives.schedules import constant
from replications.tokens.byte_level import ByteLevelBPE
from replications.training.shares import Shares

MODEL = partial(LLaMA, d_model=8, layers=1, heads=2, d_ff=12, max_length=16)
VOCABULARY = ByteLevelBPE.learn(["ab"], merges=0)


def tuning(start):
    return InstructionTuning(
        VOCABULARY, 0, start, model=MODEL, schedule=partial(constant, learning_rate=1e-2)
    )


@pytest.fixture
def start():
    torch.manual_seed(1)
    return SimpleNamespace(model=MODEL(len(VOCABULARY)))


IDS = torch.tensor([[1, 2, 3, 4, 5], [1, 6, 7, 0, 0]])
LABELS = torch.tensor([[-1, -1, -1, 4, 5], [-1, -1, 7, -1, -1]])


def test_the_loss_is_the_mean_over_the_answers_tokens_alone(start):
    found = tuning(start).loss(AnswerBatch(IDS, LABELS))
    logits = start.model(IDS[:, :-1])
    chosen = torch.stack((logits[0, 2], logits[0, 3], logits[1, 1]))
    torch.testing.assert_close(found, functional.cross_entropy(chosen, torch.tensor([4, 5, 7])))


def test_what_is_asked_of_the_prompt_changes_nothing(start):
    objective = tuning(start)
    objective.loss(AnswerBatch(IDS, LABELS)).backward()
    gradient = objective.model.output.weight.grad.clone()
    # Token 3 is only read: were it predicted, its row of the output would be pushed up.
    assert gradient[3].norm() < gradient[7].norm()


def test_it_begins_with_the_weights_of_the_start_and_leaves_them_alone(start):
    objective = tuning(start)
    assert torch.equal(objective.model(IDS), start.model(IDS))
    with torch.no_grad():
        objective.model.output.weight.zero_()
    assert start.model.output.weight.abs().max() > 0


def test_without_a_trained_model_there_is_nothing_to_tune():
    with pytest.raises(ReplicationError, match="give the recipe a `start`"):
        tuning(None)


def test_weighed_losses_of_its_shares_are_the_loss_of_the_batch(start):
    objective = tuning(start)
    objective.log = lambda *_, **__: None
    batch = AnswerBatch(IDS, LABELS)
    whole = objective.training_step(batch, 0)
    summed = 0.0
    for share in Shares([batch], objective, rank=0, processes=1, parts=2):
        objective.weights = share.weights
        summed = summed + objective.training_step(share.batch, 0) / 2
    torch.testing.assert_close(summed, whole)
