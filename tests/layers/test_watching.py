import pytest
import torch
from torch import nn

from replications.layers.attention import DotProductAttention, MultiHeadAttention
from replications.layers.watching import HookPoint, outputs_of, watching


def tokens():
    return torch.randn(2, 5, 12, generator=torch.Generator().manual_seed(0))


def test_the_weights_of_each_use_come_in_the_order_of_use():
    torch.manual_seed(0)
    first, second = MultiHeadAttention(12, 3), MultiHeadAttention(12, 3)
    with watching(nn.ModuleList([first, second])) as weights:
        second(tokens(), tokens(), None)
        first(tokens(), tokens()[:, :4], None)
    assert [each.shape for each in weights] == [(2, 3, 5, 5), (2, 3, 5, 4)]
    for each in weights:
        torch.testing.assert_close(each.sum(-1), torch.ones(2, 3, 5))


def test_a_part_that_is_not_named_is_not_watched():
    first, second = MultiHeadAttention(12, 3), MultiHeadAttention(12, 3)
    with watching(first) as weights:
        second(tokens(), tokens(), None)
    assert weights == []


def test_nobody_watches_any_more_after_the_context_even_if_it_failed():
    attention = DotProductAttention()
    with pytest.raises(ZeroDivisionError), watching(attention) as weights:
        assert attention.weights_hook.watched
        raise ZeroDivisionError
    assert not attention.weights_hook.watched
    attention(tokens(), tokens(), tokens(), None)
    assert weights == []


def test_two_may_watch_at_once():
    attention = DotProductAttention()
    with watching(attention) as outer:
        with watching(attention) as inner:
            attention(tokens(), tokens(), tokens(), None)
        attention(tokens(), tokens(), tokens(), None)
    assert (len(outer), len(inner)) == (2, 1)
    assert outer[0] is inner[0]


def test_a_hook_point_has_no_weights_and_hands_its_tensor_on():
    point, value = HookPoint(), tokens()
    assert point(value) is value
    assert not point.state_dict() and not list(point.parameters())


def test_the_outputs_of_modules_are_what_they_gave():
    layers = nn.Sequential(nn.Linear(12, 3), nn.Linear(3, 2))
    with outputs_of(layers) as outputs:
        last = layers(tokens())
    assert outputs[1] is last
    torch.testing.assert_close(layers[1](outputs[0]), last)
