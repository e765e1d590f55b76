"""Each term of reward modelling and PPO, against TRL's published formulae on random tensors.

The formulae are written out here, loop by loop, from what TRL publishes: huggingface/trl,
trl/trainer/ppo_trainer.py and trl/trainer/utils.py (first_true_indices, masked_mean, masked_whiten)
and trl/trainer/reward_trainer.py, as of version 0.12 (Apache-2.0).
"""

import math

import pytest
import torch
from torch.testing import assert_close

from replications.objectives.preference import kl
from replications.objectives.preference.advantages import generalised_advantages, shaped_rewards
from replications.objectives.preference.answer_likelihood import entropies, log_probabilities
from replications.objectives.preference.losses import (
    all_pairs_loss,
    masked_mean,
    pairs_of,
    pairwise_loss,
    policy_loss,
    soft_pairwise_loss,
    value_loss,
    whitened,
)

ANSWERS, TIME = 5, 7
EXACT = {"rtol": 1e-6, "atol": 1e-6}


@pytest.fixture
def drawn():
    """Random numbers of every kind that a step needs, and answers of different lengths."""
    draw = torch.Generator().manual_seed(0)

    def normal(scale=1.0):
        return torch.randn(ANSWERS, TIME, generator=draw, dtype=torch.float64) * scale

    lengths = torch.tensor([7, 1, 3, 6, 2])
    mask = torch.arange(TIME) < lengths[:, None]
    return {
        "old": -normal().abs(),
        "new": -normal().abs(),
        "reference": -normal().abs(),
        "values": normal(),
        "new_values": normal(2.0),
        "advantages": normal(),
        "returns": normal(),
        "scores": torch.randn(ANSWERS, generator=draw, dtype=torch.float64),
        "mask": mask,
        "lengths": lengths,
    }


def test_the_mean_and_the_whitening_leave_padding_out(drawn):
    values, mask = drawn["advantages"], drawn["mask"]
    inside = [float(values[a, t]) for a in range(ANSWERS) for t in range(TIME) if mask[a, t]]
    mean = sum(inside) / len(inside)
    variance = sum((value - mean) ** 2 for value in inside) / (len(inside) - 1)
    assert_close(float(masked_mean(values, mask)), mean, **EXACT)
    expected = (values - mean) / math.sqrt(variance + 1e-8)
    assert_close(whitened(values, mask)[mask], expected[mask], **EXACT)


def test_a_single_value_is_whitened_to_zero():
    values, mask = torch.tensor([[3.0, 7.0]]), torch.tensor([[True, False]])
    assert whitened(values, mask)[mask].tolist() == [0.0]


def test_the_reward_is_minus_the_divergence_and_the_score_at_the_end(drawn):
    log_ratio, coefficient = drawn["old"] - drawn["reference"], 0.3
    expected = torch.zeros(ANSWERS, TIME, dtype=torch.float64)
    for answer, length in enumerate(drawn["lengths"].tolist()):
        for time in range(length):
            # TRL: kl = logprobs - ref_logprobs; non_score_reward = -kl_coef * kl
            expected[answer, time] = -coefficient * (
                drawn["old"][answer, time] - drawn["reference"][answer, time]
            )
        expected[answer, length - 1] += drawn["scores"][answer]
    found = shaped_rewards(drawn["scores"], log_ratio, drawn["mask"], coefficient=coefficient)
    assert_close(found, expected, **EXACT)


def test_generalised_advantages_are_trls(drawn):
    discount, decay = 0.97, 0.9
    rewards, values, mask = drawn["advantages"], drawn["values"], drawn["mask"]
    # TRL masks values and rewards behind the end, then loops backwards over the whole width.
    masked_rewards = torch.where(mask, rewards, torch.zeros_like(rewards))
    masked_values = torch.where(mask, values, torch.zeros_like(values))
    last, reversed_ = torch.zeros(ANSWERS, dtype=torch.float64), []
    for time in reversed(range(TIME)):
        following = masked_values[:, time + 1] if time < TIME - 1 else 0.0
        delta = masked_rewards[:, time] + discount * following - masked_values[:, time]
        last = delta + discount * decay * last
        reversed_.append(last)
    expected = torch.stack(reversed_[::-1], dim=1)
    advantages, returns = generalised_advantages(
        rewards, values, mask, discount=discount, decay=decay
    )
    assert_close(advantages[mask], expected[mask], **EXACT)
    assert_close(returns[mask], (expected + masked_values)[mask], **EXACT)


def test_with_lambda_one_an_advantage_is_the_sum_of_rewards_less_the_value(drawn):
    rewards, values, mask = drawn["advantages"], drawn["values"], drawn["mask"]
    advantages, _ = generalised_advantages(rewards, values, mask, decay=1.0)
    for answer, length in enumerate(drawn["lengths"].tolist()):
        for time in range(length):
            total = rewards[answer, time:length].sum()
            assert_close(advantages[answer, time], total - values[answer, time], **EXACT)


