"""Reward modelling and fine-tuning: what the loss is taken on, and what is refused."""

import math
from functools import partial

import pytest
import tiny_alignment as tiny
import torch
from torch.testing import assert_close

from replications.corpora.batches.conversations.compared import ComparedAnswers
from replications.corpora.batches.conversations.prompted import DemonstrationBatch, PromptsToAnswer
from replications.corpora.texts.instructions.comparisons import Comparison, Comparisons
from replications.corpora.texts.instructions.prompts import instruction_documents, world_words
from replications.errors import ReplicationError
from replications.metrics.preference.comparing import (
    comparison_nats,
    recorded_accuracy,
    sampled_accuracy,
)
from replications.objectives.preference.comparisons import (
    RecordedComparisons,
    SampledComparisons,
    policy_of,
)
from replications.objectives.preference.losses import pairwise_loss, soft_pairwise_loss
from replications.objectives.preference.rewards import JudgedReward, LearnedReward
from replications.objectives.preference.supervised import SupervisedFineTuning
from replications.objectives.schedules import constant
from replications.recipes import Workspace
from replications.tokens.chat import USER, WordList
from replications.training.fit import prepare_data


def likes_red(requests, answers, ended):
    """A judge that is easy to learn."""
    return [3.0 * answer.split().count("red") for answer in answers]


@pytest.fixture(scope="module")
def tuned():
    recipe = tiny.supervised()
    data = prepare_data(recipe, 0)
    return recipe.learner(data, (), Workspace(0)).model, data


def test_fine_tuning_takes_no_loss_on_the_prompt(tuned):
    model, data = tuned
    batch = data.demonstration_batch(data.prompts.train[:4])
    loss = model.loss(batch)
    logs = model.model(batch.ids[:, :-1]).log_softmax(-1)
    told = logs.gather(-1, batch.ids[:, 1:, None])[..., 0][batch.answers[:, 1:]]
    assert_close(loss, -told.mean())
    words = [data.vocabulary.symbols[n] for n in batch.ids[0, 1:][batch.answers[0, 1:]].tolist()]
    assert " ".join(words) == f"{data.prompts.train[0].answer} <end>"


def test_the_logged_loss_weighs_every_token_of_the_answers_alike(tuned, monkeypatch):
    model, data = tuned
    logged = []
    monkeypatch.setattr(
        SupervisedFineTuning,
        "log",
        lambda self, name, value, **how: logged.append((float(value), how["batch_size"])),
    )
    batch = data.demonstration_batch(data.prompts.train[:6])
    whole = float(model.training_step(batch, 0).detach())
    logged.clear()
    for row in range(6):
        model.training_step(DemonstrationBatch(*(part[row : row + 1] for part in batch)), 0)
    tokens = batch.answers[:, 1:].sum(1).tolist()
    assert len(set(tokens)) > 1
    assert [size for _, size in logged] == tokens
    # What an epoch's mean is of the shares of a batch.
    assert sum(loss * size for loss, size in logged) / sum(tokens) == pytest.approx(whole, rel=1e-5)


def test_fine_tuning_learns_a_few_answers_by_repetition():
    recipe = tiny.supervised(1e-2, epochs=40, requests=8)
    data = prepare_data(recipe, 0)
    learned = recipe.learner(data, (), Workspace(0))
    assert learned.trajectory[-1]["loss"] < 0.5 * learned.trajectory[0]["loss"]
    assert isinstance(learned.model, SupervisedFineTuning)


def test_a_reward_model_learns_what_the_judge_prefers(tuned):
    recipe = tiny.reward_model(requests=192, learning_rate=1e-2)
    objective = recipe.learner.keywords["objective"]
    learner = partial(
        recipe.learner, objective=partial(objective, judge=likes_red, label_scale=float("inf"))
    )
    data = prepare_data(recipe, 0)
    model = learner(data, (), Workspace(0, start=tuned[0])).model
    found = sampled_accuracy(model, data, prompts=40)
    assert found["gold_accuracy"] > 60
    assert float(found["accuracy"]) > 50
    assert isinstance(model, SampledComparisons)
    # Standardised on the answers of the policy that it keeps as it was.
    assert_close(
        dict(model.policy.named_parameters())["embedding.weight"], tuned[0].model.embedding.weight
    )


