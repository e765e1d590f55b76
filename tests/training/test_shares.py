"""Batches in shares, of several processes or one after the other, train as whole ones do."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from cut_down import cut_down, replace_corpora
from trained_together import KINDS, numbers_of, small_recipe

from replications.errors import ReplicationError
from replications.objectives.causal_language_model import CausalLanguageModel
from replications.papers import PAPERS
from replications.training.fit import fit, prepare_data
from replications.training.shares import Shares, require_shares, rows_per_batch, share_of

TOGETHER = Path(__file__).parents[1] / "trained_together.py"
OTHERS = (("gpt1", "stsb-pretrained"), ("instructgpt", "sft"))


class TwoRows(NamedTuple):
    """Two rows of ids for each of three examples."""

    ids: torch.Tensor
    labels: torch.Tensor


@pytest.fixture(autouse=True)
def miniature(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path))
    replace_corpora(monkeypatch)


def test_a_share_has_its_rows_in_their_order_and_all_rows_of_an_example():
    batch = TwoRows(torch.arange(6).view(6, 1), torch.tensor([10, 11, 12]))
    first, second = (share_of(batch, index, 2) for index in range(2))
    assert first.ids.flatten().tolist() == [0, 1] and first.labels.tolist() == [10]
    assert second.ids.flatten().tolist() == [2, 3, 4, 5] and second.labels.tolist() == [11, 12]
    # Of three examples four shares cannot each have one.
    assert [share_of(batch, index, 4).labels.tolist() for index in range(4)] == [
        [10],
        [10],
        [11],
        [12],
    ]


@pytest.mark.parametrize(("paper", "name"), [*KINDS, *OTHERS])
@pytest.mark.parametrize("count", [2, 3])
def test_weighed_losses_of_all_shares_have_the_whole_batchs_loss_and_gradient(paper, name, count):
    (recipe,) = (each for each in PAPERS[paper].RECIPES["laptop"] if each.name == name)
    small = cut_down(recipe)
    data = prepare_data(small, 0)
    model = small.learner.keywords["objective"](data.vocabulary, 0).eval()
    model.log = lambda *_, **__: None
    for batch in list(data.train_dataloader())[:2]:
        whole = torch.autograd.grad(
            model.training_step(batch, 0), weights_of(model), allow_unused=True
        )
        shares = Shares([batch], model, rank=0, processes=1, parts=count)
        assert len(shares) == count
        summed = 0.0
        for share in shares:
            model.weights = share.weights
            summed = summed + model.training_step(share.batch, 0) / count
        model.weights = None
        assert summed.item() == pytest.approx(model.training_step(batch, 0).item(), rel=1e-5)
        parts = torch.autograd.grad(summed, weights_of(model), allow_unused=True)
        for one, other in zip(whole, parts, strict=True):
            if one is not None:
                torch.testing.assert_close(other, one, rtol=1e-4, atol=1e-6)


def weights_of(model):
    return [weight for weight in model.parameters() if weight.requires_grad]


@pytest.fixture(scope="module")
def whole():
    """The numbers of each kind, of batches that are read whole."""
    kept = {}

    def numbers(paper, name):
        if name not in kept:
            run = fit(small_recipe(paper, name), paper=paper, tier="laptop", seed=0)
            kept[name] = numbers_of(run.record)
        return kept[name]

    return numbers


def require_equal(found, expected):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=2e-4, abs=1e-6), name


@pytest.mark.parametrize(("paper", "name"), KINDS)
def test_parts_of_batches_train_the_model_that_whole_batches_do(paper, name, whole):
    run = fit(small_recipe(paper, name), paper=paper, tier="laptop", seed=0, parts=2)
    require_equal(numbers_of(run.record), whole(paper, name))


def test_two_processes_train_the_model_that_one_does(tmp_path, whole):
    file = tmp_path / "found.json"
    folders = os.pathsep.join(map(str, (TOGETHER.parents[1], TOGETHER.parent)))
    told = tmp_path / "told.txt"
    with told.open("w", encoding="utf-8") as out:
        first = subprocess.Popen(
            [sys.executable, str(TOGETHER), str(file)],
            env={**os.environ, "PYTHONPATH": folders, "OMP_NUM_THREADS": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        status = first.wait()
    finally:
        # Also the second one, which waits half an hour for a first one that has gone.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
    assert status == 0, told.read_text(encoding="utf-8")
    found = json.loads(file.read_text(encoding="utf-8"))
    assert list(found) == [name for _, name in KINDS]
    for paper, name in KINDS:
        require_equal(found[name], whole(paper, name))


@pytest.mark.parametrize("at", [0, 3])
def test_out_of_memory_halves_what_is_read_at_once_and_keeps_the_batch(
    at, tmp_path, monkeypatch, caplog, whole
):
    # Before the first checkpoint, and after it.
    paper, name = KINDS[0]
    recipe = small_recipe(paper, name)
    twice = partial(recipe.learner.func, **{**recipe.learner.keywords, "epochs": 2})
    recipe = replace(recipe, learner=twice)
    unbroken = fit(recipe, paper=paper, tier="laptop", seed=0).record
    step, read = CausalLanguageModel.training_step, []

    def short_of_memory(model, batch, number):
        read.append(len(batch.ids))
        if len(read) == at + 1:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return step(model, batch, number)

    monkeypatch.setattr(CausalLanguageModel, "training_step", short_of_memory)
    with caplog.at_level(logging.WARNING):
        run = fit(recipe, paper=paper, tier="laptop", seed=0, checkpoints=tmp_path / "run")
    (told,) = [each.message for each in caplog.records if "ran out of memory" in each.message]
    assert "read in 2 shares" in told and "--parts 2" in told
    assert set(read[: at + 1]) == {2} and set(read[at + 1 :]) == {1}
    require_equal(numbers_of(run.record), numbers_of(unbroken))
    assert [point["epoch"] for point in run.record.trajectory] == [1, 2]


def test_out_of_memory_again_and_again_is_told_in_the_end(monkeypatch):
    def never(model, batch, number):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(CausalLanguageModel, "training_step", never)
    with pytest.raises(torch.OutOfMemoryError):
        fit(small_recipe(*KINDS[0]), paper="gpt2", tier="laptop", seed=0)


def test_what_cannot_be_shared_is_told_with_what_can():
    def recipe(paper, name):
        (found,) = (r for r in PAPERS[paper].RECIPES["laptop"] if r.name == name)
        return found

    assert rows_per_batch(recipe("gpt2", "layers-2")) == 4
    assert rows_per_batch(recipe("transformer", "transformer")) is None
    require_shares(recipe("gpt2", "layers-2"), 2, "--devices 2")
    require_shares(recipe("transformer", "transformer"), 3, "--devices 3")
    with pytest.raises(ReplicationError, match=r"batches of 4, which --devices 3 .* it: 1, 2, 4\."):
        require_shares(recipe("gpt2", "layers-2"), 3, "--devices 3")
    require_shares(recipe("instructgpt", "sft"), 2, "--devices 2")
    for paper, name in (
        ("word2vec", "skip-gram"),
        ("glove", "svd"),
        ("gpt2", "reference-loop"),
        ("instructgpt", "reward-128"),
        ("instructgpt", "ppo-gold"),
    ):
        with pytest.raises(ReplicationError, match=f"{name} trains in place or without Lightning"):
            require_shares(recipe(paper, name), 2, "--devices 2")
