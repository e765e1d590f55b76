"""Answers: their bits per byte, and what their own instruction saves."""

import math
from types import SimpleNamespace

import pytest
import torch

from replications.corpora.texts.instructed.instruction_answers import Answered, InstructionAnswers
from replications.errors import ReplicationError
from replications.metrics.language.answers import answer_likelihood
from replications.tokens.byte_level import ByteLevelBPE

TOKENS = ByteLevelBPE.learn(["abc"], merges=0)
EXAMPLES = (Answered("a?", "aaaa"), Answered("b?", "bb"), Answered("c?", "cccccc"))


class Uniform(torch.nn.Module):
    """Every token is as probable."""

    def forward(self, ids):
        return torch.zeros(*ids.shape, len(TOKENS))


class Copies(torch.nn.Module):
    """The first letter of the prompt is as probable as all others together."""

    def forward(self, ids):
        logits = torch.zeros(*ids.shape, len(TOKENS))
        first = ids[:, 1, None, None].expand(-1, ids.shape[1], 1)
        return logits.scatter(2, first, math.log(len(TOKENS) - 1))


def measured(model, examples=EXAMPLES, length=20):
    data = SimpleNamespace(
        vocabulary=TOKENS, length=length, eval_sets={"some": InstructionAnswers(examples, ())}
    )
    return answer_likelihood(SimpleNamespace(model=model), data, answers="some")


def test_answers_that_all_are_as_probable_cost_the_logarithm_of_the_vocabulary():
    found = measured(Uniform())
    # A byte is a token here, and the mark of the end is none.
    assert found["answers_bits_per_byte"] == pytest.approx(math.log2(len(TOKENS)))
    assert found["answers_instruction_gain"] == pytest.approx(0, abs=1e-9)


def test_who_copies_from_the_instruction_gains_from_the_right_one():
    found = measured(Copies())
    assert found["answers_bits_per_byte"] == pytest.approx(1.0)
    # After another instruction the right letter is one of the others.
    lost = math.log2(2 * (len(TOKENS) - 1))
    assert found["answers_instruction_gain"] == pytest.approx(lost - 1)


def test_an_answer_is_compared_on_the_tokens_that_fit_after_both_prompts():
    examples = (Answered("a?", "a" * 9), Answered("b" * 7, "bb"), Answered("c?", "cc"))
    found = measured(Copies(), examples, length=12)
    assert found["answers_bits_per_byte"] == pytest.approx(1.0)


def test_a_single_example_has_no_other_to_be_compared_with():
    with pytest.raises(ReplicationError, match="1 examples of some fit"):
        measured(Uniform(), EXAMPLES[:1])
