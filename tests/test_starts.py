"""Recipes that begin with the trained model of another."""

from dataclasses import replace
from functools import partial

import pytest
import torch
from tiny_text import world_recipe

from replications.corpora.texts.encoded_text import world_text
from replications.objectives.word_vectors import WordVectorObjective
from replications.paths import cache_folder
from replications.recipes import trained_folder
from replications.training.fit import fit, trained_start
from replications.training.trainers import train

FIRST = world_recipe(epochs=2, metrics=())


def go_on(vocabulary, seed, start, *, objective, kept=1.0):
    model = objective(vocabulary, seed)
    model.load_state_dict({name: kept * weight for name, weight in start.state_dict().items()})
    return model


def second(*, learning_rate=0.025, start=FIRST, **options):
    objective = FIRST.learner.keywords["objective"]
    begun = partial(go_on, objective=partial(objective, learning_rate=learning_rate), **options)
    learner = partial(train, objective=begun, epochs=1)
    return replace(world_recipe(), name="second", learner=learner, start=start)


def run(recipe, seed=0, **options):
    return fit(recipe, paper="word2vec", tier="smoke", seed=seed, **options)[1]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))


@pytest.fixture
def updates(monkeypatch):
    """How many batches were trained on, by the number of epochs of the training."""
    taken = []
    step = WordVectorObjective.training_step

    def counted(model, batch, number):
        taken.append(model.trainer.max_epochs)
        return step(model, batch, number)

    monkeypatch.setattr(WordVectorObjective, "training_step", counted)
    return taken


def test_a_recipe_begins_with_the_weights_of_its_start():
    # At a rate of nothing they are those that it ends with.
    assert torch.equal(run(second(learning_rate=0.0)).vectors, run(FIRST).vectors)
    assert not torch.equal(run(second()).vectors, run(FIRST).vectors)


def test_the_start_has_the_seed_of_the_run():
    assert torch.equal(run(second(learning_rate=0.0), seed=1).vectors, run(FIRST, seed=1).vectors)


def test_a_start_is_trained_once_for_all_recipes_that_begin_with_it(updates):
    first = run(second())
    trained = updates.count(2)
    assert trained > 0
    again = run(second())
    run(second(kept=0.5))
    assert updates.count(2) == trained
    assert torch.equal(first.vectors, again.vectors)


def test_a_start_at_hand_is_not_trained_again(updates):
    before = run(FIRST)
    updates.clear()
    with_it = run(second(), start=before)
    assert 2 not in updates
    assert not (cache_folder() / "trained").exists()
    assert torch.equal(with_it.vectors, run(second()).vectors)


def test_a_start_that_was_broken_off_goes_on_where_it_stopped(monkeypatch):
    step = WordVectorObjective.training_step

    def broken(model, batch, number):
        if model.current_epoch == 1:
            raise KeyboardInterrupt
        return step(model, batch, number)

    monkeypatch.setattr(WordVectorObjective, "training_step", broken)
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        trained_start(FIRST, seed=0)
    assert (
        trained_folder(FIRST.name, FIRST.training_hash, seed=0, device="cpu") / "last.ckpt"
    ).exists()

    epochs = set()

    def watched(model, batch, number):
        epochs.add(model.current_epoch)
        return step(model, batch, number)

    monkeypatch.setattr(WordVectorObjective, "training_step", watched)
    resumed = trained_start(FIRST, seed=0)
    assert epochs == {1}
    assert torch.equal(resumed.vectors, run(FIRST).vectors)


def test_starts_may_begin_with_starts(updates):
    third = replace(second(start=second(learning_rate=0.0)), name="third")
    run(third)
    assert {1, 2} <= set(updates)
    assert len(list((cache_folder() / "trained").iterdir())) == 2


def test_the_hash_holds_what_trained_the_start_and_not_what_was_measured_of_it():
    other = world_recipe(epochs=3, metrics=())
    assert second(start=other).hash != second().hash
    assert second(start=second()).hash != second().hash
    assert second(start=world_recipe(epochs=2)).hash == second().hash
    assert second(start=None).hash != second().hash


def test_the_record_says_what_the_run_began_with():
    record = fit(second(), paper="word2vec", tier="smoke", seed=0).record
    assert record.recipe_parts["start"] == FIRST.describe_training()
    assert "metrics" not in record.recipe_parts["start"]


def test_of_other_data_than_the_registered_nothing_is_kept(monkeypatch):
    def unregistered(seed, **options):
        text = world_text(seed, **options)
        return replace(text, identity=replace(text.identity, expected=False))

    text = partial(unregistered, tokens=3_000)
    first = replace(FIRST, data=partial(FIRST.data, text=text))
    run(second(start=first))
    assert not (cache_folder() / "trained").exists()
