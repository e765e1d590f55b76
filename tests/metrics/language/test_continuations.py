"""Texts written on from a prompt."""

from __future__ import annotations

from types import SimpleNamespace

import torch
from lightning import LightningDataModule
from tiny_language_model import Bigrams, Letters

from replications.metrics.language.continuations import continuations
from replications.metrics.mixed_precision import in_bfloat16

DATA = SimpleNamespace(vocabulary=Letters())


def test_greedy_takes_the_most_probable_token_and_stops_at_the_end():
    model = Bigrams()
    with torch.no_grad():
        model.table.fill_(0.0)
        for one, other in ((0, 1), (1, 2), (2, 5)):
            model.table[one, other] = 50.0
    (row,) = continuations(SimpleNamespace(model=model), DATA, prompts=("da",), tokens=9)
    assert row == {"prompt": "da", "greedy": "bc", "top_k": "bc", "nucleus": "bc"}


def test_a_single_choice_is_greedy_and_the_draw_is_the_same_each_time():
    objective = SimpleNamespace(model=Bigrams())
    narrow = continuations(objective, DATA, prompts=("a", "b"), tokens=20, k=1, p=1e-6)
    assert all(row["top_k"] == row["nucleus"] == row["greedy"] for row in narrow)
    with torch.no_grad():
        objective.model.table.fill_(0.0)
        objective.model.table[:, 5] = -50.0
    wide = [continuations(objective, DATA, prompts=("a",), tokens=20, k=6) for _ in range(2)]
    assert wide[0] == wide[1]
    assert wide[0][0]["top_k"] != wide[0][0]["greedy"]


def test_in_bfloat16_products_are_rounded_and_nothing_is_outside():
    model = torch.nn.Linear(4, 4)
    kinds = []

    def kind(objective, data):
        kinds.append(objective.model(torch.zeros(1, 4)).dtype)
        return {"one": 1.0}

    objective = SimpleNamespace(model=model)
    assert in_bfloat16(objective, LightningDataModule(), metrics=(kind,)) == {"one": 1.0}
    kind(objective, None)
    assert kinds == [torch.bfloat16, torch.float32]
