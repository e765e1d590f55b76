import pytest
import torch
from torch.nn import functional

from replications.objectives import smoothed_cross_entropy as module
from replications.objectives.smoothed_cross_entropy import smoothed_cross_entropy


@pytest.fixture(params=[1 << 19, 40], ids=["at once", "a few rows at a time"])
def rows_at_once(request, monkeypatch):
    monkeypatch.setattr(module, "_NUMBERS_AT_ONCE", request.param)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.6])
def test_value_and_gradient_are_those_of_torch(smoothing, rows_at_once):
    torch.manual_seed(0)
    ours = torch.randn(17, 9).mul(4).requires_grad_()
    theirs = ours.detach().clone().requires_grad_()
    labels = torch.randint(0, 9, (17,))
    loss, plain = smoothed_cross_entropy(ours, labels, smoothing=smoothing, ignored=0)
    expected = functional.cross_entropy(theirs, labels, ignore_index=0, label_smoothing=smoothing)
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(plain, functional.cross_entropy(theirs, labels, ignore_index=0))
    (3 * loss).backward()
    (3 * expected).backward()
    torch.testing.assert_close(ours.grad, theirs.grad)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_in_place_it_is_the_same_and_the_logits_are_their_gradient(dtype, rows_at_once):
    torch.manual_seed(3)
    weight = torch.randn(9, 4, dtype=dtype, requires_grad=True)
    states, labels = torch.randn(17, 4, dtype=dtype), torch.randint(0, 9, (17,))
    results = []
    for inplace in (False, True):
        logits = states @ weight.T
        loss, plain = smoothed_cross_entropy(logits, labels, smoothing=0.1, inplace=inplace)
        results.append([loss, plain, *torch.autograd.grad(2 * loss, weight)])
        of_logits = torch.autograd.grad(
            smoothed_cross_entropy(states @ weight.T * 1, labels, smoothing=0.1)[0], weight
        )
    for one, other in zip(*results, strict=True):
        assert torch.equal(one, other)
    torch.testing.assert_close(logits.T @ states, *of_logits)


def test_a_leaf_is_not_written_over():
    logits, labels = torch.randn(3, 5, requires_grad=True), torch.tensor([1, 2, 3])
    with pytest.raises(ValueError, match="without inplace"):
        smoothed_cross_entropy(logits, labels, inplace=True)


def test_without_gradients_nothing_is_written_over():
    logits, labels = torch.randn(3, 5), torch.tensor([1, 2, 3])
    before = logits.clone()
    smoothed_cross_entropy(logits, labels, inplace=True)
    with torch.no_grad():
        smoothed_cross_entropy(logits.requires_grad_() * 1, labels, inplace=True)
    assert torch.equal(logits, before)


def test_what_is_ignored_may_be_no_token():
    torch.manual_seed(2)
    ours = torch.randn(6, 9).requires_grad_()
    theirs = ours.detach().clone().requires_grad_()
    labels = torch.tensor([0, 3, -1, 8, -1, 0])
    loss, _ = smoothed_cross_entropy(ours, labels, smoothing=0.1, ignored=-1)
    expected = functional.cross_entropy(theirs, labels, ignore_index=-1, label_smoothing=0.1)
    torch.testing.assert_close(loss, expected)
    loss.backward()
    expected.backward()
    torch.testing.assert_close(ours.grad, theirs.grad)


def test_the_gradient_is_that_of_finite_differences():
    torch.manual_seed(1)
    logits = torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([1, 0, 4, 2])

    def loss(x):
        return smoothed_cross_entropy(x, labels, smoothing=0.2)[0]

    assert torch.autograd.gradcheck(loss, logits)


def test_large_logits_do_not_overflow():
    logits = torch.tensor([[1e4, 0.0, -1e4]], requires_grad=True)
    loss, plain = smoothed_cross_entropy(logits, torch.tensor([2]), smoothing=0.0)
    assert loss.item() == plain.item() == 2e4
    loss.backward()
    torch.testing.assert_close(logits.grad, torch.tensor([[1.0, 0.0, -1.0]]))


def test_bfloat16_logits_are_summed_in_single_precision():
    torch.manual_seed(2)
    logits = torch.randn(300, 50).bfloat16()
    labels = torch.randint(1, 50, (300,))
    loss, _ = smoothed_cross_entropy(logits, labels, smoothing=0.1)
    expected = functional.cross_entropy(logits.float(), labels, label_smoothing=0.1)
    torch.testing.assert_close(loss, expected)


def test_a_batch_of_padding_alone_costs_nothing():
    logits = torch.randn(3, 4, requires_grad=True)
    loss, _ = smoothed_cross_entropy(logits, torch.zeros(3, dtype=torch.long))
    loss.backward()
    assert loss == 0 and (logits.grad == 0).all()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_formula_of_cards_has_the_same_values_and_gradient(dtype, smoothing):
    torch.manual_seed(3)
    here = torch.randn(17, 9).mul(4).to(dtype).requires_grad_()
    card = here.detach().clone().requires_grad_()
    labels = torch.randint(0, 9, (17,))
    found = module._on_a_card(card, labels, smoothing, 0)
    expected = smoothed_cross_entropy(here, labels, smoothing=smoothing, ignored=0)
    torch.testing.assert_close(found, expected)
    assert found[0].dtype == torch.float32 and not found[1].requires_grad
    (3 * found[0]).backward()
    (3 * expected[0]).backward()
    torch.testing.assert_close(card.grad, here.grad)


def test_a_card_gives_no_loss_either_where_all_is_ignored():
    logits, labels = torch.randn(3, 9), torch.zeros(3, dtype=torch.int64)
    for smoothing in (0.0, 0.1):
        expected = smoothed_cross_entropy(logits, labels, smoothing=smoothing, ignored=0)
        torch.testing.assert_close(module._on_a_card(logits, labels, smoothing, 0), expected)
        assert expected[0] == 0


@pytest.mark.parametrize("ignored", [-1, 0])
def test_a_token_that_cannot_come_leaves_the_others_their_loss(ignored):
    torch.manual_seed(0)
    logits = torch.randn(3, 5)
    # A padded vocabulary; and the padding itself, which is a label only where it is ignored.
    logits[:, [0, 4]] = -torch.inf
    labels = torch.tensor([1, 3, ignored])
    ours, theirs = logits.clone().requires_grad_(), logits.clone().requires_grad_()
    loss, plain = smoothed_cross_entropy(ours, labels, ignored=ignored)
    expected = functional.cross_entropy(theirs, labels, ignore_index=ignored)
    assert loss.isfinite()
    torch.testing.assert_close((loss, plain), (expected, expected.detach()))
    loss.backward()
    expected.backward()
    torch.testing.assert_close(ours.grad, theirs.grad)