def test_the_measured_loss_of_a_soft_label_is_its_cross_entropy(tuned, monkeypatch):
    recipe = tiny.reward_model()
    data = prepare_data(recipe, 0)
    model = recipe.learner.keywords["objective"](data.vocabulary, 0, tuned[0])
    torch.nn.init.normal_(model.model.head.weight)
    sure = sampled_accuracy(model, data, prompts=16)["comparison_nats"]

    def undecided(prompts, answers, draw):
        first, mask = SampledComparisons.compared(model, prompts, answers, draw)
        return torch.full_like(first, 0.5), mask

    monkeypatch.setattr(model, "compared", undecided)
    unsure = sampled_accuracy(model, data, prompts=16)["comparison_nats"]
    # Rewards that differ cost something where the label says that both answers are as good.
    assert unsure > math.log(2) + 1e-3 and sure > 0


def test_a_soft_labels_loss_is_that_of_torch_and_a_hard_ones_is_that_of_the_pair_bit_for_bit():
    gap = torch.linspace(-5, 5, 101)
    none, soft, hard = torch.zeros_like(gap), torch.rand(101), (torch.rand(101) < 0.5).float()
    assert_close(comparison_nats(gap, soft), soft_pairwise_loss(gap, none, soft))
    better_first = gap * (2 * hard - 1)
    assert torch.equal(comparison_nats(gap, hard), pairwise_loss(better_first, none))


def test_equal_answers_are_ties_and_left_out(tuned):
    recipe = tiny.reward_model()
    data = prepare_data(recipe, 0)
    model = recipe.learner.keywords["objective"](data.vocabulary, 0, tuned[0])
    draw = torch.Generator().manual_seed(0)
    prompts, answers = model.answered(data.prompt_batch(data.prompts.train[:6]), draw)
    answers.ids[:4], answers.mask[:4] = answers.ids[0], answers.mask[0]
    first, mask = model.compared(prompts, answers, draw)
    assert not mask[0].any() and mask[1:].any()
    assert first.shape == (6, 6) and set(first.unique().tolist()) <= {0.0, 1.0}


RED, BLUE = "red red", "blue blue"


def compared(pairs, max_length=12, prompt_length=None):
    return ComparedAnswers(
        0,
        comparisons=lambda seed: Comparisons(pairs, pairs, 0, ()),
        text=partial(instruction_documents, documents=5, validation_documents=5, test_documents=5),
        tokenizer=world_words,
        max_length=max_length,
        prompt_length=prompt_length,
        pairs_per_batch=4,
    )


def prepared(pairs, **knobs):
    data = compared(pairs, **knobs)
    data.setup()
    return data


PAIRS = [Comparison(((USER, f"copy : {word}"),), RED, BLUE) for word in ("dog", "cup", "egg")]


def test_a_recorded_pair_is_read_in_one_batch_up_to_the_end_of_each_answer():
    data = prepared([*PAIRS, Comparison(((USER, "copy"),), "red", "blue blue blue blue")])
    batch = data.batch(data.encoded)
    assert batch.ids.shape == (8, 9)
    words = data.vocabulary.decode(batch.ids[3, : int(batch.last[3]) + 1].tolist())
    assert words == "<user> copy <end> <assistant> red <end>"
    assert batch.last[7] == 8


def test_a_reward_model_that_began_with_nothing_has_no_policy_and_says_so():
    model = RecordedComparisons(
        prepared(PAIRS).vocabulary,
        0,
        network=tiny.network(),
        schedule=partial(constant, learning_rate=1e-2),
        optimiser=tiny.OPTIMISER,
    )
    with pytest.raises(ReplicationError, match="keeps no policy: give its recipe a `start`"):
        policy_of(model)


def test_a_long_prompt_loses_its_beginning_and_never_the_answer():
    data = prepared(PAIRS, max_length=5)
    chosen, _ = data.encoded[0]
    assert data.vocabulary.decode(chosen) == "<end> <assistant> red red <end>"


def test_prompts_may_be_filled_up_on_the_left_as_a_policys_are():
    data = prepared(PAIRS, prompt_length=8)
    words = data.vocabulary.decode(data.encoded[0][0])
    assert words.startswith("<end-of-text> <end-of-text> <user> copy : dog <end> <assistant> red")