def test_the_clipped_policy_loss_is_trls(drawn):
    total = count = 0.0
    for answer, length in enumerate(drawn["lengths"].tolist()):
        for time in range(length):
            advantage = float(drawn["advantages"][answer, time])
            ratio = math.exp(float(drawn["new"][answer, time] - drawn["old"][answer, time]))
            clipped = min(max(ratio, 0.8), 1.2)
            total += max(-advantage * ratio, -advantage * clipped)
            count += 1
    found = policy_loss(
        drawn["new"], drawn["old"], drawn["advantages"], drawn["mask"], clip_range=0.2
    )
    assert_close(float(found), total / count, **EXACT)


def test_the_clipped_value_loss_is_trls(drawn):
    total = count = 0.0
    for answer, length in enumerate(drawn["lengths"].tolist()):
        for time in range(length):
            new, old = (float(drawn[name][answer, time]) for name in ("new_values", "values"))
            target = float(drawn["returns"][answer, time])
            clipped = min(max(new, old - 0.2), old + 0.2)
            total += max((new - target) ** 2, (clipped - target) ** 2)
            count += 1
    found = value_loss(
        drawn["new_values"], drawn["values"], drawn["returns"], drawn["mask"], clip_range=0.2
    )
    assert_close(float(found), 0.5 * total / count, **EXACT)


def test_the_estimators_of_kl_are_schulmans_and_unbiased_where_they_should_be():
    draw = torch.Generator().manual_seed(1)
    policy, reference = torch.randn(2, 6, generator=draw, dtype=torch.float64).log_softmax(-1)
    exact = (policy.exp() * (policy - reference)).sum()
    log_ratio = policy - reference
    assert_close(kl.k1(log_ratio), log_ratio)
    assert_close(kl.k2(log_ratio), 0.5 * log_ratio**2)
    # TRL: kl = (ref_logprobs - logprobs).exp() - 1 - (ref_logprobs - logprobs)
    assert_close(kl.k3(log_ratio), (reference - policy).exp() - 1 - (reference - policy), **EXACT)
    for estimator in (kl.k1, kl.k3):
        assert_close((policy.exp() * estimator(log_ratio)).sum(), exact, **EXACT)
    assert (kl.k3(log_ratio) >= 0).all() and (kl.k1(log_ratio) < 0).any()


def test_the_reward_loss_is_trls_with_and_without_a_margin(drawn):
    chosen, rejected = drawn["scores"], drawn["scores"].flip(0)
    for margin in (0.0, 0.7):
        expected = [
            math.log(1 + math.exp(-(c - r - margin)))
            for c, r in zip(chosen.tolist(), rejected.tolist(), strict=True)
        ]
        found = pairwise_loss(chosen, rejected, margin)
        assert_close(found, torch.tensor(expected, dtype=torch.float64), **EXACT)


def test_a_soft_label_of_one_is_a_hard_one(drawn):
    first, second = drawn["scores"], drawn["scores"].flip(0)
    sure = soft_pairwise_loss(first, second, torch.ones_like(first))
    assert_close(sure, pairwise_loss(first, second), **EXACT)
    half = soft_pairwise_loss(first, second, torch.full_like(first, 0.5))
    both = (pairwise_loss(first, second) + pairwise_loss(second, first)) / 2
    assert_close(half, both, **EXACT)


def test_all_pairs_of_a_prompt_count_as_one_example():
    draw = torch.Generator().manual_seed(2)
    rewards = torch.randn(3, 4, generator=draw, dtype=torch.float64)
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    first = torch.randint(0, 2, (3, 6), generator=draw).double()
    mask = torch.ones(3, 6, dtype=torch.bool)
    mask[0, 2] = mask[1, :] = False  # a tie; and a prompt whose answers are all equal
    expected = []
    for prompt in (0, 2):
        losses = []
        for number, (i, j) in enumerate(pairs):
            better, worse = (i, j) if first[prompt, number] else (j, i)
            gap = float(rewards[prompt, better] - rewards[prompt, worse])
            if mask[prompt, number]:
                losses.append(math.log(1 + math.exp(-gap)))
        expected.append(sum(losses) / len(losses))
    found = all_pairs_loss(rewards, first, mask)
    assert float(found) == pytest.approx(sum(expected) / 2, abs=1e-9)
    one, other = pairs_of(rewards)
    assert_close(one[0], rewards[0, [i for i, _ in pairs]])
    assert_close(other[0], rewards[0, [j for _, j in pairs]])


def test_a_batch_of_ties_alone_has_no_loss_and_no_gradient():
    rewards = torch.tensor([[1.0, 2.0, 3.0]] * 2, requires_grad=True)
    loss = all_pairs_loss(rewards, torch.ones(2, 3), torch.zeros(2, 3, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0
    assert rewards.grad.tolist() == [[0.0] * 3] * 2


def test_log_probabilities_and_entropies_are_those_of_the_softmax():
    draw = torch.Generator().manual_seed(3)
    logits = torch.randn(2, 3, 5, generator=draw, dtype=torch.float64)
    ids = torch.tensor([[0, 4, 2], [1, 1, 3]])
    probabilities = logits.softmax(-1)
    picked = probabilities.gather(-1, ids[..., None])[..., 0].log()
    assert_close(log_probabilities(logits, ids), picked, **EXACT)
    # TRL: entropy = logsumexp(logits) - sum(prob_dist * logits)
    expected = torch.logsumexp(logits, -1) - (probabilities * logits).sum(-1)
    assert_close(entropies(logits), expected, **EXACT)
