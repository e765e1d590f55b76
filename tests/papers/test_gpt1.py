"""GPT-1: what the recipes say, what tells the rows apart, what the claims quote."""

from __future__ import annotations

import pytest
import torch
from described import differences

from replications.figures.paper_values import paper_row, paper_values
from replications.figures.tables import setting
from replications.metrics.tasks.labels import accuracy_and_f1
from replications.models.initialisation import normal
from replications.models.presets import GPT1
from replications.models.recurrent_language_model import RecurrentLanguageModel
from replications.papers import gpt1
from replications.papers.gpt1 import read_outs, recipes
from replications.training.trainers import count_parameters

LAPTOP = {recipe.name: recipe for recipe in gpt1.RECIPES["laptop"]}
SMOKE = {recipe.name: recipe for recipe in gpt1.RECIPES["smoke"]}
NAMES = {"cola": "CoLA", "sst2": "SST-2", "mrpc": "MRPC", "stsb": "STS-B", "rte": "RTE"}
TABLE5 = "Radford et al. 2018, table 5"
FULL, NONE, PLAIN, LSTM = (
    "Transformer, full",
    "Transformer, without pre-training",
    "Transformer, without auxiliary loss",
    "LSTM",
)
PAPER = {"d_model": 768, "layers": 12, "heads": 12, "d_ff": 3072, "max_length": 512}


def trained(recipe: object) -> dict:
    """The parts that train the model; where it begins is the name of the recipe alone."""
    start = None if recipe.start is None else recipe.start.name
    return {"start": start} | {part: recipe.describe()[part] for part in ("data", "learner")}


def test_the_chapter_has_its_place_in_the_book():
    assert gpt1.NUMBER == 6
    assert {corpus for tier in gpt1.CORPORA.values() for corpus in tier} >= {"classic-books"}


@pytest.mark.parametrize("tier", gpt1.RECIPES)
def test_what_a_recipe_begins_with_is_a_recipe_of_the_tier_before_it(tier):
    known = []
    for recipe in gpt1.RECIPES[tier]:
        assert recipe.start is None or recipe.start in known
        known.append(recipe)


def test_the_two_pretrained_networks_have_as_many_weights_and_the_same_data():
    networks = [
        LAPTOP[name].learner.keywords["objective"].keywords["model"]
        for name in ("pretrained", "lstm")
    ]
    with torch.device("meta"):
        ours, recurrent = (count_parameters(network(8260)) for network in networks)
    assert sum(ours.values()) == 1_866_752
    assert ours["embedding"] == recurrent["embedding"]
    assert recurrent["other"] == pytest.approx(ours["other"], rel=0.003)
    found = differences(trained(LAPTOP["pretrained"]), trained(LAPTOP["lstm"]))
    network = ("learner.objective.model", "learner.objective.schedule.learning_rate")
    assert [place for place in found if not place.startswith(network)] == []


@pytest.mark.parametrize("task", gpt1.TASKS)
def test_a_row_of_table_5_changes_one_thing_and_its_rate(task):
    full = trained(LAPTOP[f"{task}-pretrained"])
    learning_rate = "learner.objective.schedule.learning_rate"
    plain = differences(full, trained(LAPTOP[f"{task}-no-auxiliary"]))
    assert plain == {"learner.objective.auxiliary": (0.5, 0.0)}
    scratch = differences(full, trained(LAPTOP[f"{task}-scratch"]))
    assert scratch.pop("start") == ("pretrained", None)
    assert set(scratch) <= {learning_rate}
    recurrent = differences(full, trained(LAPTOP[f"{task}-lstm"]))
    assert recurrent.pop("start") == ("pretrained", "lstm")
    assert {p for p in recurrent if not p.startswith("learner.objective.network.")} <= {
        learning_rate
    }


@pytest.mark.parametrize("task", ["sst2", "stsb"])
def test_layers_are_taken_from_none_to_all_but_the_last(task):
    full = trained(LAPTOP[f"{task}-pretrained"])
    for count in range(gpt1.LAYERS):
        found = differences(full, trained(LAPTOP[f"{task}-layers-{count}"]))
        assert {place.rpartition(".")[2] for place in found} == {"count", "part"}
        assert found["learner.objective.transfer.part"] == ("all_layers", "lowest_layers")
        assert found["learner.objective.transfer.count"] == (None, count)
    assert setting(LAPTOP["pretrained"], "layers") == str(gpt1.LAYERS)


@pytest.mark.parametrize("variant", ["pretrained", "scratch", "no-auxiliary"])
@pytest.mark.parametrize("examples", [200, 1000])
def test_fewer_labels_change_the_examples_and_the_passes_alone(variant, examples):
    if (name := f"sst2-{examples}-{variant}") not in LAPTOP:
        assert (variant, examples) == ("no-auxiliary", 1000)
        return
    found = differences(trained(LAPTOP[f"sst2-{variant}"]), trained(LAPTOP[name]))
    assert set(found) == {"data.text.examples", "data.repeats"}
    assert found["data.text.examples"] == (8000, examples)


@pytest.mark.parametrize("recipe", recipes.RECIPES[2:], ids=lambda recipe: recipe.name)
def test_each_task_has_its_own_score_on_both_parts(recipe):
    task = gpt1.TASKS[recipe.name.partition("-")[0]]
    assert [metric.keywords["score"] for metric in recipe.metrics] == [task.score] * 2
    assert [m.keywords.get("part", "test") for m in recipe.metrics] == ["test", "validation"]


