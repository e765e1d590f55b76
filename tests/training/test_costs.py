"""What a run takes is counted before it is made, and expected seconds follow the measured ones."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from fabricated import FabricatedRecipe, fabricate_record

from replications.corpora.store.registry import read_entry
from replications.papers import PAPERS
from replications.records import load_records
from replications.training import estimates
from replications.training.costs import Cost, cost_of, counted, parameters_of
from replications.training.estimates import CARD_24_GB, H100, Estimates, Speed, this_device
from replications.training.jobs import Job


def recorded(slug):
    """The laptop recipes of a chapter with one record of each."""
    by_name = {recipe.name: recipe for recipe in PAPERS[slug].RECIPES["laptop"]}
    records = {record.recipe: record for record in load_records(slug, "laptop")}
    return [(by_name[name], record) for name, record in records.items() if name in by_name]


@pytest.mark.parametrize("slug", ["gpt1", "gpt2", "gpt3"])
def test_parameters_tokens_and_operations_are_those_that_a_run_then_counts(slug):
    found = [(c, r) for recipe, r in recorded(slug) if (c := counted(recipe))]
    pretraining = [(cost, record) for cost, record in found if cost.known == "counted"]
    assert pretraining
    for cost, record in pretraining:
        assert cost.parameters == sum(record.parameters.values())
        assert cost.tokens == record.tokens_seen
        assert cost.operations == pytest.approx(record.flops, rel=1e-9)


def test_rows_in_which_few_places_are_predicted_take_what_these_take():
    (long_sequences,) = (
        (recipe, r) for recipe, r in recorded("bert") if recipe.name == "long-sequences"
    )
    cost = counted(long_sequences[0])
    assert cost.tokens == long_sequences[1].tokens_seen
    assert cost.operations == pytest.approx(long_sequences[1].flops, rel=0.01)


def test_the_parameters_of_every_network_on_a_vocabulary_of_known_size_are_counted():
    found = [(n, r) for recipe, r in recorded("gpt1") if (n := parameters_of(recipe))]
    assert len(found) >= 15
    for number, record in found:
        assert number == sum(record.parameters.values())


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        ("transformer", ("base", "layers-1", "transformer")),
        ("gpt1", ("cola-pretrained", "mrpc-no-auxiliary", "rte-pretrained")),
        ("bert", ("sst2-bert", "stsb-no-nsp")),
    ],
)
def test_translation_and_fine_tuning_are_counted_at_the_mean_length_of_their_rows(slug, names):
    found = {recipe.name: (counted(recipe), r) for recipe, r in recorded(slug)}
    for name in names:
        cost, record = found[name]
        assert cost.known == "mean length"
        assert cost.parameters == pytest.approx(sum(record.parameters.values()), rel=0.01)
        assert cost.tokens == pytest.approx(record.tokens_seen, rel=0.1)
        assert cost.operations == pytest.approx(record.flops, rel=0.15)
        assert 0 < cost.of_a_batch < cost.memory


@pytest.mark.parametrize("slug", ["transformer", "gpt1", "bert"])
def test_every_recipe_of_every_tier_is_counted(slug):
    for recipes in PAPERS[slug].RECIPES.values():
        for recipe in recipes:
            assert cost_of(recipe, []).operations > 0, recipe.name


def test_rows_that_are_cut_are_counted_at_the_length_that_is_left():
    tasks = {recipe.name: recipe for recipe in PAPERS["bert"].RECIPES["laptop"]}
    recipe = tasks["mrpc-masked-40m-cls"]
    examples = read_entry("glue-mrpc").split("train").rows - 200
    # Rows of 64 ids, where the mean has 70; three rates, and four more seeds with the best.
    assert counted(recipe).tokens == recipe.learner.keywords["epochs"] * 7 * examples * 64


def test_recurrent_networks_and_corpora_of_unknown_length_keep_the_minutes_that_are_stated():
    (recurrent,) = (r for r in PAPERS["bahdanau"].RECIPES["laptop"] if r.name == "rnnsearch")
    (synthetic,) = (r for r in PAPERS["transformer"].RECIPES["smoke"] if r.name.endswith("former"))
    assert counted(recurrent) is None
    assert counted(synthetic) is None
    assert cost_of(recurrent, []).known == "minutes"


def test_wider_rows_and_larger_batches_take_more_memory():
    by_name = {recipe.name: recipe for recipe in PAPERS["gpt2"].RECIPES["laptop"]}
    small, large = counted(by_name["layers-2"]), counted(by_name["layers-6"])
    assert large.memory > 3 * small.memory
    recipe = by_name["layers-6"]
    keywords = {**recipe.data.keywords, "sequences_per_batch": 40}
    data = type(recipe.data)(recipe.data.func, **keywords)
    more = counted(replace(recipe, data=data))
    # Ten times the batch: what a batch leaves behind grows so, and the weights do not.
    assert more.memory - 16 * more.parameters == pytest.approx(
        10 * (large.memory - 16 * large.parameters), rel=0.01
    )


def test_an_earlier_run_says_more_than_counting_and_counting_more_than_minutes():
    recipe = FabricatedRecipe("a", minutes=2.0)
    record = fabricate_record("a", flops=5e12, tokens_seen=77)
    assert cost_of(recipe, [record]) == Cost(730, 77, 5e12, 190_000_000, "record")
    stated = cost_of(recipe, [replace(record, recipe_hash="f" * 16)])
    assert stated == Cost(None, None, 120 * 50e9, None, "minutes")


def test_a_large_network_reaches_more_of_a_card_than_a_small_one():
    speed = Speed(most=1e12, half=1e6, aside=10.0)
    assert speed.seconds(Cost(1_000_000, 1, 1e13, 1, "counted")) == pytest.approx(30)
    assert speed.seconds(Cost(9_000_000, 1, 1e13, 1, "counted")) == pytest.approx(10 + 10 / 0.9)
    # The largest run that the tier allows: minutes on an H100, about an hour on a smaller card.
    largest = Cost(30_000_000, 1, 2e17, 1, "counted")
    assert 15 * 60 < H100.seconds(largest) < 30 * 60
    assert 60 * 60 < CARD_24_GB.seconds(largest) < 90 * 60


def test_a_training_in_fp32_is_expected_at_the_rate_of_fp32():
    speed = this_device("cpu", {"fp32": 40e9, "bf16": 200e9})
    cost = Cost(1_000_000, 1, 1e12, 1, "counted")
    in_bf16, in_fp32 = speed.seconds(cost), speed.seconds(cost, "32-true")
    assert in_fp32 - speed.aside == pytest.approx(5 * (in_bf16 - speed.aside))

    def learn():
        """Stands for the training."""

    def seconds(**options):
        recipe = FabricatedRecipe("a", learner=partial(learn, **options))
        return Estimates(speed, "cpu", costs={recipe.hash: cost}).seconds(
            Job("word2vec", "laptop", recipe, 0)
        )

    assert seconds(precision="bf16-mixed") == pytest.approx(in_bf16)
    assert seconds() == pytest.approx(in_fp32)


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(estimates, "device_name", lambda device: "AMD EPYC, 1 thread")
    return lambda *records: Estimates(Speed(1e9, 0.0, 5.0), "cpu", {"word2vec": records})


def job(name, hash="f" * 16, paper="word2vec", minutes=2.0):
    return Job(paper, "laptop", FabricatedRecipe(name, hash=hash, minutes=minutes), 0)


def test_what_was_recorded_on_this_device_is_expected_again(here):
    found = here(fabricate_record("a", recipe_hash="f" * 16, seconds=40.0))
    assert found.seconds(job("a")) == 45
    elsewhere = here(
        fabricate_record("a", recipe_hash="f" * 16, seconds=40.0, flops=2e10, device="Other")
    )
    assert elsewhere.seconds(job("a")) == 5 + 20


def test_a_small_network_is_expected_to_be_slower_than_the_large_one_that_was_recorded(here):
    found = here(fabricate_record("large", seconds=10.0, flops=9e12, parameters={"all": 900_000}))
    found.speed = Speed(1e9, 100_000.0, 5.0)
    # 900 billion operations a second are 90 % of what a larger one would reach.
    small = job("small")
    found.costs[small.recipe.hash] = Cost(100_000, 1, 2e12, 1, "counted")
    assert found.seconds(small) == pytest.approx(5 + 2e12 / (1e12 / 2))


def test_a_frozen_network_with_a_classifier_reaches_an_eleventh_at_least():
    speed = Speed(1e12, 1e6, 0.0)
    assert speed.share(3) == speed.share(100_000) == pytest.approx(1 / 11)
    assert speed.share(None) == 0.5


@pytest.mark.parametrize("how", ["diverged", "raised"])
def test_a_run_that_failed_says_nothing_of_the_time_of_a_whole_one(here, how):
    cut = {"seconds": 4.0, "flops": 1e7, "failed": {"how": how, "why": "so"}}
    found = here(fabricate_record("a", recipe_hash="f" * 16, **cut))
    assert found.seconds(job("a", minutes=2.0)) == 125
    assert found.cost(job("a")).known == "minutes"


def test_without_a_record_the_minutes_that_a_recipe_states_are_expected_on_a_cpu(here):
    assert here().seconds(job("a", minutes=2.0)) == 125


def test_on_a_cpu_stated_minutes_say_more_than_operations_at_a_mean_length(here):
    found = here()
    found.costs["f" * 16] = Cost(1_000_000, 1, 1e12, 1, "mean length", 1)
    assert found.seconds(job("a", minutes=2.0)) == 125
    found.costs["f" * 16] = Cost(1_000_000, 1, 1e12, 1, "counted", 1)
    assert found.seconds(job("a", minutes=2.0)) == 1005


def test_expected_seconds_are_corrected_by_what_ended_runs_of_the_chapter_took(here):
    found = here()
    found.ended(job("a"), 250.0)
    assert found.seconds(job("b")) == 250
    found.ended(job("b"), 125.0)
    assert found.seconds(job("b")) == pytest.approx(125 * 1.5)
    assert found.seconds(job("c", paper="glove")) == 125
