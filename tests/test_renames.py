"""Records survive a rename, and nothing but a rename."""

from __future__ import annotations

import copy
import functools
import inspect
import json
from collections import defaultdict
from functools import partial

import pytest
import torch
from fabricated import FabricatedRecipe, fabricate_record
from torch import nn

from replications import renames
from replications.errors import ReplicationError
from replications.papers import PAPERS
from replications.paths import RECORDS
from replications.recipes import Recipe, hash_of
from replications.records import (
    is_stale,
    load_items,
    load_record,
    load_records,
    record_path,
    save_record,
)
from replications.records.compact import read_compact
from replications.renames import (
    Added,
    Merged,
    Removed,
    Renamed,
    RenamedMetric,
    RenamedPart,
    RenamedRecipe,
    Uncovered,
    upgraded,
)

FILES = sorted(RECORDS.glob("*/*.json"))
RECIPES = [(slug, r) for slug, p in PAPERS.items() for tier in p.RECIPES.values() for r in tier]


@functools.cache
def stored() -> dict[str, dict]:
    return {
        f"{file.parent.name}/{file.name}": json.loads(file.read_text(encoding="utf-8"))
        for file in FILES
    } | {
        f"{file.parent.name}/{file.name}/{number}": tree
        for file in sorted(RECORDS.glob("*/*.jsonl"))
        for number, tree in enumerate(read_compact(file), 1)
    }


def test_the_runs_of_sweeps_are_among_the_records_that_are_looked_at():
    assert any(".jsonl/" in name for name in stored())


def stale_files() -> list[str]:
    now = {
        (slug, tier, recipe.name): recipe
        for slug, paper in PAPERS.items()
        for tier, recipes in paper.RECIPES.items()
        for recipe in recipes
    }
    return [
        file.name
        for file in FILES
        for record in [load_record(file)]
        if is_stale(record, now[record.paper, record.tier, record.recipe])
    ]


def test_the_hash_of_each_committed_record_is_that_of_the_parts_it_holds():
    assert stored()
    wrong = [
        name
        for name, tree in stored().items()
        if hash_of(tree["recipe_parts"]) != tree["recipe_hash"]
    ]
    assert wrong == [], "edited by hand: restore them with `git checkout`"


def test_no_two_recipes_have_become_one():
    """A later seed may have been recorded under the new names: its recipe is the same one."""
    before, after = defaultdict(set), defaultdict(set)
    for tree in stored().values():
        name = (tree["paper"], tree["tier"], tree["recipe"])
        before[hash_of(tree["recipe_parts"])].add(name)
        after[hash_of(upgraded(tree["recipe_parts"]))].add(name)
    joined = [names for names in after.values() if len(names) > 1]
    assert [names for names in joined if names not in before.values()] == []


@pytest.mark.parametrize("slug", PAPERS)
def test_no_name_that_was_retired_is_in_use_again(slug):
    described = [recipe.describe() for of, recipe in RECIPES if of == slug]
    assert [parts for parts in described if upgraded(parts) != parts] == [], (
        "an upgrade applies to a recipe of today: give the part or argument another name; of "
        "another library's part leave out what is its default"
    )


def test_what_was_upgraded_is_not_upgraded_again():
    for tree in stored().values():
        once = upgraded(tree["recipe_parts"])
        assert upgraded(copy.deepcopy(once)) == once


def test_renames_are_of_one_name_to_one():
    seen: dict[str, list[str]] = defaultdict(list)
    for each in renames.UPGRADES:
        if isinstance(each, Renamed):
            assert not each.arguments.keys() & set(each.arguments.values())
            seen[each.part] += each.arguments.values()
    assert [part for part, names in seen.items() if len(names) != len(set(names))] == []
    parts = [each.to for each in renames.UPGRADES if isinstance(each, RenamedPart)]
    assert len(parts) == len(set(parts)), "parts that become one are each a Merged"
    for kind in (RenamedMetric, RenamedRecipe):
        pairs = [(each.paper, each.new) for each in renames.UPGRADES if isinstance(each, kind)]
        assert len(pairs) == len(set(pairs))


@pytest.fixture
def hashed_anew(monkeypatch):
    """Hashes are kept with a recipe: here they are computed again, and forgotten afterwards."""
    for _, recipe in RECIPES:
        recipe.__dict__.pop("hash", None)
    yield
    monkeypatch.undo()
    for _, recipe in RECIPES:
        recipe.__dict__.pop("hash", None)


def test_a_rename_of_a_hashed_argument_leaves_all_records_fresh(hashed_anew, monkeypatch):
    describe, rename = Recipe.describe, Renamed("FeedForward", activation="nonlinearity")
    monkeypatch.setattr(Recipe, "describe", lambda recipe: upgraded(describe(recipe), (rename,)))
    assert len(stale_files()) > 100
    longer = partial(upgraded, upgrades=(*renames.UPGRADES, rename))
    monkeypatch.setattr("replications.records.reading.upgraded", longer)
    assert stale_files() == []


@pytest.mark.parametrize("part", [torch.optim.Adam, nn.LayerNorm, nn.GELU])
def test_a_new_default_of_torch_leaves_all_records_fresh(part, hashed_anew, monkeypatch):
    signature = inspect.signature(part)
    new = inspect.Parameter("quick", inspect.Parameter.KEYWORD_ONLY, default=True)
    monkeypatch.setattr(
        part,
        "__signature__",
        signature.replace(parameters=[*signature.parameters.values(), new]),
        raising=False,
    )
    assert stale_files() == []


