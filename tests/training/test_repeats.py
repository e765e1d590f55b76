"""Fine-tuning several times: which rate is kept, what differs between repetitions, what is told."""

from functools import partial
from types import SimpleNamespace

import lightning
import pytest

from replications.metrics.tasks.labels import accuracy, correlations
from replications.metrics.tasks.repeated_score import repeated_score
from replications.objectives.schedules import linear
from replications.recipes import TrainedModel, Workspace
from replications.training import repeats
from replications.training.repeats import Repeated, tuned_and_repeated


def objective(vocabulary, seed, *, schedule):
    raise AssertionError("the stand-in for training does not call it")


@pytest.fixture
def trained(monkeypatch):
    """What was asked of training: the rate, the seed of the model, and that of the order."""
    seen = []

    def stand_in(data, metrics, workspace, *, objective, epochs, precision):
        rate = objective.keywords["schedule"].keywords["learning_rate"]
        seen.append((rate, workspace.seed, data.seed))
        point = {"epoch": epochs, "tokens": 10, "seconds": 2.0, "processor_seconds": 1.0}
        return TrainedModel((rate, workspace.seed), {"other": 3}, 5.0, 2.0, [point])

    monkeypatch.setattr(repeats, "train", stand_in)
    return seen


class Examples(lightning.LightningDataModule):
    encoded = ()

    def __init__(self, seed):
        super().__init__()
        self.seed = seed


def score(model, data):
    return {"validation_score": {0.1: 50.0, 0.2: 70.0, 0.4: 60.0}[model[0]]}


def run(seed=3, **changes):
    settings = {"learning_rates": (0.1, 0.2, 0.4), "repeats": 3, "epochs": 2, **changes}
    made = partial(objective, schedule=partial(linear, warmup=0.1))
    return tuned_and_repeated(
        Examples(seed), (), Workspace(seed=seed), objective=made, choose=score, **settings
    )


def test_the_rate_that_the_validation_part_prefers_is_repeated(trained):
    found = run()
    assert found.model.learning_rate == 0.2
    assert [rate for rate, _, _ in trained] == [0.1, 0.2, 0.4, 0.2, 0.2]
    assert [model[0] for model in found.model.models] == [0.2] * 3


def test_each_training_has_a_seed_of_its_own_for_the_model_and_the_order(trained):
    run()
    seeds = [seed for _, seed, _ in trained]
    assert len(set(seeds)) == 5
    assert seeds == [order for _, _, order in trained]
    run(seed=4)
    assert not set(seeds) & {seed for _, seed, _ in trained[5:]}


def test_all_trainings_count_in_the_cost_and_in_the_trajectory(trained):
    found = run()
    assert (found.flops, found.seconds) == (25.0, 10.0)
    assert [point["tokens"] for point in found.trajectory] == [10, 20, 30, 40, 50]
    assert [point["learning_rate"] for point in found.trajectory] == [0.1, 0.2, 0.4, 0.2, 0.2]
    assert found.trajectory[1]["validation_score"] == 70.0


class Labels:
    def __init__(self, labels):
        self.labels = labels

    def predict(self, data, part):
        return self.labels


def test_the_score_is_the_mean_of_the_models_and_can_be_computed_from_its_items():
    data = SimpleNamespace(text=SimpleNamespace(test=SimpleNamespace(labels=[0.0, 1.0, 1.0, 0.0])))
    models = Repeated((Labels([0.0, 1.0, 1.0, 1.0]), Labels([0.0, 0.0, 0.0, 1.0])), 0.2)
    found = repeated_score(models, data, agreement=accuracy, score="accuracy")
    assert found["score"] == 50.0
    assert found["score_std"] == pytest.approx(25 * 2**0.5)
    assert found["learning_rate"] == 0.2
    assert found["score"].again() == pytest.approx(50.0)


def test_a_mean_of_correlations_is_that_of_each_model_and_not_of_their_mean_prediction():
    data = SimpleNamespace(text=SimpleNamespace(test=SimpleNamespace(labels=[0.0, 1.0, 2.0])))
    models = Repeated((Labels([0.0, 1.0, 2.0]), Labels([4.0, 2.0, 0.0])), 0.2)
    found = repeated_score(models, data, agreement=correlations, score="pearson")
    assert found["score"] == pytest.approx(0.0, abs=1e-6)
    assert found["score"].again() == pytest.approx(0.0, abs=1e-4)
