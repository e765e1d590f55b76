"""What a run records, and that it depends on its seed alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pyarrow
import pyarrow.parquet
import pytest
import torch
from tiny_corpus import TinyCorpus
from tiny_text import text_of, world_recipe
from world_runs import path_of, run

from replications import paths
from replications.corpora.batches.arrangements import in_reading_order
from replications.corpora.batches.labelled_batches import LabelledBatches
from replications.corpora.batches.word_blocks import WordBlocks
from replications.corpora.loading import corpora_read, different_data_allowed, load_corpus
from replications.corpora.store.fingerprint import fingerprint_rows
from replications.corpora.texts.documents import corpus_documents
from replications.corpora.texts.learned_tokenizers import byte_level
from replications.corpora.texts.story_verdicts import story_verdicts
from replications.errors import ReplicationError
from replications.metrics.measuring import measure
from replications.metrics.word_vectors import analogies
from replications.metrics.word_vectors.analogies import analogy_accuracy
from replications.objectives.word_vectors import WordVectorObjective
from replications.recipes import TrainedModel
from replications.tokens.words import Vocabulary
from replications.training.fit import fit, prepare_data

ORIGIN = {"commit": "unknown", "command": "", "device": "", "date": "", "versions": {}}


def test_the_record_says_what_was_run_and_what_it_cost(unbroken):
    record, vectors = unbroken
    recipe = world_recipe()
    words = len(vectors)
    assert (record.paper, record.recipe, record.tier, record.seed) == (
        "word2vec",
        "skip-gram",
        "smoke",
        0,
    )
    assert record.recipe_hash == recipe.hash
    assert record.recipe_parts == recipe.describe()
    assert record.parameters == {"embedding": 8 * words, "other": 8 * words}
    assert record.tokens_seen == 4 * 2_996
    assert [corpus["kind"] for corpus in record.corpora] == ["synthetic"]
    assert record.flops > 0
    assert 0 < record.seconds < 60
    assert record.peak_memory_bytes > 10e6
    assert set(record.metrics) == {"world_analogies", "world_questions"}


def test_the_trajectory_has_a_point_for_each_epoch_and_the_loss_falls(unbroken):
    record, _ = unbroken
    assert [point["epoch"] for point in record.trajectory] == [1, 2, 3, 4]
    assert [point["tokens"] for point in record.trajectory] == [2_996, 5_992, 8_988, 11_984]
    for name in ("seconds", "processor_seconds", "flops"):
        values = [point[name] for point in record.trajectory]
        assert values == sorted(values)
        assert values[0] > 0
    losses = [point["loss"] for point in record.trajectory]
    assert losses == sorted(losses, reverse=True)


def diverges(model, data):
    raise AssertionError("A network that diverged is not measured.")


def not_a_number(model, data):
    return {"fine": 1.0, "ratio": float("nan")}


def test_a_run_whose_loss_is_not_finite_is_not_measured_and_says_so(monkeypatch):
    mean_loss = WordVectorObjective.mean_loss

    def sometimes(model, *parts):
        loss = mean_loss(model, *parts)
        return loss * float("nan") if model.current_epoch == 2 else loss

    monkeypatch.setattr(WordVectorObjective, "mean_loss", sometimes)
    record = run(world_recipe(metrics=(diverges,))).record
    assert record.failed == {"how": "diverged", "why": "loss is nan after epoch 3"}
    assert [point["epoch"] for point in record.trajectory] == [1, 2]
    assert (record.metrics, record.texts) == ({}, [])
    # It took what it took.
    assert record.tokens_seen == 4 * 2_996
    assert record.flops > record.trajectory[-1]["flops"]


def test_a_run_with_a_metric_that_is_not_finite_says_so_and_keeps_its_trajectory():
    record = run(world_recipe(metrics=(not_a_number,))).record
    assert record.failed == {"how": "diverged", "why": "ratio is nan"}
    assert (record.metrics, len(record.trajectory)) == ({}, 4)


def test_the_loss_of_an_epoch_is_the_mean_of_those_that_were_taken_in_it(monkeypatch):
    taken = []
    mean_loss = WordVectorObjective.mean_loss

    def noted(model, *parts):
        loss = mean_loss(model, *parts)
        taken.append((model.current_epoch, loss.item()))
        return loss

    monkeypatch.setattr(WordVectorObjective, "mean_loss", noted)
    record, _, _ = run()
    for epoch, point in enumerate(record.trajectory):
        losses = [loss for number, loss in taken if number == epoch]
        assert len(set(losses)) > 1
        assert point["loss"] == pytest.approx(sum(losses) / len(losses), rel=1e-5)


def test_the_same_seed_gives_the_same_bits_and_another_seed_others(unbroken):
    first, vectors = unbroken
    again, model, _ = run()
    assert torch.equal(model.vectors, vectors)
    assert again.metrics == first.metrics
    assert path_of(again) == path_of(first)
    other, model, _ = run(seed=1)
    assert path_of(other) != path_of(first)
    assert other.corpora[0]["sha256"] != first.corpora[0]["sha256"]


def test_what_was_drawn_before_the_run_does_not_change_it(unbroken):
    torch.manual_seed(1234)
    torch.rand(77)
    assert torch.equal(run()[1].vectors, unbroken[1])


def test_another_seed_alone_changes_the_vectors_of_one_text():
    text = text_of("a b c d e a b c", "d e a")

    def one_text(seed):
        return text

    data = partial(WordBlocks, text=one_text, subsample=None)
    recipe = replace(world_recipe(), data=data, metrics=())
    models = [run(recipe, seed)[1] for seed in (0, 1)]
    assert not torch.equal(models[0].vectors, models[1].vectors)


def test_watching_the_metrics_does_not_change_the_run(unbroken):
    def slow(model, data):
        slow.calls += 1
        return {"calls": float(slow.calls)}

    slow.calls = 0
    record, model, _ = run(world_recipe(watched=True, metrics=(slow,)))
    assert torch.equal(model.vectors, unbroken[1])
    assert [point["calls"] for point in record.trajectory] == [1, 2, 3, 4]
    assert record.metrics == {"calls": 5}


def test_skip_gram_solves_the_worlds_analogies_and_the_shuffled_control_does_not():
    numbers = {}
    for shuffled in (False, True):
        recipe = world_recipe(tokens=30_000, epochs=15, dimension=32, shuffled=shuffled)
        numbers[shuffled] = fit(recipe, paper="word2vec", tier="smoke", seed=0).record.metrics
    assert numbers[False]["world_questions"] == numbers[True]["world_questions"] == 528
    assert numbers[False]["world_analogies"] >= 95
    assert numbers[True]["world_analogies"] < 20


def test_a_text_of_which_subsampling_leaves_no_word_is_an_error():
    def one_text(seed):
        return text_of("a b a b")

    data = partial(WordBlocks, text=one_text, subsample=1e-12)
    with pytest.raises(ReplicationError, match="Of the text's 4 words none is left"):
        run(replace(world_recipe(), data=data, metrics=()))


def test_the_texts_of_a_run_are_recorded_and_change_nothing_else(unbroken):
    def words(model, data, *, count=2):
        return [{"word": word, "place": i} for i, word in enumerate(data.vocabulary.words[:count])]

    record, model, data = run(replace(world_recipe(), texts=words))
    assert record.texts == [
        {"word": word, "place": i} for i, word in enumerate(data.vocabulary.words[:2])
    ]
    assert record.recipe_parts["texts"]["count"] == 2
    assert torch.equal(model.vectors, unbroken[1])
    assert record.metrics == unbroken[0].metrics
    assert unbroken[0].texts == []


@pytest.mark.parametrize(("works_on", "named"), [(None, ("", 7)), ("cpu", ("the cpu", 5))])
def test_a_record_names_where_a_run_has_worked_and_metrics_are_taken_where_it_was_asked(
    works_on, named, monkeypatch
):
    moved = []

    class Model(torch.nn.Module):
        def to(self, device):
            moved.append(device)

    def learner(data, metrics, workspace):
        return TrainedModel(Model(), {"other": 0}, 1.0, 1.0, [{"tokens": 3}], device=works_on)

    def moves(model, data):
        return {"moves": float(len(moved))}

    monkeypatch.setattr("replications.training.fit.provenance", lambda device: dict(ORIGIN))
    memory = {"cuda": 7, "cpu": 5}
    monkeypatch.setattr("replications.training.fit.forget_peak_memory", memory.__getitem__)
    monkeypatch.setattr("replications.training.fit.peak_memory_bytes", memory.__getitem__)
    monkeypatch.setattr("replications.training.fit.device_name", "the {}".format)
    recipe = replace(world_recipe(), learner=partial(learner), metrics=(moves,))
    record, _, _ = run(recipe, device="cuda")
    assert moved == ["cuda"]
    assert (record.device, record.peak_memory_bytes) == named
    assert record.metrics == {"moves": 1}


def test_two_metrics_of_one_name_are_an_error():
    with pytest.raises(ReplicationError, match="both named 'total'"):
        measure((lambda model, data: {"total": 1.0},) * 2, None, prepare_data(world_recipe(), 0))


@pytest.fixture
def other_rows(tmp_path, monkeypatch):
    """A registered corpus "tiny" of documents, of which the mirror has other ones."""
    corpus = TinyCorpus(tmp_path)
    split = corpus.entry["splits"]["train"] | {"columns": {"text": "string"}}
    corpus.entry["splits"] = {
        name: split | {"prepared": {f"tiny/{name}.parquet": "0" * 64}}
        for name in ("train", "validation", "test")
    }
    corpus.entry["origins"][0]["splits"] = ["train", "validation", "test"]
    corpus.register()
    (corpus.mirror / "tiny").mkdir()
    for name in corpus.entry["splits"]:
        rows = pyarrow.table({"text": [f"other words to {name} on"]})
        pyarrow.parquet.write_table(rows, corpus.mirror / "tiny" / f"{name}.parquet")
    monkeypatch.setattr(paths, "REGISTRY", corpus.registry)
    monkeypatch.setenv("REPLICATIONS_CACHE", str(corpus.cache))
    monkeypatch.setenv("REPLICATIONS_MIRROR", str(corpus.mirror))


def test_different_data_are_taken_of_every_source_but_only_where_the_user_says_so(other_rows):
    # What a classifier was pre-trained on is no `text` of its data module.
    source = partial(
        LabelledBatches,
        text=partial(story_verdicts, items=8),
        pretraining=partial(corpus_documents, corpus="tiny"),
        tokenizer=byte_level,
        arrange=in_reading_order,
    )
    recipe = replace(world_recipe(), data=source)
    with pytest.raises(ReplicationError, match="tiny, split train.*--allow-different-data"):
        prepare_data(recipe, 0)
    with different_data_allowed():
        data = prepare_data(recipe, 0)
    assert {each.split: each.expected for each in data.identities if each.name == "tiny"} == {
        "train": False,
        "validation": False,
        "test": False,
    }


def test_a_record_names_the_corpora_that_its_metrics_read(other_rows):
    def documents(model, data):
        return {"documents": float(len(load_corpus("tiny", "test")[0]))}

    recipe = world_recipe(epochs=1, metrics=(documents,))
    with pytest.raises(ReplicationError, match="tiny, split test.*--allow-different-data"):
        run(recipe)
    with different_data_allowed():
        record = run(recipe).record
    assert [(each["kind"], each["expected"]) for each in record.corpora] == [
        ("synthetic", True),
        ("real", False),
    ]
    assert (record.corpora[1]["name"], record.corpora[1]["split"]) == ("tiny", "test")


@pytest.fixture
def analogies_here(tmp_path, monkeypatch):
    """A registered corpus "tiny" of one question, which the mirror has."""
    names = ("category", "a", "b", "c", "d")
    row = dict(zip(names, ("capitals", "athens", "greece", "oslo", "norway"), strict=True))
    corpus = TinyCorpus(tmp_path)
    corpus.entry["splits"] = {
        "analogies": {
            "rows": 1,
            "fingerprint": fingerprint_rows([row], list(names)),
            "columns": dict.fromkeys(names, "string"),
            "prepared": {"tiny/analogies.parquet": "0" * 64},
        }
    }
    corpus.entry["origins"][0]["splits"] = ["analogies"]
    corpus.register()
    (corpus.mirror / "tiny").mkdir()
    table = pyarrow.Table.from_pylist([row])
    pyarrow.parquet.write_table(table, corpus.mirror / "tiny" / "analogies.parquet")
    monkeypatch.setattr(paths, "REGISTRY", corpus.registry)
    monkeypatch.setenv("REPLICATIONS_CACHE", str(corpus.cache))
    monkeypatch.setenv("REPLICATIONS_MIRROR", str(corpus.mirror))
    analogies._questions.cache_clear()
    yield
    analogies._questions.cache_clear()


def test_questions_that_are_kept_between_runs_are_read_by_each(analogies_here):
    words = "athens greece oslo norway".split()
    data = SimpleNamespace(vocabulary=Vocabulary.from_sentences([words]))
    model = SimpleNamespace(vectors=torch.eye(len(words)))
    for _ in range(2):
        with corpora_read() as read:
            analogy_accuracy(model, data, corpus="tiny")
        assert [(each.name, each.split) for each in read] == [("tiny", "analogies")]
    assert analogies._questions.cache_info().hits == 1
