"""The prediction of the largest budget: near a planted truth, and never made twice or too late."""

from __future__ import annotations

import importlib.util
import json
from types import SimpleNamespace

import pytest
from planted_runs import LAW, plant, plant_all, shape_of

from replications.errors import ReplicationError
from replications.papers.kaplan.sweep import LARGEST, SWEEP, flops_per_token
from replications.paths import REPOSITORY

SPEC = importlib.util.spec_from_file_location(
    "predict_largest", REPOSITORY / "tools" / "predict_largest.py"
)
tool = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(tool)

RECORDS = plant_all(SWEEP)
TRUTH = plant(LARGEST, 0, paper="chinchilla")


@pytest.fixture(autouse=True)
def few_samples(monkeypatch):
    monkeypatch.setattr(tool, "SAMPLES", 60)


def test_a_planted_truth_lies_in_the_interval_and_the_interval_says_something():
    size = sum(TRUTH.parameters.values())
    found = tool.predict(RECORDS, size, TRUTH.tokens_seen, TRUTH.flops)
    truth = TRUTH.metric("nats_per_token")
    assert found["low"] < truth < found["high"] and found["high"] - found["low"] < 0.5
    smallest = float(LAW.loss(size, TRUTH.tokens_seen))
    assert found["fits"]["parametric"]["predicted"] == pytest.approx(smallest, abs=0.1)
    assert TRUTH.flops == flops_per_token(shape_of(LARGEST)) * TRUTH.tokens_seen


@pytest.fixture
def recorded(monkeypatch, tmp_path):
    held = {"kaplan": RECORDS, "chinchilla": []}
    monkeypatch.setattr(tool, "load_records", lambda slug, tier: held[slug])
    monkeypatch.setattr(tool, "FILE", tmp_path / "predictions" / "chinchilla.json")
    return held


def test_the_prediction_is_written_with_what_it_was_made_from(recorded):
    tool.main()
    found = json.loads(tool.FILE.read_text())
    assert found["recipe_hash"] == LARGEST.hash and found["runs"] == 90
    assert found["low"] < found["predicted"] < found["high"]
    with pytest.raises(ReplicationError, match="a prediction is made once"):
        tool.main()


def test_once_the_largest_is_recorded_it_is_too_late(recorded):
    recorded["chinchilla"] = [SimpleNamespace(recipe=LARGEST.name)]
    with pytest.raises(ReplicationError, match="too late to predict"):
        tool.main()
    assert not tool.FILE.exists()


def test_without_a_second_seed_nothing_is_known_of_the_scatter(recorded):
    recorded["kaplan"] = [record for record in RECORDS if record.seed == 0]
    with pytest.raises(ReplicationError, match="has two seeds"):
        tool.main()
