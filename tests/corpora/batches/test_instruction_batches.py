"""Instructions as batches: the answer alone is predicted, after its prompt."""

import numpy as np
import pytest
import torch

from replications.corpora.batches.instruction_batches import (
    InstructionBatches,
    answer_batch,
    encode_answers,
)
from replications.corpora.batches.masking import IGNORE_INDEX
from replications.corpora.texts.documents import Documents
from replications.corpora.texts.instructed.instruction_answers import (
    Answered,
    InstructionAnswers,
    prompt_of,
)
from replications.errors import ReplicationError
from replications.tokens.byte_level import ByteLevelBPE

TOKENS = ByteLevelBPE.learn(["say yes or no"], merges=0)
END = TOKENS.end_of_text
EXAMPLES = (Answered("one?", "1"), Answered("three?", "3.0"), Answered("?" * 99, "no"))


def data(length=12, **changes):
    text = InstructionAnswers(EXAMPLES, ())
    documents = Documents(["a"], ["b"], ["c"], ())
    made = InstructionBatches(
        0,
        text=lambda seed: text,
        pretraining=lambda seed: documents,
        tokenizer=lambda documents: TOKENS,
        length=length,
        **changes,
    )
    made.setup()
    return made


def test_a_prompt_has_its_headings_and_an_input_where_there_is_one():
    assert prompt_of("Add.") == "### Instruction:\nAdd.\n\n### Response:\n"
    given = "### Instruction:\nAdd.\n\n### Input:\n1, 2\n\n### Response:\n"
    assert prompt_of("Add.", "1, 2") == given


def test_an_example_is_the_end_mark_the_prompt_the_answer_and_the_end_mark():
    first, second = encode_answers(EXAMPLES, TOKENS, 12)
    assert first.ids == [END, *TOKENS.encode("one?1"), END]
    assert first.prompt == 5
    assert TOKENS.decode(second.ids[second.prompt : -1]) == "3.0"


def test_an_answer_is_cut_and_a_prompt_without_room_is_left_out():
    (cut,) = encode_answers([Answered("one?", "123456789")], TOKENS, 8)
    assert len(cut.ids) == 9
    assert TOKENS.decode(cut.ids[cut.prompt :]) == "1234"
    assert encode_answers([Answered("three?", "3")], TOKENS, 8) == []


def test_only_answers_and_their_ends_are_labels():
    batch = answer_batch(encode_answers(EXAMPLES, TOKENS, 12), TOKENS)
    assert batch.ids.shape == batch.labels.shape == (2, 11)
    asked = batch.labels != IGNORE_INDEX
    assert asked.sum(1).tolist() == [2, 4]
    assert torch.equal(batch.labels[asked], batch.ids[asked])
    assert batch.labels[0].tolist() == [-1] * 5 + [*TOKENS.encode("1"), END] + [-1] * 4
    assert (batch.ids[0, 7:] == END).all()


def test_an_epoch_reads_each_example_once_in_an_order_of_its_own():
    made = data(sequences_per_batch=1)
    assert made.tokens_per_epoch == (7 - 1) + (11 - 1)
    batches = list(made.train_dataloader())
    assert sorted(len(batch.ids[0]) for batch in batches) == [7, 11]
    many = [made.batch(np.array([0, 1])).ids.shape for _ in range(2)]
    assert many == [(2, 11)] * 2


def test_instructions_that_all_are_too_long_are_an_error():
    with pytest.raises(ReplicationError, match="No instruction leaves room .* in 4 tokens"):
        _ = data(length=4).tokens_per_epoch