def test_recorded_comparisons_are_learned_and_stand_beside_their_baselines():
    data = prepared(PAIRS * 8)
    objective = partial(
        RecordedComparisons,
        network=tiny.network(),
        schedule=partial(constant, learning_rate=1e-2),
        optimiser=tiny.OPTIMISER,
    )
    model = tiny.train(data, (), Workspace(0), objective=objective, epochs=3).model
    found = recorded_accuracy(model, data)
    assert float(found["accuracy"]) == 100 and float(found["words_accuracy"]) == 100
    # "blue blue" is the longer in letters, and always rejected.
    assert float(found["length_accuracy"]) == 100
    assert found["over_length"] == 0
    batch = data.test_batches()[0]
    chosen, rejected = model.model.at(batch.ids, batch.last).chunk(2)
    assert pairwise_loss(chosen, rejected).mean() < 0.3


def test_a_comparison_with_equal_answers_is_refused():
    data = prepared([*PAIRS, Comparison(((USER, "copy : dog"),), RED, RED)])
    with pytest.raises(ReplicationError, match="two equal answers, 'red red'"):
        _ = data.encoded


def test_an_empty_answer_is_refused():
    data = prepared([Comparison(((USER, "copy : dog"),), RED, " ")])
    with pytest.raises(ReplicationError, match="empty answer"):
        _ = data.encoded


def test_a_prompt_that_is_longer_than_the_context_is_refused(tuned):
    _, data = tuned
    long = data.prompts.train[0]._replace(turns=((USER, "red " * 30),))
    with pytest.raises(ReplicationError, match="33 tokens, and prompts may have 18"):
        data.prompt_batch([long])


def test_prompts_and_answers_longer_than_the_models_context_are_refused(tuned):
    recipe = tiny.reward_model()
    data = prepare_data(recipe, 0)
    objective = partial(recipe.learner.keywords["objective"], answer_length=20)
    model = objective(data.vocabulary, 0, tuned[0])
    with pytest.raises(ValueError, match="only 26 have a vector"):
        model.answered(data.prompt_batch(data.prompts.train[:40]), torch.Generator().manual_seed(0))


def test_a_reward_model_of_another_vocabulary_is_refused(tuned):
    recipe = tiny.reward_model()
    data = prepare_data(recipe, 0)
    model = recipe.learner.keywords["objective"](data.vocabulary, 0, tuned[0])
    with pytest.raises(ReplicationError, match="has 86 tokens, the policy's 7"):
        LearnedReward(WordList(("a", "b", "c")), model)
    with pytest.raises(ReplicationError, match="no reward model"):
        LearnedReward(data.vocabulary, tuned[0])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_reward_that_is_not_finite_is_refused(tuned, value):
    recipe = tiny.reward_model()
    data = prepare_data(recipe, 0)
    batch = data.prompt_batch(data.prompts.train[:3])
    model = recipe.learner.keywords["objective"](data.vocabulary, 0, tuned[0])
    _, answers = model.answered(batch, torch.Generator().manual_seed(0), many=1)
    reward = JudgedReward(data.vocabulary, judge=lambda *_: [0.0, value, 0.0])
    with pytest.raises(ReplicationError, match="reward of answer 1"):
        reward(batch, answers)


def test_an_answer_without_an_end_loses_reward(tuned):
    recipe = tiny.reward_model()
    data = prepare_data(recipe, 0)
    model = recipe.learner.keywords["objective"](data.vocabulary, 0, tuned[0])
    batch = data.prompt_batch(data.prompts.train[:2])
    _, answers = model.answered(batch, torch.Generator().manual_seed(0), many=1)
    open_ = answers._replace(ended=[False, True])
    closed = answers._replace(ended=[True, True])
    reward = LearnedReward(data.vocabulary, model, missing_end=1.5)
    assert_close(reward(batch, closed) - reward(batch, open_), torch.tensor([1.5, 0.0]))


def test_too_few_prompts_for_a_batch_are_refused():
    recipe = tiny.supervised(requests=4)
    with pytest.raises(ReplicationError, match="4 prompts make no batch of 8"):
        _ = prepare_data(recipe, 0).batches_per_epoch


def test_prompts_are_read_once_a_pass_whatever_the_epochs():
    data = prepare_data(tiny.reward_model(requests=32, batches_per_epoch=2), 0)
    assert isinstance(data, PromptsToAnswer)
    seen = [n for epoch in range(2) for row in data.order(epoch) for n in row]
    assert sorted(seen) == list(range(32))
    again = [n for epoch in range(2, 4) for row in data.order(epoch) for n in row]
    assert sorted(again) == list(range(32)) and again != seen
