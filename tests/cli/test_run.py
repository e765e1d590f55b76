import pytest
from fabricated import FabricatedRecipe, fabricate_record

from replications.cli.run import _LAUNCHED
from replications.cli.run_options import ProgressLines, one_line
from replications.records import load_records, save_record
from replications.training import shares
from replications.training.jobs import Job
from replications.training.progress import Progress


def names(stage):
    return [record.filename for record in load_records("word2vec", folder=stage.records)]


def test_seeds_are_the_outer_loop_and_recipes_the_inner(stage):
    done = stage.run("run", "word2vec", "--tier", "laptop", "--seeds", "2", "--seed-from", "1")
    assert done.exit_code == 0
    assert stage.fit.order == [(1, "skip-gram"), (1, "cbow"), (2, "skip-gram"), (2, "cbow")]
    assert names(stage) == [
        "cbow.laptop.seed1.json",
        "cbow.laptop.seed2.json",
        "skip-gram.laptop.seed1.json",
        "skip-gram.laptop.seed2.json",
    ]
    assert "cbow, seed 2: total 20, answered 0.125 (17 s)" in done.stdout
    assert "Next: `replicate claims word2vec`" in done.stdout
    assert "git add" in done.stdout


def test_a_dry_run_shows_the_runs_that_the_same_command_makes(stage):
    words = ("run", "word2vec", "--tier", "laptop", "--seeds", "2", "--resume")
    save_record(fabricate_record("cbow", 0), stage.records)
    shown = stage.run(*words, "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert stage.fit.calls == []
    rows = [line.split()[1:3] for line in shown.stdout.splitlines() if line.startswith("word2vec ")]
    assert stage.run(*words).exit_code == 0
    assert [(int(seed), recipe) for recipe, seed in rows] == stage.fit.order
    assert stage.run(*words, "--dry-run").stdout.splitlines()[-1] == "Nothing is left to be run."
    refused = stage.run("run", "word2vec", "--tier", "laptop", "--dry-run")
    assert refused.exit_code == 1 and "2 of the 2 records already" in refused.stderr


def test_a_dry_run_shows_a_start_that_has_to_be_trained_again(stage):
    start = FabricatedRecipe("skip-gram", training_hash="0" * 16)
    stage.papers["word2vec"].RECIPES["smoke"] = (start, FabricatedRecipe("cbow", start=start))
    shown = stage.run("run", "word2vec", "--only", "cbow", "--dry-run")
    rows = [line for line in shown.stdout.splitlines() if line.startswith("word2vec ")]
    assert [row.split()[1] for row in rows] == ["skip-gram", "cbow"]
    assert "skip-gram (start, again)" in rows[0]


def test_borrowed_recipes_are_never_run(stage):
    stage.papers["word2vec"].BORROWED = {"earlier": (FabricatedRecipe("borrowed"),)}
    assert stage.run("run", "word2vec", "--tier", "laptop").exit_code == 0
    assert stage.fit.order == [(0, "skip-gram"), (0, "cbow")]
    named = stage.run("run", "word2vec", "--tier", "laptop", "--only", "borrowed")
    assert named.exit_code == 1
    assert "Valid: skip-gram, cbow." in named.stderr


def test_training_is_told_all_that_was_asked(stage, cache):
    stage.run("run", "word2vec", "--only", "cbow", "--allow-different-data", "--resume")
    (call,) = stage.fit.calls
    assert callable(call.pop("progress"))
    assert call == {
        "recipe": "cbow",
        "paper": "word2vec",
        "tier": "smoke",
        "seed": 0,
        "device": "cpu",
        "resume": True,
        "checkpoints": cache / "runs" / "word2vec" / "cbow.smoke.seed0-0123456789abcdef",
        "different_data": True,
    }


def test_the_tier_can_come_from_the_environment(stage, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_TIER", "laptop")
    assert stage.run("run", "word2vec").exit_code == 0
    assert {call["tier"] for call in stage.fit.calls} == {"laptop"}


def test_only_keeps_the_order_given_and_trains_nothing_twice(stage):
    stage.run("run", "word2vec", "--only", "cbow", "--only", "skip-gram", "--only", "cbow")
    assert stage.fit.order == [(0, "cbow"), (0, "skip-gram")]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("wordvec",), "There is no paper 'wordvec'. Did you mean 'word2vec'? Valid: word2vec."),
        (
            ("word2vec", "--tier", "labtop"),
            "word2vec has no tier 'labtop'; it has: smoke, laptop. Did you mean 'laptop'?",
        ),
        (
            ("word2vec", "--only", "skipgram"),
            "There is no recipe 'skipgram'. Did you mean 'skip-gram'? Valid: skip-gram, cbow.",
        ),
        (("word2vec", "--device", "gpu"), "There is no device 'gpu'."),
    ],
)
def test_a_misspelt_name_is_an_error_with_the_closest_and_all_valid_ones(stage, words, complaint):
    done = stage.run("run", *words)
    assert done.exit_code == 1
    assert complaint in done.stderr
    assert "Traceback" not in done.output
    assert stage.fit.calls == []


