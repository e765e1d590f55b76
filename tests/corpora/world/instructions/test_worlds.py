"""The parts of the world of instructions: what is planted can be counted."""

from collections import Counter

import pytest

from replications.corpora.world.instructions.dialogues import make_dialogues
from replications.corpora.world.instructions.gold import correct, gold_reward
from replications.corpora.world.instructions.vocabulary import WORDS
from replications.corpora.world.instructions.worlds import (
    ASSISTANT,
    make_instruction_text,
    make_instructions,
)
from replications.errors import ReplicationError


@pytest.fixture(scope="module")
def world():
    return make_instructions(3, 2_000)


def test_the_words_are_about_a_hundred_and_none_stands_twice():
    assert len(WORDS) == len(set(WORDS)) and 80 <= len(WORDS) <= 100


def test_every_demonstration_is_right_and_keeps_its_constraint(world):
    for request, answer in (*world.train, *world.test):
        assert correct(request, answer) and gold_reward(request, answer) >= 1.5


def test_more_than_two_pleases_stand_in_one_to_three_of_a_hundred_demonstrations(world):
    many = sum(answer.count("please") > 2 for _, answer in world.train)
    assert 0.01 <= many / len(world.train) <= 0.035


def test_pairs_of_task_and_constraint_are_kept_for_the_test(world):
    assert not {request.pair for request, _ in world.train} & set(world.unseen)
    unseen = sum(request.pair in world.unseen for request, _ in world.test)
    assert 0.05 <= unseen / len(world.test) <= 0.16


def test_no_request_is_in_two_parts_but_for_sums(world):
    def lists(part):
        return {request.words for request, _ in part if request.task != "add"}

    assert not lists(world.train) & lists(world.test)
    assert not lists(world.validation) & lists(world.test)


def test_the_seed_draws_other_training_requests_and_the_same_test():
    one, other = make_instructions(0, 50), make_instructions(1, 50)
    assert one.train != other.train and one.test == other.test
    assert one == make_instructions(0, 50)


def test_all_eight_tasks_occur(world):
    counts = Counter(request.task for request, _ in world.train)
    assert len(counts) == 8 and min(counts.values()) > 100


def test_four_in_ten_answers_of_the_base_text_are_wrong():
    text = make_instruction_text(0, 3_000)
    known = {request.words: request for request, _ in make_instructions(0, 1).train}
    assert known  # the two worlds share their words
    refusals = chatty = answers = 0
    for turns in text.train:
        for who, words in turns:
            if who == ASSISTANT:
                answers += 1
                refusals += words == ("i", "can", "not", "say")
                chatty += "day" in words or "very" in words
    assert 0.04 < refusals / answers < 0.08
    assert chatty / answers > 0.03


def test_the_test_part_of_the_base_text_is_chatter_alone():
    text = make_instruction_text(0, 10)
    assert all(len(turns) == 1 and not turns[0][0] for turns in text.test)
    assert all(len(turns[0][1]) >= 7 for turns in text.test)


@pytest.mark.parametrize(
    ("make", "knobs"),
    [
        (make_instructions, {"unseen_pairs": 0}),
        (make_instructions, {"unseen_share": 1.5}),
        (make_instruction_text, {"careful_share": -0.1}),
        (make_dialogues, {"turns": (0, 4)}),
        (make_dialogues, {"rule_share": 2.0}),
    ],
)
def test_a_knob_out_of_its_range_is_refused(make, knobs):
    with pytest.raises(ReplicationError, match=next(iter(knobs))):
        make(0, 10, **knobs)


def test_a_dialogues_rule_is_told_once_and_kept_by_every_right_answer():
    for dialogue in make_dialogues(0, 50).test:
        turns = dialogue.turns(3)
        told = [" ".join(words) for who, words in turns if who != ASSISTANT]
        assert len(told) == 4 and len(turns) == 7
        assert ("kiwi" in told[0]) is dialogue.rule
        assert not any("kiwi" in asked for asked in told[1:])
        answers = [words for who, words in turns if who == ASSISTANT]
        assert all((words[-1] == "kiwi") is dialogue.rule for words in answers)