def test_an_argument_that_a_recipe_gives_to_torch_is_hashed():
    def recipe(**options):
        norm = partial(nn.LayerNorm, **options)
        return Recipe("r", partial(Recipe, data=norm), partial(Recipe), (), 1.0)

    assert recipe(eps=1e-6).hash != recipe().hash
    assert recipe(eps=1e-6).describe()["data"]["data"] == {"part": "LayerNorm", "eps": 1e-6}


@pytest.mark.parametrize("slug", PAPERS)
def test_an_edited_value_makes_its_record_stale(slug):
    now = {r.name: r for r in PAPERS[slug].RECIPES["laptop"]}
    # A chapter whose first run is still to come has no record that could become stale.
    record = next(iter(load_records(slug, "laptop")), None)
    if record is None:
        pytest.skip(f"no record of {slug} at tier laptop yet")
    recipe = now[record.recipe]
    assert not is_stale(record, recipe)
    learner = partial(recipe.learner, epochs=77)
    assert is_stale(record, Recipe(recipe.name, recipe.data, learner, recipe.metrics, 1.0))


PARTS = {
    "data": {"part": "blocks", "size": 3},
    "learner": {"part": "learn", "net": {"part": "net", "size": 4, "sides": {"a": 1}}},
    "metrics": [{"part": "test", "edges": []}, {"part": "net", "size": 5}],
    "start": {"data": {"part": "blocks", "size": 2}, "learner": {"part": "learn"}},
}


def test_a_rename_is_scoped_to_its_part_and_reaches_it_wherever_it_stands():
    found = upgraded(PARTS, (Renamed("net", size="width"),))
    assert found["learner"]["net"] == {"part": "net", "width": 4, "sides": {"a": 1}}
    assert found["metrics"][1] == {"part": "net", "width": 5}
    assert found["data"] == PARTS["data"] and found["start"] == PARTS["start"]


def test_later_upgrades_see_the_names_that_earlier_ones_made():
    found = upgraded(
        PARTS,
        (
            Merged("blocks", "rows", step=1),
            Renamed("rows", size="length"),
            RenamedPart("rows", "sequences"),
            Renamed("blocks", size="never"),
            Added("sequences", length=9, stride=2),
        ),
    )
    assert found["data"] == {"part": "sequences", "length": 3, "step": 1, "stride": 2}
    assert found["start"]["data"] == {"part": "sequences", "length": 2, "step": 1, "stride": 2}


def test_an_argument_is_removed_at_the_value_that_the_code_means_and_no_other():
    assert upgraded(PARTS, (Removed("blocks", size=3),))["data"] == {"part": "blocks"}
    assert upgraded(PARTS, (Removed("blocks", size=False),))["data"] == PARTS["data"]


def test_a_part_whose_name_was_covered_is_known_by_its_arguments():
    found = upgraded(PARTS, (Uncovered("nll", ("edges",)), Renamed("nll", edges="bounds")))
    assert found["metrics"][0] == {"part": "nll", "part=": "test", "bounds": []}
    assert found["data"] == PARTS["data"]


def test_the_whole_recipe_and_its_start_are_upgraded_by_their_own_names():
    found = upgraded(PARTS, (Added(renames.RECIPE, texts=None), Added(renames.START, start=None)))
    assert found["texts"] is None and "texts" not in found["start"]
    assert found["start"]["start"] is None


def test_a_rename_onto_an_argument_that_is_there_is_an_error():
    with pytest.raises(ReplicationError, match="'blocks' has 'length' and the argument"):
        upgraded({"part": "blocks", "size": 3, "length": 4}, (Renamed("blocks", size="length"),))


@pytest.fixture
def called_anew(monkeypatch):
    upgrades = (
        RenamedMetric("word2vec", "total", "all"),
        RenamedRecipe("word2vec", "skip-gram", "skipgram"),
        RenamedRecipe("word2vec", "skipgram", "sg"),
        RenamedMetric("glove", "all", "none"),
    )
    rooms = {
        "upgraded_metrics": "reading",
        "upgraded_recipe": "reading",
        "earlier_names": "writing",
    }
    for name, room in rooms.items():
        changed = partial(getattr(renames, name), upgrades=upgrades)
        monkeypatch.setattr(f"replications.records.{room}.{name}", changed)


def test_metrics_and_recipes_of_a_paper_are_read_by_their_new_names(called_anew, tmp_path):
    from replications.items import FromItems

    metrics = {"total": FromItems(50.0, "percent", [1, 0]), "other": 1.0}
    older = fabricate_record(metrics=metrics, trajectory=[{"total": 1.0}])
    path = save_record(older, tmp_path)
    before = path.read_bytes()
    (record,) = load_records("word2vec", folder=tmp_path)
    assert (record.recipe, record.filename) == ("sg", path.name)
    assert record.metrics == {"all": 50.0, "other": 1.0}
    assert record.trajectory == [{"all": 1.0}]
    assert load_items(record, tmp_path)["all"].values.tolist() == [[1], [0]]
    assert not is_stale(record, FabricatedRecipe("sg"))
    assert record_path("word2vec", "sg", "laptop", 0, tmp_path) == path
    assert path.read_bytes() == before


def test_a_record_under_todays_name_takes_the_place_of_an_older_one(called_anew, tmp_path):
    older = save_record(fabricate_record(metrics={"total": 1.0}), tmp_path)
    newer = save_record(fabricate_record("sg", metrics={"all": 2.0}), tmp_path)
    (record,) = load_records("word2vec", folder=tmp_path)
    assert record.metrics == {"all": 2.0}
    assert record_path("word2vec", "sg", "laptop", 0, tmp_path) == newer != older
    nowhere = record_path("word2vec", "sg", "laptop", 1, tmp_path)
    assert nowhere.name == "sg.laptop.seed1.json"
