from types import SimpleNamespace

import pytest
import torch
from tiny_language_model import Bigrams, Letters

from replications.corpora.texts.labelled_texts import Labelled
from replications.errors import ReplicationError
from replications.metrics.language.zero_shot import zero_shot_accuracy, zero_shot_auc

MODEL = Bigrams()
LETTERS = "abcd"
ANSWERS = ("a", "c")


def likeliest(letter):
    """The number of the answer that the model finds more probable after the letter."""
    after = MODEL.table.detach()[Letters().encode(letter)[0]]
    return int(after[Letters().encode(ANSWERS)].argmax())


def data(texts, labels):
    task = SimpleNamespace(test=Labelled([(text,) for text in texts], labels))
    return SimpleNamespace(eval_sets={"letters": task}, vocabulary=Letters(), length=8)


def measure(texts, labels, *, ending="", **options):
    return zero_shot_accuracy(
        SimpleNamespace(model=MODEL),
        data(texts, labels),
        task="letters",
        ending=ending,
        answers=ANSWERS,
        **options,
    )


def test_the_label_is_the_number_of_the_likelier_answer():
    true = [float(likeliest(letter)) for letter in LETTERS]
    found = measure(LETTERS, true)
    assert found == {"zero_shot_accuracy": 100.0, "zero_shot_last": 100 * sum(true) / 4}
    turned = [1 - label for label in true[:1]] + true[1:]
    assert measure(LETTERS, turned)["zero_shot_accuracy"] == 75.0


def test_the_answer_comes_after_the_ending_and_blanks_before_that_are_left_out():
    same = measure(["a ", "b", "c  "], [0.0, 0.0, 0.0], ending="d")
    assert same["zero_shot_last"] == 100 * likeliest("d")


def test_so_many_examples_are_the_first():
    true = [float(likeliest(letter)) for letter in LETTERS]
    turned = true[:2] + [1 - label for label in true[2:]]
    assert measure(LETTERS, turned, examples=2)["zero_shot_accuracy"] == 100.0


@pytest.mark.parametrize("labels", [[2.0], [0.5]])
def test_a_label_without_an_answer_is_an_error(labels):
    with pytest.raises(ReplicationError, match=r"'letters' must be .* 0 to 1"):
        measure(["a"], labels)


def test_pairs_of_texts_are_an_error():
    pairs = SimpleNamespace(test=Labelled([("a", "b")], [0.0]))
    broken = SimpleNamespace(eval_sets={"letters": pairs}, vocabulary=Letters(), length=8)
    with pytest.raises(ReplicationError, match="must be one text"):
        zero_shot_accuracy(
            SimpleNamespace(model=MODEL), broken, task="letters", ending="", answers=ANSWERS
        )


def auc(texts, labels, **options):
    return zero_shot_auc(
        SimpleNamespace(model=MODEL),
        data(texts, labels),
        task="letters",
        ending="",
        answers=ANSWERS,
        **options,
    )


def by_difference():
    """The letters from the one after which the second answer is least preferred to the other."""
    first, second = Letters().encode(ANSWERS)
    after = MODEL.table.detach()
    return sorted(
        LETTERS,
        key=lambda letter: float(
            after[LETTERS.index(letter), second] - after[LETTERS.index(letter), first]
        ),
    )


@pytest.mark.parametrize(
    ("labels", "area"),
    [([0, 0, 1, 1], 100), ([1, 1, 0, 0], 0), ([0, 1, 0, 1], 75), ([1, 0, 0, 1], 50)],
)
def test_the_area_is_the_share_of_pairs_that_the_difference_puts_in_order(labels, area):
    found = auc(by_difference(), [float(label) for label in labels], prefix="x_")
    assert found == {"x_zero_shot_auc": pytest.approx(area)}


def test_a_preferred_word_counts_nothing():
    biased = Bigrams()
    with torch.no_grad():
        biased.table[:, Letters().encode("c")[0]] += 20
    labels = [0.0, 0.0, 1.0, 1.0]
    found = zero_shot_auc(
        SimpleNamespace(model=biased),
        data(by_difference(), labels),
        task="letters",
        ending="",
        answers=ANSWERS,
    )
    assert found == {"zero_shot_auc": 100}


def test_a_single_label_has_no_area():
    with pytest.raises(ReplicationError, match="All 2 examples of 'letters' have the label 1"):
        auc(["a", "b"], [1.0, 1.0])
