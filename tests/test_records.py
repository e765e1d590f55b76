import dataclasses
import errno
import json
import os
from pathlib import Path

import jsonschema
import pytest
from fabricated import FabricatedRecipe, fabricate_record

from replications.errors import ReplicationError
from replications.paths import RECORDS
from replications.records import (
    fresh,
    is_stale,
    load_record,
    load_records,
    require_writable,
    save_record,
    schema,
    stale_records,
)


def test_a_saved_record_is_read_back_as_it_was(tmp_path):
    record = fabricate_record(seed=2, metrics={"total": 0.1 + 0.2, "answered": 19})
    path = save_record(record, tmp_path)
    assert path == tmp_path / "word2vec" / "skip-gram.laptop.seed2.json"
    assert load_record(path) == record


def test_a_record_file_has_sorted_keys_indent_one_and_a_last_newline(tmp_path):
    text = save_record(fabricate_record(), tmp_path).read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True) + "\n"
    assert '\n "command": "replicate run' in text


TEXTS = [{"place": 3, "source": "Ein Hund läuft .", "score": 41.5}]


def test_texts_are_kept_to_be_read(tmp_path):
    record = fabricate_record(texts=TEXTS)
    assert load_record(save_record(record, tmp_path)).texts == TEXTS


def test_a_record_without_texts_is_read_and_written_again_byte_for_byte(tmp_path):
    older = save_record(fabricate_record(), tmp_path / "older")
    assert '"texts"' not in older.read_text(encoding="utf-8")
    record = load_record(older)
    assert record.texts == []
    assert save_record(record, tmp_path / "newer").read_bytes() == older.read_bytes()


@pytest.mark.parametrize(
    "texts",
    [
        [{"words": ["a"]}],
        [{"words": ["a"] * 200}],
        [{"word": None}],
        ["a"],
        [{"right": True}],
    ],
)
def test_texts_that_are_not_flat_are_not_recorded(tmp_path, texts):
    record = fabricate_record()
    record.texts.extend(texts)
    with pytest.raises(ReplicationError, match=r"was not recorded: texts\[0\].* not of type"):
        save_record(record, tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_saving_leaves_no_other_file_behind(tmp_path):
    save_record(fabricate_record(), tmp_path)
    save_record(fabricate_record(metrics={"total": 0.7}), tmp_path)
    assert [path.name for path in (tmp_path / "word2vec").iterdir()] == [
        "skip-gram.laptop.seed0.json"
    ]
    assert load_records("word2vec", folder=tmp_path)[0].metrics == {"total": 0.7}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_refused_by_its_place(tmp_path, value):
    record = fabricate_record(trajectory=[{"loss": 2.0}, {"loss": value}])
    with pytest.raises(ReplicationError, match=r"trajectory\[1\]\.loss is"):
        save_record(record, tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_a_full_disk_keeps_the_older_record_and_leaves_no_half_of_the_new(tmp_path, monkeypatch):
    older = fabricate_record(metrics={"total": 0.25})
    path = save_record(older, tmp_path)

    def full(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReplicationError, match="No space left on device"):
        save_record(fabricate_record(metrics={"total": 0.5}), tmp_path)
    assert load_record(path) == older
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path):
    in_the_way = tmp_path / "word2vec"
    in_the_way.write_text("a file where the folder should be")
    with pytest.raises(ReplicationError, match="Cannot write the record"):
        save_record(fabricate_record(), tmp_path)
    with pytest.raises(ReplicationError, match="Cannot write records"):
        require_writable(in_the_way)


def test_asking_whether_a_folder_is_writable_leaves_nothing_in_it(tmp_path):
    require_writable(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_run_without_the_schema_of_records_is_refused_before_it_trains(tmp_path, monkeypatch):
    monkeypatch.setattr(schema, "_SCHEMA", tmp_path / "schema.json")
    monkeypatch.setattr(schema, "_validator", schema._validator.__wrapped__)
    with pytest.raises(ReplicationError, match=r"schema\.json, which cannot be read.*git checkout"):
        require_writable(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_missing_metric_is_an_error_and_not_a_zero():
    record = fabricate_record(metrics={"total": 0.0, "semantic": 0.5})
    assert record.metric("total") == 0
    with pytest.raises(ReplicationError, match=r"no metric 'syntactic'.*semantic, total"):
        record.metric("syntactic")


def test_every_truncation_of_a_record_is_refused_by_name(tmp_path):
    path = save_record(fabricate_record(), tmp_path)
    whole = path.read_bytes()
    for length in range(0, len(whole) - 2, 97):
        path.write_bytes(whole[:length])
        with pytest.raises(ReplicationError, match=path.name):
            load_record(path)


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (b"\xff\xfe{", "not UTF-8"),
        (b"[1, 2]", "not an object"),
        (b"[" * 100_000, "not JSON"),
        (b'{"metrics": {"total": NaN}}', "it holds NaN"),
        (b"{}", "it lacks command, commit, corpora"),
    ],
)
def test_what_is_no_record_is_refused_with_the_reason(tmp_path, contents, reason):
    path = tmp_path / "skip-gram.laptop.seed0.json"
    path.write_bytes(contents)
    with pytest.raises(ReplicationError, match=reason):
        load_record(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", "0"),
        ("seed", True),
        ("metrics", {"total": "0.5"}),
        ("metrics", {"total": None}),
        ("metrics", [0.5]),
        ("trajectory", [{"loss": []}]),
        ("corpora", ["wikipedia"]),
        ("parameters", {"embedding": 1.5}),
        ("commit", None),
        ("texts", "a"),
        ("texts", [{"words": ["a"]}]),
        ("texts", [{"right": True}]),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_by_its_key(tmp_path, name, value):
    path = save_record(fabricate_record(), tmp_path)
    tree = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**tree, name: value}), encoding="utf-8")
    with pytest.raises(ReplicationError, match=rf"record: {name}[^:]*: .*is not of type"):
        load_record(path)


