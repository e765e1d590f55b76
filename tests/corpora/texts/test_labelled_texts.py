from functools import partial

import pytest
from tiny_text import IDENTITY

from replications.corpora.texts.labelled_texts import corpus_task, subset_of_labels, world_task
from replications.errors import ReplicationError


class Rows(dict):
    @property
    def column_names(self):
        return list(self)


@pytest.fixture(autouse=True)
def corpus(monkeypatch):
    parts = {
        "train": Rows(
            first=[f"a{n}" for n in range(50)],
            second=[f"b{n}" for n in range(50)],
            label=[n % 2 for n in range(50)],
        ),
        "validation": Rows(first=["a"], second=["b"], label=[1]),
    }
    monkeypatch.setattr(
        "replications.corpora.texts.labelled_texts.load_corpus",
        lambda name, split, **_: (parts[split], IDENTITY),
    )


def task(seed=0, **changes):
    options = {"corpus": "glue", "columns": ("first", "second"), "held_out": 10} | changes
    return corpus_task(seed, **options)


def test_the_validation_part_is_the_test_and_some_of_the_training_part_is_held_out():
    found = task()
    assert found.test.texts == [("a", "b")] and found.test.labels == [1.0]
    assert len(found.validation.labels) == 10 and len(found.train.labels) == 40
    assert not set(found.train.texts) & set(found.validation.texts)
    assert len(found.identities) == 2


def test_each_text_keeps_its_label():
    for part in (task(seed=3).train, task().validation):
        assert all(int(first[1:]) % 2 == label for (first, _), label in zip(*part, strict=True))


def test_the_held_out_examples_are_the_same_for_every_seed_and_the_order_is_not():
    one, other = task(seed=0), task(seed=1)
    assert one.validation == other.validation
    assert one.train != other.train
    assert sorted(one.train.texts) == sorted(other.train.texts)
    assert task(seed=1).train == other.train


def test_fewer_examples_are_the_first_of_the_many():
    assert task(examples=7).train.texts == task().train.texts[:7]


def test_shuffled_labels_have_the_same_counts_and_say_nothing():
    plain, control = task(), task(shuffled=True)
    assert plain.train.texts == control.train.texts
    assert sorted(plain.train.labels) == sorted(control.train.labels)
    assert plain.train.labels != control.train.labels
    assert plain.validation == control.validation and plain.test == control.test


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"columns": ("sentence",)}, "no column 'sentence'; it has: first, second, label"),
        ({"held_out": 50}, "give 1 to 49"),
        ({"examples": 41}, "give 1 to 40"),
    ],
)
def test_what_is_not_there_is_named(wrong, words):
    with pytest.raises(ReplicationError, match=words):
        task(**wrong)


def test_the_worlds_tasks_have_one_text_or_two_and_two_classes():
    for name, texts in (
        ("sentiment", 1),
        ("acceptability", 1),
        ("paraphrase", 2),
        ("entailment", 2),
    ):
        found = world_task(0, task=name, items=40, test_items=20, validation_items=10)
        assert [len(part.labels) for part in (found.train, found.validation, found.test)] == [
            40,
            10,
            20,
        ]
        assert {len(example) for example in found.test.texts} == {texts}
        assert set(found.test.labels) == {0.0, 1.0} and found.classes == 2
        assert found.symmetric == (name == "paraphrase")
        assert found.test == world_task(1, task=name, items=40, test_items=20).test


def test_subsets_of_labels_are_draws_of_their_own_and_the_first_is_the_task_itself():
    subsets = [
        subset_of_labels(2, task=partial(task, examples=5), number=number) for number in range(3)
    ]
    assert subsets[0] == task(seed=2, examples=5)
    assert len({subset.train.texts[0] for subset in subsets}) > 1
    assert all(subset.validation == subsets[0].validation for subset in subsets)
    assert subsets[1] == subset_of_labels(2, task=partial(task, examples=5), number=1)


def test_subsets_of_labels_are_counted_from_0():
    with pytest.raises(ReplicationError, match="Subset -1"):
        subset_of_labels(2, task=task, number=-1)
