import io
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from fabricated import FabricatedRecipe, fabricate_record, fabricate_records

from replications.claims import Below, CostToReach, Value, scoreboard
from replications.cli.terminal import accept_any_encoding
from replications.records import save_record


def test_help_waits_for_no_heavy_package():
    program = (
        "import sys; from typer.testing import CliRunner; from replications.cli import app\n"
        "done = CliRunner().invoke(app, ['--help']); assert done.exit_code == 0, done.output\n"
        "print(*{'torch', 'lightning', 'datasets', 'gensim', 'numpy'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_list_and_claims_wait_for_no_package_that_trains(tmp_path):
    """As `doctor` does too, but for torch, which it asks for the devices."""
    program = (
        "import sys; from typer.testing import CliRunner; from replications.cli import app\n"
        "for command in ('list', 'claims'):\n"
        "    done = CliRunner().invoke(app, [command]); assert done.exit_code == 0, done.output\n"
        "heavy = {'torch', 'lightning', 'datasets', 'gensim', 'sklearn', 'matplotlib'}\n"
        "print('found:', *heavy & sys.modules.keys())"
    )
    settings = {**os.environ, "REPLICATIONS_CACHE": str(tmp_path)}
    # The first time, the recipes themselves are read; from then on, what was noted of them.
    for found in ("found: ", "found:\n"):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, env=settings
        )
        assert done.returncode == 0, done.stderr
        assert found in done.stdout
    assert "Reading the chapters' recipes" not in done.stderr


def test_no_chapter_waits_for_what_one_recipe_of_it_trains_with():
    program = (
        "import sys; from replications.papers import PAPERS\n"
        "for paper in PAPERS.values(): paper.RECIPES\n"
        "print(*{'gensim', 'sklearn.linear_model', 'datasets'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("list",),
        ("run",),
        ("claims",),
        ("data",),
        ("data", "fetch"),
        ("data", "export"),
        ("doctor",),
    ],
)
def test_every_command_explains_itself(stage, words):
    done = stage.run(*words, "--help")
    assert done.exit_code == 0
    assert "Usage: " in done.stdout


def test_a_misspelt_command_is_told_the_right_one(stage):
    done = stage.run("lits")
    assert done.exit_code == 2
    assert "list" in done.stderr


def test_list_shows_what_each_tier_needs(stage):
    save_record(fabricate_record(tier="laptop", peak_memory_bytes=1_250_000_000), stage.records)
    done = stage.run("list")
    assert done.exit_code == 0
    assert "1. word2vec: Words as vectors" in done.stdout
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert lines["laptop"].strip() == (
        "laptop  2 recipes; about 14 min a seed; 1.2 GB of memory; "
        "wikipedia-en-2018 (needs download)"
    )
    assert "memory not measured yet; gensim-wikipedia (cache)" in lines["smoke"]
    assert "`replicate run word2vec --tier smoke`" in done.stdout


def test_list_counts_own_recipes_alone(stage):
    before = stage.run("list").stdout
    stage.papers["word2vec"].BORROWED = {"earlier": (FabricatedRecipe("borrowed"),)}
    assert stage.run("list").stdout == before


def test_a_level_that_was_never_reached_is_no_missing_measurement(stage):
    level = CostToReach("skip-gram", "loss", Value("cbow", "total"), cost="seconds")
    (claim,) = stage.papers["word2vec"].CLAIMS
    claim = replace(claim, measure=level, criterion=Below(1))
    stage.papers["word2vec"].CLAIMS = (claim,)
    record_all(stage, [30.0] * 3, [20.0] * 3)
    done = stage.run("claims")
    assert done.exit_code == 0
    assert "contradicted at this scale" in done.stdout
    assert "ours:  no value, tier laptop" in done.stdout
    assert "At seed 2, loss of `skip-gram` never reached 20" in " ".join(done.stdout.split())
    (line,) = stage.run("claims", "--json").stdout.splitlines()
    assert json.loads(line)["measured"] is None


def record_all(stage, skip_gram, cbow):
    for record in fabricate_records("skip-gram", skip_gram) + fabricate_records("cbow", cbow):
        save_record(record, stage.records)


