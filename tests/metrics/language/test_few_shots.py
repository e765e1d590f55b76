"""Accuracy by the examples in the prompt, of models whose answers are known."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from replications.corpora.texts.few_shot_questions import FewShotQuestions, Question
from replications.errors import ReplicationError
from replications.metrics.language.few_shots import best_accuracy, few_shot_accuracy
from replications.metrics.language.source_likelihood import source_bits_per_byte


class Characters:
    """Each character its own number; 0 is the mark of the end."""

    end_of_text = 0

    def __len__(self) -> int:
        return 128

    def encode(self, text: str) -> list[int]:
        return [ord(character) for character in text]

    def decode(self, ids: list[int]) -> str:
        return "".join(map(chr, ids))


class Reader(nn.Module):
    """Reads whole texts alone."""

    def hidden(self, ids: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError

    def start(self, batch: int) -> None:
        raise NotImplementedError

    def step(self, ids: torch.Tensor, state: None) -> tuple[torch.Tensor, None]:
        raise NotImplementedError


class RepeatsTheLineBefore(Reader):
    """Says the character that stood in the same place of the line before; a line has 5."""

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        said = torch.roll(ids, 4, dims=1)
        said[:, :4] = ord("z")
        return nn.functional.one_hot(said, 128).float()


def question(line: str, *examples: str) -> Question:
    return Question(tuple(f"{example}\n" for example in examples), f"{line[:2]}", f"{line[2:]}\n")


QUESTIONS = FewShotQuestions(
    {
        "same": (question("a =b", "q =c", "a =b"), question("c =d", "a =b", "c =d")),
        "other": (question("a =b", "a =b", "a =c"),),
    },
    (),
    held_out=("other",),
    best=lambda task, shots: 0.25 + shots / 4,
)
DATA = SimpleNamespace(eval_sets={"episodes": QUESTIONS}, vocabulary=Characters(), length=64)
MODEL = SimpleNamespace(model=RepeatsTheLineBefore())


def test_an_answer_is_right_where_all_of_it_is_the_most_probable():
    found = few_shot_accuracy(MODEL, DATA, questions="episodes", shots=(0, 1, 2), prefix="got")
    assert found["got:same:0"] == 0
    assert found["got:same:1"] == 100
    assert found["got:other:1"] == 0


def test_held_out_tasks_have_a_mean_of_their_own():
    found = few_shot_accuracy(MODEL, DATA, questions="episodes", shots=(1,))
    assert found == {
        "in_context:same:1": 100,
        "in_context:other:1": 0,
        "in_context:1": 100,
        "in_context_held_out:1": 0,
    }


def test_the_best_accuracy_is_the_worlds_in_percent_and_needs_no_model():
    found = best_accuracy(None, DATA, questions="episodes", shots=(0, 2))
    assert found["best:0"] == 25
    assert found["best_held_out:2"] == 75
    assert found["best:other:2"] == 75


def test_questions_that_are_not_there_and_an_unknown_best_are_refused():
    with pytest.raises(ReplicationError, match="no eval set 'sums'; there are: episodes"):
        few_shot_accuracy(MODEL, DATA, questions="sums")
    unknown = SimpleNamespace(eval_sets={"sets": FewShotQuestions({}, ())})
    with pytest.raises(ReplicationError, match="best accuracy on the questions .* is not known"):
        best_accuracy(None, unknown, questions="sets")


class Uniform(Reader):
    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return torch.zeros(*ids.shape, 128)


def test_a_source_of_the_mix_is_measured_alone():
    sources = {"a": SimpleNamespace(test=["abc"]), "b": SimpleNamespace(test=["abcdefg"])}
    data = SimpleNamespace(
        text=SimpleNamespace(sources=sources), vocabulary=Characters(), length=64
    )
    model = SimpleNamespace(model=Uniform())
    found = [source_bits_per_byte(model, data, source=name)["bits_per_byte"] for name in "ab"]
    # Seven bits a character, and as many for the mark of the end.
    assert found == pytest.approx([7 * 4 / 3, 7 * 8 / 7])
    with pytest.raises(ReplicationError, match="no source 'c'; it has: a, b"):
        source_bits_per_byte(model, data, source="c")
