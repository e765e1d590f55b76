"""Words of a class left out of sentences, and the classes that a treebank teaches."""

from replications.corpora.texts.word_classes import learned_classes
from replications.corpora.texts.word_cloze import word_questions

CLASSES = dict.fromkeys(("cat", "dog", "fish", "bird"), "NOUN") | {"saw": "VERB"}
TEXT = "The cat saw a dog. A fish saw the cat there. The bird saw Fish in the dog's cat and dog."


def ask(text=TEXT, word_class="NOUN", **options):
    settings = {"characters": 50, "max_length": 60, "fewest": 2, "most": 3} | options
    return list(word_questions(text, CLASSES, word_class, **settings))


def test_a_word_counts_that_has_almost_always_one_class():
    sentences = [
        (("The", "walk", "runs"), ("DET", "NOUN", "VERB")),
        (("the", "walk", "odd"), ("DET", "VERB", "ADJ")),
    ]
    assert learned_classes(sentences, share=0.9, fewest=2) == {"the": "DET"}
    assert learned_classes(sentences, share=0.5, fewest=1)["odd"] == "ADJ"


def test_the_word_is_left_out_and_the_candidates_are_those_of_the_passage_by_frequency():
    (question,) = ask()
    assert question.candidates == ("cat", "dog", "fish")
    # Of "cat" and "dog" at the end: what is joined to a possessive is no word of its own.
    assert question.answer == "dog"
    assert (
        question.before
        == "The cat saw a dog. A fish saw the cat there. The bird saw Fish in "
        + ("the dog's cat and")
    )
    assert question.after == "."


def test_other_classes_have_their_own_candidates():
    (question,) = ask(word_class="VERB", fewest=1)
    assert question.candidates == ("saw",)
    assert question.before.endswith("The bird") and question.after.startswith(" Fish in")


def test_too_few_candidates_or_too_short_a_passage_ask_nothing():
    assert ask(fewest=4) == []
    assert ask(characters=200) == []
    assert ask(max_length=20) == []


def test_no_two_questions_share_a_sentence():
    found = ask(TEXT + " " + TEXT)
    assert len(found) == 2
    assert found[1].before.startswith("The cat saw a dog.")