def test_claims_shows_the_papers_value_ours_the_criterion_and_the_verdict(stage):
    record_all(stage, [30.0, 31.0, 32.0], [20.0, 20.0, 23.0])
    done = stage.run("claims", "word2vec")
    assert done.exit_code == 0
    assert "skip-gram-beats-cbow: reproduced in direction" in done.stdout
    assert "paper: skip-gram: 55, CBOW: 24 % (Table 3)" in done.stdout
    assert "ours:  10.0 [5.7, 14.3] %, 3 seeds, tier laptop" in done.stdout
    assert "asked: the interval lies above 0" in done.stdout
    assert "note:  The interval does not reach 15.5" in done.stdout
    assert "1 claim: 1 reproduced in direction." in done.stdout


def test_a_claim_that_did_not_reproduce_is_no_failure_of_the_command(stage):
    record_all(stage, [30.0, 31.0, 2.0], [20.0, 20.0, 23.0])
    done = stage.run("claims")
    assert done.exit_code == 0
    assert "skip-gram-beats-cbow: undecided" in done.stdout
    assert "note:  " in done.stdout


def test_claims_as_json_are_one_object_a_line_and_nothing_else(stage):
    record_all(stage, [30.0, 31.0, 32.0], [20.0, 20.0, 23.0])
    done = stage.run("claims", "--json")
    (line,) = done.stdout.splitlines()
    tree = json.loads(line)
    assert (tree["paper"], tree["claim"]) == ("word2vec", "skip-gram-beats-cbow")
    assert (tree["measured"], tree["verdict"]) == (10, "reproduced in direction")
    assert (tree["look"], tree["covers"], tree["role"]) == (3, "seeds", "primary")
    assert tree["half_width"] == pytest.approx(tree["measured"] - tree["low"])
    assert {"detectable_effect", "p"} < tree.keys()


def test_claims_without_records_say_so(stage):
    done = stage.run("claims")
    assert "not measured yet" in done.stdout
    assert "0 of 3 seeds are recorded." in done.stdout
    assert "1 claim: no records yet." in done.stdout
    assert json.loads(stage.run("claims", "--json").stdout)["measured"] is None


def test_claims_of_an_unknown_paper_list_the_known_ones(stage):
    done = stage.run("claims", "glove")
    assert done.exit_code == 1
    assert "Valid: word2vec." in done.stderr


def test_a_damaged_record_is_named_without_a_traceback(stage):
    record_all(stage, [30.0], [20.0])
    path = stage.records / "word2vec" / "cbow.laptop.seed0.json"
    path.write_bytes(path.read_bytes()[:100])
    done = stage.run("claims")
    assert done.exit_code == 1
    assert str(path) in done.stderr
    assert "Traceback" not in done.output


def test_the_scoreboard_is_written_between_the_readmes_markers(stage):
    record_all(stage, [30.0, 31.0, 32.0], [20.0, 20.0, 23.0])
    stage.readme.write_text(f"before\n{scoreboard.BEGIN}\nearlier\n{scoreboard.END}\nafter\n")
    assert stage.run("claims", "--write-readme").exit_code == 0
    text = stage.readme.read_text()
    assert text.startswith(f"before\n{scoreboard.BEGIN}\n1 claim: 1 reproduced in direction.")
    assert text.endswith(f"|\n\n</details>\n{scoreboard.END}\nafter\n")
    assert "earlier" not in text
    assert stage.run("claims", "word2vec", "--write-readme").exit_code == 2


def test_data_list_says_what_to_fetch(stage):
    done = stage.run("data", "list")
    assert "wikipedia-en-2018: needs download" in done.stdout
    assert (
        "real; CC BY-SA 3.0; 43.5 MB prepared, 255 MB to download; splits: train, test"
        in done.stdout
    )
    assert "caveat: What wikipedia-en-2018 is not." in done.stdout
    assert "`replicate data fetch wikipedia-en-2018`" in done.stdout


