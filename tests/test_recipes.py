from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from replications.errors import ReplicationError
from replications.paths import REPOSITORY
from replications.recipes import Recipe, live_tier


class Part:
    def __init__(self, size, *, slope=0.5, names=("a", "b"), d_ff=None):
        pass


def data(seed, *, text, window=5):
    pass


def learner(data, metrics, workspace, *, objective, epochs):
    pass


def accuracy(model, data, *, top=10):
    pass


def recipe(**changed) -> Recipe:
    parts = {
        "name": "tiny",
        "data": partial(data, text=partial(data, text=None)),
        "learner": partial(learner, objective=partial(Part, size=3), epochs=2),
        "metrics": (partial(accuracy, top=5), accuracy),
        "minutes": 1.5,
    }
    return Recipe(**{**parts, **changed})


def test_the_description_names_each_part_with_all_its_arguments_and_defaults():
    assert recipe().describe() == {
        "data": {
            "part": "data",
            "text": {"part": "data", "text": None, "window": 5},
            "window": 5,
        },
        "learner": {
            "part": "learner",
            "epochs": 2,
            "objective": {
                "part": "Part",
                "size": 3,
                "slope": 0.5,
                "names": ["a", "b"],
                "d_ff": None,
            },
        },
        "start": None,
        "metrics": [{"part": "accuracy", "top": 5}, {"part": "accuracy", "top": 10}],
        "texts": None,
    }


def test_of_another_librarys_part_only_what_the_recipe_gives_is_described():
    norm = partial(torch.nn.LayerNorm, eps=1e-3)
    described = recipe(data=partial(data, text=norm, window=torch.nn.GELU)).describe()["data"]
    assert described["text"] == {"part": "LayerNorm", "eps": 1e-3}
    assert described["window"] == {"part": "GELU"}


def measured(model, data, *, part="test"):
    pass


def test_an_argument_named_part_does_not_take_the_place_of_the_name():
    described = recipe(metrics=(measured,)).describe()["metrics"]
    assert described == [{"part": "measured", "part=": "test"}]


@pytest.mark.parametrize(
    "changed",
    [
        {"data": partial(data, text=partial(data, text=None), window=6)},
        {"data": partial(data, text=partial(data, text=None, window=6))},
        {"learner": partial(learner, objective=partial(Part, size=3), epochs=3)},
        {"learner": partial(learner, objective=partial(Part, size=4), epochs=2)},
        {"learner": partial(learner, objective=partial(Part, size=3, slope=1.0), epochs=2)},
        {"learner": partial(learner, objective=partial(Part, size=3, names=("b", "a")), epochs=2)},
        {"learner": partial(learner, objective=partial(Part, size=3, d_ff=Part), epochs=2)},
        {"learner": partial(learner, objective=partial(data, size=3), epochs=2)},
        {"metrics": (accuracy, partial(accuracy, top=5))},
        {"metrics": (partial(accuracy, top=5),)},
        {"metrics": (partial(accuracy, top=5.5), accuracy)},
    ],
)
def test_any_argument_changes_the_hash(changed):
    assert recipe(**changed).hash != recipe().hash


def shown(model, data, *, count=10):
    pass


def test_the_texts_and_their_arguments_are_part_of_the_hash():
    with_texts = recipe(texts=shown)
    assert with_texts.describe()["texts"] == {"part": "shown", "count": 10}
    assert recipe(texts=partial(shown, count=10)).hash == with_texts.hash
    hashes = {recipe().hash, with_texts.hash, recipe(texts=partial(shown, count=5)).hash}
    assert len(hashes) == 3


def test_a_new_default_in_the_code_changes_the_hash(monkeypatch):
    before = recipe().hash
    monkeypatch.setitem(accuracy.__kwdefaults__, "top", 11)
    assert recipe().hash != before


def test_neither_minutes_nor_name_nor_the_order_of_keywords_changes_the_hash():
    same = replace(
        recipe(),
        name="other",
        minutes=99.0,
        learner=partial(partial(learner, epochs=2), objective=partial(Part, size=3)),
    )
    assert same.hash == recipe().hash


def test_an_argument_equal_to_the_default_is_the_default():
    same = recipe(metrics=(partial(accuracy, top=5), partial(accuracy, top=10)))
    assert same.hash == recipe().hash


def test_the_later_of_two_values_for_a_keyword_counts():
    twice = recipe(metrics=(partial(partial(accuracy, top=7), top=5), accuracy))
    assert twice.hash == recipe().hash


def test_the_hash_has_sixteen_hexadecimal_digits():
    assert len(recipe().hash) == 16
    assert int(recipe().hash, 16) > 0


def test_positional_arguments_are_refused_since_they_have_no_names():
    with pytest.raises(ReplicationError, match="Name the arguments of Part"):
        _ = recipe(learner=partial(learner, objective=partial(Part, 3), epochs=2)).hash


@pytest.mark.parametrize(
    "value",
    [Path("x"), {1, 2}, object(), b"x", lambda: 3, partial(lambda x: x, x=1), (1, {"deep": {2}})],
    ids=["path", "set", "object", "bytes", "lambda", "partial lambda", "deep set"],
)
def test_values_without_a_stable_description_are_refused(value):
    with pytest.raises(ReplicationError, match="no stable description"):
        _ = recipe(data=partial(data, text=value)).hash


def test_the_hash_is_the_same_in_every_process():
    code = """
from functools import partial
from replications.recipes import Recipe, live_tier
def wrap(text, *, width=70): pass
def shorten(text, width): pass
knobs = {"b": 1, "a": (2.5, "\u00fc", None, True)}
parts = partial(wrap, text=knobs), partial(shorten, width=7)
print(Recipe("r", *parts, (wrap, shorten), 1.0).hash)
"""
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "2024")
    }
    assert printed == {"ea9fd16db5cbe816\n"}


def test_a_chapter_trains_live_at_smoke_or_laptop_and_says_so_of_another_tier(monkeypatch):
    monkeypatch.delenv("REPLICATIONS_TIER", raising=False)
    assert live_tier() == "smoke"
    monkeypatch.setenv("REPLICATIONS_TIER", "laptop")
    assert live_tier() == "laptop"
    monkeypatch.setenv("REPLICATIONS_TIER", "gpu")
    with pytest.raises(ReplicationError, match="'gpu'.* smoke or laptop.*replicate run PAPER"):
        live_tier()
