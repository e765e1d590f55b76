"""Pictures of alignment: what is drawn is what is recorded."""

import pytest
from fabricated import fabricate_record

from replications.figures.preference.pushed_rewards import (
    best_of_n_curves,
    draw_gold_frontier,
    draw_pushed,
    policy_curves,
)
from replications.figures.preference.three_steps import STEPS, draw_three_steps


def record(recipe, trajectory=(), metrics=None):
    return fabricate_record(
        recipe, metrics=metrics, paper="instructgpt", trajectory=list(trajectory)
    )


COURSE = [
    {"kl": -0.01, "gold": 1.0, "proxy": 0.0},
    {"kl": 4.0, "gold": 1.5, "proxy": 2.0},
    {"kl": 9.0, "gold": 0.5, "proxy": 3.0},
]


def test_a_policys_curve_begins_at_its_reference():
    (curve,) = policy_curves([record("a", COURSE), record("b", COURSE)], "a")
    assert curve["distance"] == [0, 2, 3]
    assert curve["gold"] == [0, 0.5, -0.5] and curve["proxy"] == [0, 2, 3]


def test_best_of_n_is_drawn_as_gains_over_one_answer():
    metrics = {"best_of:gold:1": 1.0, "best_of:gold:4": 1.25}
    metrics |= {"best_of:proxy:1": 0.5, "best_of:proxy:4": 2.0}
    (curve,) = best_of_n_curves([record("a", metrics=metrics)], "a", (1, 4))
    assert curve["gold"] == [0, 0.25] and curve["proxy"] == [0, 1.5]
    assert curve["distance"][0] == 0 and curve["distance"][1] == pytest.approx(0.7978, abs=1e-3)


def test_gold_is_solid_and_proxy_dashed():
    curves = policy_curves([record("a", COURSE)], "a")
    (ax,) = draw_pushed({"PPO": curves}).axes
    styles = [line.get_linestyle() for line in ax.lines[:2]]
    assert styles == ["-", "--"]
    assert list(ax.lines[0].get_ydata()) == curves[0]["gold"]
    assert len(draw_gold_frontier({"0.1": curves, "0": curves}).axes[0].lines) == 2


def test_without_records_the_picture_says_so():
    assert draw_pushed({"PPO": []}).axes[0].get_title() == "Ours: no records yet"


def test_the_three_steps_are_all_named():
    (ax,) = draw_three_steps().axes
    said = {text.get_text() for text in ax.texts}
    for name, boxes, result in STEPS:
        assert {name, *boxes, result} <= said