def test_data_fetch_brings_all_or_those_named_and_points_at_other_rows(stage):
    done = stage.run("data", "fetch", "wikipedia-en-2018", "--allow-different-data")
    assert stage.corpora.fetched == [("wikipedia-en-2018", True)]
    assert "wikipedia-en-2018, train: 8000 rows from mirror\n" in done.stdout
    assert "wikipedia-en-2018, test: 200 rows from mirror: NOT the registered rows" in done.stdout
    stage.run("data", "fetch")
    assert [name for name, _ in stage.corpora.fetched[1:]] == [
        "gensim-wikipedia",
        "wikipedia-en-2018",
    ]


def test_data_fetch_without_a_network_fails_with_what_was_tried(stage):
    stage.corpora.network = False
    done = stage.run("data", "fetch", "wikipedia-en-2018")
    assert done.exit_code == 1
    assert "Tried: no mirror" in done.stderr


def test_data_verify_passes_over_what_is_not_here_unless_it_is_named(stage):
    done = stage.run("data", "verify")
    assert done.exit_code == 0
    assert "gensim-wikipedia, train: as registered" in done.stdout
    named = stage.run("data", "verify", "wikipedia-en-2018")
    assert named.exit_code == 1
    assert "not on this machine" in named.stderr


def test_data_verify_fails_on_another_fingerprint(stage):
    stage.corpora.damaged = {"gensim-wikipedia"}
    done = stage.run("data", "verify")
    assert done.exit_code == 1
    assert f"fingerprint {'d' * 64}, registered is {'a' * 64}" in done.stderr


def test_an_unknown_corpus_is_an_error_with_the_closest_name(stage):
    done = stage.run("data", "verify", "wikipedia-en-2019")
    assert done.exit_code == 1
    assert "Did you mean" in done.stderr


def test_of_a_corpus_only_the_splits_are_asked_for_that_a_paper_names(stage):
    stage.papers["word2vec"].CORPORA["laptop"] = ("wikipedia-en-2018:test",)
    assert "laptop: no" in stage.run("doctor").stdout
    stage.corpora.splits_here = {"test"}
    assert "laptop: yes" in stage.run("doctor").stdout
    assert "wikipedia-en-2018:test (cache)" in stage.run("list").stdout
    assert stage.run("data", "fetch", "wikipedia-en-2018:test").exit_code == 0
    assert stage.corpora.fetched == [("wikipedia-en-2018:test", False)]


def test_a_tier_that_names_no_corpora_needs_none(stage):
    stage.papers["word2vec"].RECIPES["gpu"] = (FabricatedRecipe("large"),)
    listed = stage.run("list").stdout
    assert "gpu     1 recipe; time by device; memory not measured yet; no corpus" in listed
    assert "--tier gpu --dry-run" in listed
    assert "gpu: " in stage.run("doctor").stdout


def test_a_stream_that_takes_ascii_alone_is_written_the_nearest_characters():
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="ascii")
    accept_any_encoding(stream)
    stream.write("\N{MINUS SIGN}0.5 caf\N{LATIN SMALL LETTER E WITH ACUTE} \N{CJK RADICAL REPEAT}")
    stream.flush()
    assert written.getvalue() == b"-0.5 cafe ?"


def test_claims_can_be_read_where_the_terminal_takes_ascii_alone():
    command = [sys.executable, "-m", "replications.cli", "claims", "word2vec"]
    settings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, env=settings)
    assert done.returncode == 0, done.stderr
    assert b"word2vec" in done.stdout


def test_own_records_are_judged_and_never_shown_on_the_scoreboard(stage, tmp_path):
    for seed in range(3):
        for name, total in (("skip-gram", 30.0), ("cbow", 20.0)):
            record = fabricate_record(name, seed, {"total": total + seed / 10}, tier="laptop")
            save_record(record, tmp_path / "mine")
    judged = stage.run("claims", "word2vec", "--json", "--records", str(tmp_path / "mine"))
    assert json.loads(judged.stdout)["measured"] == 10
    refused = stage.run("claims", "--write-readme", "--records", str(tmp_path / "mine"))
    assert refused.exit_code == 2
    missing = stage.run("claims", "--records", str(tmp_path / "none"))
    assert missing.exit_code == 1
    assert "There is no folder of records" in missing.stderr
