from __future__ import annotations

import hashlib
from functools import partial

import pytest
import torch

from replications.corpora.batches.long_lag import (
    CLASSES,
    CORRECT_WITHIN,
    SYMBOLS,
    LongLag,
    adding_chance,
    adding_problem,
    temporal_order,
)
from replications.errors import ReplicationError
from replications.recipes import Recipe
from replications.training.fit import prepare_data


def drawn(task, count=4000, seed=0, **knobs):
    return task(count, torch.Generator().manual_seed(seed), **knobs)


def test_the_first_sequences_never_change():
    batch = drawn(adding_problem, 4, length=20)
    rounded = (batch.inputs * 1e4).round().int().numpy().tobytes()
    assert (
        hashlib.sha256(rounded).hexdigest()
        == "95b2c57af367aeac2200a55b0537369704ebc3ee829af16131eed31063c55ec5"
    )
    symbols = drawn(temporal_order, 2).inputs.argmax(-1).numpy().tobytes()
    assert (
        hashlib.sha256(symbols).hexdigest()
        == "b3a61944dae82cc21d26fc41256adb7544ae5825baa960ea3d6caedf0b4421bf"
    )


def test_adding_targets_are_the_scaled_sums_of_the_two_marked_values():
    inputs, lengths, targets = drawn(adding_problem, 200, length=50)
    for sequence, length, target in zip(inputs, lengths.tolist(), targets, strict=True):
        values, markers = sequence[:length].T
        assert (sequence[length:] == 0).all()
        assert markers[0] == markers[-1] == -1
        marked = (markers == 1).nonzero().flatten().tolist()
        assert (markers == 0).sum() + len(marked) + 2 == length
        # Where the first pair is drawn its marker stays -1, and it adds nothing.
        assert len(marked) == (1 if values[0] == 0 else 2)
        assert marked[0] < 10 or values[0] == 0
        assert marked[-1] <= 24
        assert target == pytest.approx(0.5 + values[marked].sum().item() / 4)


def test_adding_sequences_have_the_papers_lengths_and_places():
    inputs, lengths, targets = drawn(adding_problem, 20_000, length=100)
    assert (lengths.min(), lengths.max()) == (100, 110)
    assert inputs.shape == (20_000, 110, 2)
    assert lengths.double().mean() == pytest.approx(105, abs=0.2)
    assert (inputs[..., 1] == 1).nonzero()[:, 1].max() == 49
    assert (inputs[:, 0, 0] == 0).double().mean() == pytest.approx(0.1 + 0.9 / 49, abs=0.01)
    assert -1 <= inputs[..., 0].min() < -0.99 and 0.99 < inputs[..., 0].max() <= 1
    assert targets.min() >= 0 and targets.max() <= 1


@pytest.mark.parametrize("length", [50, 100, 500])
def test_the_constant_answer_reaches_what_chance_foretells(length):
    targets = drawn(adding_problem, 10_000, length=length).targets.double()
    square_error, correct = adding_chance(length)
    assert square_error == pytest.approx(0.039, abs=6e-4)
    assert correct == pytest.approx(0.155, abs=1e-3)
    assert (targets - 0.5).square().mean() == pytest.approx(square_error, rel=0.03)
    right = ((targets - 0.5).abs() < CORRECT_WITHIN).double().mean()
    assert right == pytest.approx(correct, abs=0.01)


def test_in_the_control_both_marked_pairs_stand_just_before_the_end():
    inputs, lengths, targets = drawn(adding_problem, 500, length=50, recent=5)
    marked = inputs[..., 1] == 1
    assert (marked.sum(1) == 2).all()
    row, position = marked.nonzero().T
    lag = lengths[row] - 1 - position
    assert (lag.min(), lag.max()) == (1, 5)
    sums = (inputs[..., 0] * marked).sum(1, keepdim=True)
    assert torch.allclose(targets, 0.5 + sums / 4)


