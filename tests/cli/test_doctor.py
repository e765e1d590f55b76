"""`replicate doctor`: whether this machine can run which tier, and how fast it is."""

import json
from types import SimpleNamespace

from fabricated import FabricatedRecipe, fabricate_record

from replications.records import save_record


def test_doctor_says_yes_or_why_not_for_each_tier(stage):
    done = stage.run("doctor")
    assert done.exit_code == 0
    assert "smoke: yes" in done.stdout
    assert "laptop: no" in done.stdout
    assert "Not on this machine: wikipedia-en-2018. Run `replicate data fetch" in done.stdout
    assert "`replicate run PAPER --tier smoke`" in done.stdout


def test_doctor_as_json_holds_the_same_facts(stage, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_MIRROR", "/somewhere")
    tree = json.loads(stage.run("doctor", "--json").stdout)
    assert tree["device_memory_bytes"]["cpu"] == tree["memory_bytes"]
    assert "measured" not in tree
    assert {"python", "torch", "threads", "memory_bytes", "free_disk_bytes", "devices"} < set(tree)
    assert tree["mirror"] == "/somewhere"
    assert tree["tiers"]["smoke"] == {"able": True, "why_not": []}
    assert tree["tiers"]["laptop"]["able"] is False


def test_doctor_measures_each_device_and_says_how_long_a_seed_of_each_chapter_takes(
    stage, monkeypatch
):
    rates = {"fp32": 60e9, "bf16": 250e9}
    monkeypatch.setattr("replications.training.estimates.product_rates", lambda device: rates)
    stage.papers["word2vec"].RECIPES["gpu"] = (FabricatedRecipe("large"),)
    assert "not measured: `replicate doctor --measure`" in stage.run("doctor").stdout
    told = stage.run("doctor", "--measure").stdout
    assert "cpu      fp32 60, bf16 250 billion operations a second" in told
    # Two recipes of 1.5 and 12 minutes, and three seconds each for data and measures.
    assert "word2vec           smoke 14 min on cpu; laptop 14 min on cpu" in told
    measured = json.loads(stage.run("doctor", "--measure", "--json").stdout)["measured"]
    assert measured["operations_per_second"] == {"cpu": rates}
    assert measured["seconds_a_seed"]["word2vec"] == {"smoke": {"cpu": 816}, "laptop": {"cpu": 816}}


def test_a_products_rate_is_its_operations_over_the_time_that_it_took(monkeypatch):
    from replications.training import estimates

    ticks = iter(range(100))
    clock = SimpleNamespace(perf_counter=lambda: next(ticks) / 4)
    monkeypatch.setattr(estimates, "time", clock)
    rates = estimates.product_rates("cpu", seconds=0.6)
    # Three products of 1024 by 1024, a quarter of a second each.
    assert rates == {"fp32": 4 * 2 * 1024**3, "bf16": 4 * 2 * 1024**3}


def test_doctor_fails_when_not_even_smoke_can_run(stage):
    stage.records.write_text("a file where the folder should be")
    done = stage.run("doctor")
    assert done.exit_code == 1
    assert "smoke: no" in done.stdout
    assert "Cannot write records to" in done.stdout


def test_doctor_takes_the_memory_that_records_measured(stage):
    save_record(fabricate_record(tier="smoke", peak_memory_bytes=10**15), stage.records)
    done = stage.run("doctor")
    assert done.exit_code == 1
    assert "of memory; this tier takes 1250000.0 GB" in done.stdout


def test_doctor_says_no_where_the_cache_cannot_be_made(stage, tmp_path, monkeypatch):
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("")
    monkeypatch.setenv("REPLICATIONS_CACHE", str(in_the_way / "cache"))
    done = stage.run("doctor")
    assert done.exit_code == 1
    assert "smoke: no" in done.stdout
    assert "name another folder with REPLICATIONS_CACHE" in done.stdout