def test_a_device_that_is_not_here_is_refused_before_training(stage, monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    done = stage.run("run", "word2vec", "--device", "cuda")
    assert done.exit_code == 1
    assert "finds no cuda device" in done.stderr
    assert stage.fit.calls == []


def test_training_is_told_how_batches_are_shared_and_whole_ones_need_no_word(stage, monkeypatch):
    monkeypatch.setattr("replications.cli.run_options.os.cpu_count", lambda: 4)
    monkeypatch.setattr(shares, "has_shares", lambda recipe: True)
    done = stage.run("run", "word2vec", "--only", "cbow", "--devices", "2", "--parts", "3")
    assert done.exit_code == 0, done.output
    (call,) = stage.fit.calls
    assert (call["devices"], call["parts"]) == (2, 3)
    assert "nodes" not in call


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--devices", "5"), "--devices 5: this machine has 4 processor core(s)"),
        (("--devices", "2", "--device", "cuda"), "--devices 2: this machine has 1 cuda device(s)"),
        (("--devices", "2", "--within", "9m"), "go with one chapter at once"),
        (("--parts", "2", "--workers", "2"), "go with one chapter at once"),
        (("--devices", "2"), "trains in place or without Lightning"),
    ],
)
def test_devices_that_are_not_there_or_cannot_share_are_told(stage, monkeypatch, words, told):
    import torch

    monkeypatch.setattr("replications.cli.run_options.os.cpu_count", lambda: 4)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    done = stage.run("run", "word2vec", *words)
    assert done.exit_code == 1
    assert told in done.stderr
    assert stage.fit.calls == []


@pytest.mark.parametrize(
    "words",
    [("--seeds", "0"), ("--seed-from", "-1"), ("--seed-from", "4294967296"), ("--seeds", "three")],
)
def test_a_number_of_seeds_that_makes_no_sense_is_refused(stage, words):
    assert stage.run("run", "word2vec", *words).exit_code == 2
    assert stage.fit.calls == []


def test_corpora_that_cannot_be_had_stop_the_run_before_training(stage):
    stage.corpora.network = False
    done = stage.run("run", "word2vec", "--tier", "laptop")
    assert done.exit_code == 1
    assert "wikipedia-en-2018, split train: cannot be had here" in done.stderr
    assert stage.fit.calls == []


def test_corpora_that_are_not_here_are_fetched_first(stage):
    stage.run("run", "word2vec", "--tier", "laptop")
    assert stage.corpora.fetched == [("wikipedia-en-2018", False)]


def test_a_records_folder_that_cannot_be_written_stops_the_run_before_training(stage):
    stage.records.write_text("a file where the folder should be")
    done = stage.run("run", "word2vec")
    assert done.exit_code == 1
    assert "Cannot write records to" in done.stderr
    assert stage.fit.calls == []


def test_resume_trains_again_what_an_edited_recipe_made_stale(stage):
    stage.run("run", "word2vec")
    cbow = stage.papers["word2vec"].RECIPES["smoke"][1]
    edited = FabricatedRecipe("skip-gram", hash="fedcba9876543210")
    stage.papers["word2vec"].RECIPES["smoke"] = (edited, cbow)
    refused = stage.run("run", "word2vec", "--resume")
    assert refused.exit_code == 1
    assert "has 1 of the 2 records already of an older recipe" in refused.stderr
    assert len(stage.fit.calls) == 2
    stage.run("run", "word2vec", "--resume", "--replace")
    assert stage.fit.order[2:] == [(0, "skip-gram")]


