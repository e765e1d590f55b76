"""Sequence to sequence: what the papers set, what tells the runs apart, and what comes out."""

from __future__ import annotations

import pytest
from described import differences

from replications.figures.paper_values import paper_row, paper_values
from replications.figures.tables import setting
from replications.papers import seq2seq
from replications.training.fit import fit

LAPTOP = {recipe.name: recipe for recipe in seq2seq.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in seq2seq.RECIPES["smoke"]}


def trained(name: str, recipes: dict) -> dict:
    return {part: recipes[name].describe()[part] for part in ("data", "learner")}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order", "reversed_order"),
        ("layers", "2"),
        ("hidden", "256"),
        ("embedding", "128"),
        ("initialise.bound", "0.08"),
        ("dropout", "0.0"),
        ("merges", "4000"),
        ("clip", "1.0"),
        ("smoothing", "0.1"),
        ("epochs", "8"),
    ],
)
def test_the_main_recipe_has_the_settings_that_the_chapter_argues_for(name, value):
    assert setting(LAPTOP["seq2seq"], name) == value


@pytest.mark.parametrize(
    ("name", "place", "values"),
    [
        ("forward", "data.order.part", ("reversed_order", "as_written")),
        ("one-layer", "learner.objective.model.layers", (2, 1)),
    ],
)
def test_a_recorded_variation_changes_one_setting_alone(name, place, values):
    found = differences(trained("seq2seq", LAPTOP), trained(name, LAPTOP))
    assert found == {place: values}


@pytest.mark.parametrize("language", ["world", "backwards"])
def test_live_runs_of_a_language_differ_in_the_order_of_reading_alone(language):
    pair = (trained(f"{language}-{order}", SMOKE) for order in ("reversed", "as-written"))
    assert differences(*pair) == {"data.order.part": ("reversed_order", "as_written")}


def test_the_control_differs_from_the_live_language_in_its_direction_alone():
    pair = (trained(f"{language}-reversed", SMOKE) for language in ("world", "backwards"))
    assert differences(*pair) == {"data.text.reverse": (False, True)}


def test_the_recorded_lstms_and_the_plain_network_read_the_same_sequences():
    data = [LAPTOP[f"adding-{name}"].describe()["data"] for name in ("1997", "lstm", "vanilla")]
    assert data[0] == data[1] == data[2]
    assert setting(LAPTOP["adding-1997"], "text.length") == "100"


def test_the_claims_values_are_those_transcribed():
    section, table = (f"Sutskever et al. 2014, {part}" for part in ("section 3.3", "table 1"))
    claimed = {claim.slug: claim.paper_value for claim in seq2seq.CLAIMS}
    orders = ("reversed", "as written")
    assert claimed["reversing-lowers-perplexity"] == {
        order: paper_row("seq2seq", section, order)["perplexity"] for order in orders
    }
    assert claimed["reversing-raises-bleu"] == {
        order: paper_row("seq2seq", table, f"1 {order}, beam 12")["bleu"] for order in orders
    }
    one, two, twelve = (
        paper_row("seq2seq", table, f"5 reversed, beam {beam}")["bleu"] for beam in (1, 2, 12)
    )
    share = claimed["a-beam-of-two-suffices"]["share"]
    assert share == pytest.approx((two - one) / (twelve - one), abs=0.005)


def test_each_transcribed_number_names_its_paper_and_stands_there_once():
    values = paper_values("seq2seq")
    assert all(value.source.startswith(("Sutskever", "Hochreiter")) for value in values)
    places = [(value.source, value.row, value.column) for value in values]
    assert len(set(places)) == len(places)


def error(name: str) -> float:
    return fit(SMOKE[name], paper="seq2seq", tier="smoke", seed=0).record.metric("mse")


def test_the_lstm_adds_over_a_long_lag_and_a_plain_network_only_over_a_short_one():
    assert error("far-1997") < 0.01 < 0.03 < error("far-vanilla")
    assert error("near-vanilla") < 0.01