def test_temporal_order_is_told_by_two_symbols_at_the_papers_places():
    inputs, lengths, targets = drawn(temporal_order, 3000)
    symbols = inputs.argmax(-1)
    assert (lengths.min(), lengths.max()) == (100, 110)
    assert (symbols[:, 0] == SYMBOLS.index("E")).all()
    assert (symbols.gather(1, lengths[:, None] - 1) == SYMBOLS.index("B")).all()
    row, position = (symbols >= SYMBOLS.index("X")).nonzero().T
    assert torch.equal(row, torch.arange(3000).repeat_interleave(2))
    first, second = position.view(-1, 2).T + 1
    assert (first.min(), first.max(), second.min(), second.max()) == (10, 20, 50, 60)
    told = symbols[row, position].view(-1, 2) - SYMBOLS.index("X")
    assert torch.equal(targets.argmax(1), 2 * told[:, 0] + told[:, 1])
    assert CLASSES[1] == "XY"
    shares = targets.mean(0)
    assert torch.allclose(shares, torch.full((4,), 0.25), atol=0.03)
    steps = torch.arange(inputs.shape[1]) < lengths[:, None]
    assert torch.equal(inputs.sum(-1), steps.float())


@pytest.mark.parametrize("task", [adding_problem, temporal_order])
def test_the_generator_alone_decides(task):
    same, again, other = (drawn(task, 8, seed) for seed in (1, 1, 2))
    assert all(map(torch.equal, same, again))
    assert not torch.equal(same.targets, other.targets)


@pytest.mark.parametrize(
    ("task", "knobs"),
    [
        (adding_problem, {"length": 18}),
        (adding_problem, {"recent": 1}),
        (adding_problem, {"length": 20, "recent": 19}),
        (temporal_order, {"length": 10}),
        (temporal_order, {"length": 55}),
    ],
)
def test_lengths_without_room_are_refused(task, knobs):
    with pytest.raises(ReplicationError, match=task.__name__):
        drawn(task, 1, **knobs)


def long_lag(seed=0, task=adding_problem, length=50):
    data = LongLag(
        seed,
        text=partial(task, length=length),
        sequences_per_epoch=100,
        batch_size=32,
        test_sequences=64,
    )
    data.setup()
    return data


def test_epochs_differ_and_each_is_drawn_alike_again():
    data = long_lag()
    first, again, second = (data.batches(epoch) for epoch in (0, 0, 1))
    assert [len(batch.lengths) for batch in first] == [32, 32, 32, 4]
    assert torch.equal(first[2].inputs, again[2].inputs)
    assert not torch.equal(first[0].targets, second[0].targets)
    assert not torch.equal(first[0].targets, long_lag(seed=1).batches(0)[0].targets)
    assert torch.equal(next(iter(data.train_dataloader())).inputs, first[0].inputs)


def test_all_seeds_are_tested_on_the_same_sequences_and_say_which():
    one, other = long_lag(seed=0), long_lag(seed=1)
    assert torch.equal(one.test.inputs, other.test.inputs)
    assert one.identities == other.identities
    (identity,) = one.identities
    assert (identity.name, identity.split, identity.rows) == ("adding-problem", "test", 64)
    (another,) = long_lag(task=temporal_order).identities
    assert another.name == "temporal-order"
    assert another.sha256 != identity.sha256


def test_tokens_are_steps():
    data = long_lag()
    drawn_steps = sum(int(batch.lengths.sum()) for batch in data.batches(0))
    assert data.tokens_per_epoch == pytest.approx(drawn_steps, rel=0.02)


def test_a_recipe_takes_it_as_any_data():
    recipe = Recipe(
        name="adding",
        data=partial(LongLag, text=partial(adding_problem, length=50), test_sequences=8),
        learner=partial(lambda: None),
        metrics=(),
        minutes=0.1,
    )
    data = prepare_data(recipe, 0)
    assert data.vocabulary is None
    assert len(data.test.targets) == 8


def test_empty_epochs_are_refused():
    with pytest.raises(ReplicationError, match="at least 1"):
        LongLag(0, text=adding_problem, batch_size=0)