def test_no_token_is_read_twice():
    # Every fourth book makes 6,519,760 tokens of these byte pairs.
    recipe = LAPTOP["pretrained"]
    tokens = int(setting(recipe, "tokens_per_epoch")) * int(setting(recipe, "epochs"))
    assert tokens == 6_000_000 < 6_519_760
    assert setting(recipe, "dropout") == "0.0"
    assert setting(LAPTOP["sst2-pretrained"], "dropout") == "0.1"


def test_the_controls_of_the_live_run_differ_in_their_labels_or_their_start():
    full = trained(SMOKE["world-task-pretrained"])
    scratch = differences(full, trained(SMOKE["world-task-scratch"]))
    assert scratch == {"start": ("world-pretrained", None)}
    shuffled = differences(full, trained(SMOKE["world-task-shuffled"]))
    assert shuffled == {"data.text.shuffled": (False, True)}


def test_the_papers_network_has_the_parameters_that_the_chapter_counts():
    with torch.device("meta"):
        model = GPT1(40_478, **PAPER)
    assert sum(p.numel() for p in model.parameters()) == 116_534_784


@pytest.mark.parametrize("task", NAMES)
def test_the_papers_gain_on_a_task_is_the_transcribed_one(task):
    (claim,) = (claim for claim in gpt1.CLAIMS if claim.slug == f"pretraining-helps-{task}")
    rows = [paper_row("gpt1", TABLE5, row)[NAMES[task]] for row in (FULL, NONE)]
    assert list(claim.paper_value.values()) == rows
    assert claim.measure.recipes == (f"{task}-pretrained", f"{task}-scratch")


@pytest.mark.parametrize(
    ("slug", "rows"),
    [
        ("pretraining-helps", (FULL, NONE)),
        ("auxiliary-changes-the-average-little", (PLAIN, FULL)),
        ("transformer-beats-lstm", (FULL, LSTM)),
    ],
)
def test_the_papers_averages_in_a_claim_are_the_transcribed_ones(slug, rows):
    (claim,) = (claim for claim in gpt1.CLAIMS if claim.slug == slug)
    averages = [paper_row("gpt1", TABLE5, row)["average"] for row in rows]
    assert list(claim.paper_value.values()) == averages
    assert len(claim.measure.recipes) == 2 * len(gpt1.TASKS)


@pytest.mark.parametrize("row", [FULL, NONE, PLAIN, LSTM])
def test_the_averages_of_table_5_are_those_of_its_eight_tasks(row):
    values = paper_row("gpt1", TABLE5, row)
    average = values.pop("average")
    assert len(values) == 8
    # The LSTM's is printed as 69.1 and is 69.16.
    assert average == pytest.approx(sum(values.values()) / 8, abs=0.065)


def test_a_number_that_was_read_off_a_plot_says_so():
    plotted = [value for value in paper_values("gpt1") if "figure" in value.source]
    assert plotted
    assert all("read off" in v.source and "approximate" in v.unit for v in plotted)


def test_always_saying_the_same_is_an_f1_of_four_fifths_where_two_thirds_are_equal():
    found = accuracy_and_f1([1.0, 1.0, 0.0] * 100, [1.0] * 300)["f1"]
    assert found == pytest.approx(80)
    assert found > paper_row("gpt1", TABLE5, NONE)["MRPC"]


def test_the_papers_lstm_has_a_quarter_of_the_weights_of_the_blocks():
    with torch.device("meta"):
        lstm = RecurrentLanguageModel(40_478, d_model=768, hidden=2048, initialise=normal)
        blocks = GPT1(40_478, **PAPER).stack
    counts = [sum(p.numel() for p in part.parameters()) for part in (lstm.stack, blocks)]
    assert counts == [23_076_864, 85_054_464]


def test_the_loss_without_pretraining_is_in_points():
    full, none = (paper_row("gpt1", TABLE5, row)["average"] for row in (FULL, NONE))
    assert full - none == pytest.approx(14.8)


@pytest.mark.parametrize("task", ["stsb", "sst2", "mrpc", "rte"])
def test_starts_that_are_compared_by_mean_states_differ_in_nothing_else(task):
    long, scratch = (trained(LAPTOP[f"{task}-{name}-mean"]) for name in ("long", "scratch"))
    assert differences(long, scratch) == {"start": ("pretrained-long", None)}


@pytest.mark.parametrize("labels", read_outs.LABELS)
def test_subsets_of_labels_differ_in_their_number_alone(labels):
    runs = [trained(LAPTOP[f"sentences-{labels}-{draw}-reviews"]) for draw in range(5)]
    for number, run in enumerate(runs):
        found = differences(runs[0], run)
        assert found == ({"data.text.number": (0, number)} if number else {})


def test_all_labelled_sentences_make_about_as_many_updates_as_few():
    rows = {labels: labels * repeats for labels, repeats in read_outs.LABELS.items()}
    assert set(rows.values()) == {2000}
    assert read_outs.ALL_LABELS == 6920 - 420


def test_the_long_run_reads_twenty_tokens_a_parameter():
    assert pytest.approx(21.4, abs=0.1) == read_outs.TOKENS / 1_866_752