def test_a_number_too_large_for_a_float_is_refused(tmp_path):
    path = save_record(fabricate_record(), tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("17.25", "1e999"), encoding="utf-8")
    with pytest.raises(ReplicationError, match="seconds is inf"):
        load_record(path)


def test_a_record_under_the_name_of_another_seed_is_refused(tmp_path):
    path = save_record(fabricate_record(seed=0), tmp_path)
    renamed = path.rename(path.with_name("skip-gram.laptop.seed1.json"))
    with pytest.raises(ReplicationError, match=r"its name would be skip-gram\.laptop\.seed0\.json"):
        load_record(renamed)


def test_a_record_in_another_papers_folder_is_refused(tmp_path):
    path = save_record(fabricate_record(), tmp_path)
    (tmp_path / "glove").mkdir()
    path.rename(tmp_path / "glove" / path.name)
    with pytest.raises(ReplicationError, match="is a record of 'word2vec'"):
        load_records("glove", folder=tmp_path)


def test_records_are_listed_by_recipe_tier_and_number_of_the_seed(tmp_path):
    for recipe, tier, seed in [("b", "laptop", 0), ("a", "smoke", 0), ("a", "laptop", 10)]:
        save_record(fabricate_record(recipe, seed, tier=tier), tmp_path)
    save_record(fabricate_record("a", 9), tmp_path)
    assert [record.filename for record in load_records("word2vec", folder=tmp_path)] == [
        "a.laptop.seed9.json",
        "a.laptop.seed10.json",
        "a.smoke.seed0.json",
        "b.laptop.seed0.json",
    ]
    assert [r.filename for r in load_records("word2vec", "smoke", tmp_path)] == [
        "a.smoke.seed0.json"
    ]


def test_a_paper_without_records_has_none(tmp_path):
    assert load_records("word2vec", folder=tmp_path) == []


def test_an_edited_recipe_turns_its_records_stale_and_no_others(tmp_path):
    recipes = {"laptop": (FabricatedRecipe("skip-gram"), FabricatedRecipe("cbow"))}
    for name in ("skip-gram", "cbow"):
        save_record(fabricate_record(name), tmp_path)
    assert stale_records("word2vec", recipes, tmp_path) == []

    edited = {
        "laptop": (FabricatedRecipe("skip-gram", hash="fedcba9876543210"), recipes["laptop"][1])
    }
    assert [r.recipe for r in stale_records("word2vec", edited, tmp_path)] == ["skip-gram"]
    assert [r.recipe for r in fresh(load_records("word2vec", folder=tmp_path), edited)] == ["cbow"]
    assert is_stale(fabricate_record("skip-gram"), edited["laptop"][0])


def test_a_record_whose_recipe_is_gone_or_of_another_tier_is_stale(tmp_path):
    save_record(fabricate_record("skip-gram"), tmp_path)
    assert len(stale_records("word2vec", {"laptop": ()}, tmp_path)) == 1
    assert (
        len(stale_records("word2vec", {"smoke": (FabricatedRecipe("skip-gram"),)}, tmp_path)) == 1
    )


def test_records_agree_with_the_published_schema():
    schema = json.loads((RECORDS / "schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    tree = dataclasses.asdict(fabricate_record())
    whole = {name: value for name, value in tree.items() if name in schema["required"]}
    validator.validate(whole)
    of_reading = {"stored_as", "stored_in"}
    optional = {"texts", "items", "resumed_from", "failed"}
    assert set(tree) - of_reading == set(schema["properties"])
    assert set(schema["required"]) == set(tree) - optional - of_reading
    assert validator.is_valid({**whole, "texts": TEXTS})
    assert not validator.is_valid({**whole, "texts": [{"words": ["a"]}]})
    assert not validator.is_valid({**whole, "seed": -1})
    assert not validator.is_valid({**whole, "metrics": {"total": "high"}})
    for path in sorted(Path(RECORDS).glob("*/*.json")):
        validator.validate(json.loads(path.read_text(encoding="utf-8")))
