"""Scores by the number of labels."""

from fabricated import fabricate_records

from replications.figures.curves.few_labels import scores_by_labels
from replications.papers.gpt1 import RECIPES
from replications.papers.gpt1.read_outs import label_recipes


def test_a_score_is_a_mean_over_the_draws_of_a_seed():
    names = {"few-0": (1.0, 2.0, 3.0), "few-1": (3.0, 4.0), "all": (9.0,)}
    records = [r for name, values in names.items() for r in fabricate_records(name, values)]
    for record in records:
        record.metrics["score"] = record.metrics["total"]
    recipes = {10: ["few-0", "few-1"], 500: ["all"], 1000: ["none"]}
    # Seed 2 of the few has one draw of two.
    assert scores_by_labels(records, recipes) == {10: [2.0, 3.0], 500: [9.0]}


def test_each_name_is_that_of_a_recipe():
    names = {recipe.name for recipe in RECIPES["laptop"]}
    found = {each for start in ("scratch", "long", "reviews") for each in label_recipes(start)[100]}
    assert len(found) == 15 and found <= names
    assert all(name in names for names_ in label_recipes("long").values() for name in names_)