def test_records_are_replaced_only_where_that_is_asked_for(stage, tmp_path):
    stage.run("run", "word2vec", "--only", "cbow")
    refused = stage.run("run", "word2vec")
    assert refused.exit_code == 1
    assert "has 1 of the 2 records already, such as cbow.smoke.seed0.json" in refused.stderr
    for way_out in ("--resume keeps them", "--records FOLDER", "--replace replaces"):
        assert way_out in refused.stderr
    assert len(stage.fit.calls) == 1
    assert stage.run("run", "word2vec", "--replace").exit_code == 0
    assert len(stage.fit.calls) == 3


def test_records_and_checkpoints_have_a_place_of_their_own_where_one_is_named(stage, tmp_path):
    stage.run("run", "word2vec", "--only", "cbow")
    mine, runs = tmp_path / "mine", tmp_path / "runs"
    done = stage.run(
        "run", "word2vec", "--only", "cbow", "--records", str(mine), "--checkpoints", str(runs)
    )
    assert done.exit_code == 0
    assert f"The records are in {mine / 'word2vec'}." in done.stdout
    assert [record.recipe for record in load_records("word2vec", folder=mine)] == ["cbow"]
    assert stage.fit.calls[1]["checkpoints"].parent == runs / "word2vec"


def test_a_tier_without_claims_says_so(stage):
    done = stage.run("run", "word2vec", "--tier", "smoke")
    assert "No claim is judged at tier smoke (claims are at: laptop)" in done.stdout


def test_a_tier_that_the_environment_names_is_told_from_one_that_was_typed(stage, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_TIER", "labtop")
    said = "it has: smoke, laptop. Did you mean 'laptop'?"
    assert f"{said} The variable REPLICATIONS_TIER names it." in stage.run("run", "word2vec").stderr
    assert "REPLICATIONS_TIER" not in stage.run("run", "word2vec", "--tier", "smok").stderr


def test_without_a_terminal_a_line_says_now_and_then_where_a_run_is():
    said, now = [], [0.0]
    lines = ProgressLines(said.append, lambda: now[0])
    job = Job("word2vec", "smoke", FabricatedRecipe("cbow"), 0)
    for seconds, epoch, loss in [(0, 0, None), (29, 0, None), (30, 0, None), (32, 1, 4.25)]:
        now[0] = seconds
        lines(job, Progress(epoch, 8, loss, 90.0))
    for seconds in (35, 36, 64, 65):
        now[0] = seconds
        lines(job, Progress(1, 8, 4.25, None))
    assert said == [
        "word2vec cbow, seed 0: epoch 1 of 8, 1.5 min of training left",
        "word2vec cbow, seed 0: epoch 2 of 8, loss 4.25",
        "word2vec cbow, seed 0: epoch 2 of 8, loss 4.25",
    ]


def test_a_run_with_many_metrics_is_still_a_line_to_read(stage):
    metrics = {f"metric_{number}": 0.5 for number in range(30)}
    line = one_line(fabricate_record("cbow", 1, metrics))
    assert line == ("cbow, seed 1: metric_0 0.5, metric_1 0.5, metric_2 0.5, 27 more (17 s)")


@pytest.mark.parametrize("device", ["mps", "gpu", "cuda:0"])
def test_a_dry_run_refuses_a_device_that_no_run_takes(stage, device):
    done = stage.run("run", "word2vec", "--device", device, "--dry-run")
    assert done.exit_code == 1
    assert f"There is no device '{device}'" in done.stderr


def test_several_machines_need_to_know_which_one_each_is(stage, monkeypatch):
    for name in ("MASTER_ADDR", "MASTER_PORT", "NODE_RANK", *_LAUNCHED):
        monkeypatch.delenv(name, raising=False)
    done = stage.run("run", "word2vec", "--num-nodes", "2")
    assert done.exit_code == 1
    for word in ("MASTER_ADDR, MASTER_PORT, NODE_RANK not set", "REPLICATIONS_CACHE"):
        assert word in done.stderr
    monkeypatch.setenv("SLURM_NTASKS", "2")
    assert "NODE_RANK" not in stage.run("run", "word2vec", "--num-nodes", "2").stderr


def test_to_replace_fresh_records_takes_a_chapter_alone(stage):
    words = ("run", "word2vec", "--tier", "laptop")
    assert stage.run(*words).exit_code == 0
    done = stage.run(*words, "--seeds", "1", "--workers", "2", "--replace")
    assert done.exit_code == 1
    assert "`replicate run PAPER --replace`" in done.stderr
