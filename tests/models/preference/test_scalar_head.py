"""A scalar head: one number at each position, of all that was read up to it."""

import torch
from torch.testing import assert_close

from replications.models.preference.scalar_head import ScalarHead
from replications.models.presets import GPT2

SIZES = {"d_model": 16, "layers": 2, "heads": 2, "d_ff": 32, "max_length": 12}


def drawn():
    torch.manual_seed(0)
    return ScalarHead(GPT2(11, **SIZES)).eval()


def test_the_number_at_the_last_token_depends_on_no_padding_behind_it():
    head = drawn()
    ids = torch.randint(0, 11, (3, 9))
    last = torch.tensor([4, 8, 2])
    before = head.at(ids, last)
    assert_close(before, head(ids)[torch.arange(3), last])
    ids[0, 5:], ids[2, 3:] = 7, 1
    assert_close(head.at(ids, last), before)


def test_the_head_begins_with_the_deviation_of_the_published_code():
    torch.manual_seed(1)
    head = ScalarHead(GPT2(11, **{**SIZES, "d_model": 512, "layers": 1}))
    assert abs(head.head.weight.std().item() - 513**-0.5) < 0.005
    assert head.vocabulary == 11


def test_standardised_rewards_have_mean_zero_and_deviation_one_also_the_second_time():
    head = drawn()
    ids = torch.randint(0, 11, (200, 9))
    last = torch.full((200,), 8)
    for _ in range(2):
        with torch.no_grad():
            head.standardise(head.at(ids, last))
        rewards = head.at(ids, last)
        assert abs(rewards.mean().item()) < 1e-5
        assert abs(rewards.std().item() - 1) < 1e-4
