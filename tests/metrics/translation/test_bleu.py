from __future__ import annotations

import json
import math
from functools import partial

import pytest
import sacrebleu
from tiny_translation import LANGUAGES, task

from replications.decoding.search import Hypothesis, beam_search, greedy_search
from replications.decoding.translation import translate
from replications.errors import ReplicationError
from replications.metrics.translation.bleu import (
    BLEU_SIGNATURE,
    CHRF_SIGNATURE,
    Translations,
    beam_sizes,
    bleu,
    chrf,
    corpus_scores,
    shown_translations,
    translate_part,
    translation_metrics,
    translations_to_show,
    validation_bleu,
)
from replications.recipes import Recipe
from replications.tokens.special import visible

REFERENCES = ["The cat sat on the mat.", "Two men play football, again!", "A dog runs."]
HYPOTHESES = ["The cat sat on a mat.", "Two men are playing football!", "a dog runs."]


def echo(model, source):
    """A search that gives the source back."""
    return [[Hypothesis(visible(row.tolist()), 0.0, 0.0)] for row in source]


def test_bleu_is_that_of_papineni_et_al_computed_by_hand():
    # 6 tokens a side; 5, 4, 3 and 2 n-grams of 6, 5, 4 and 3 are right.
    score, _ = bleu(["a b c d e f"], ["a b c d e g"])
    assert score == pytest.approx(100 * (5 / 6 * 4 / 5 * 3 / 4 * 2 / 3) ** 0.25)
    # All n-grams are right, 5 tokens against 6: the brevity penalty alone.
    score, _ = bleu(["a b c d e"], ["a b c d e f"])
    assert score == pytest.approx(100 * math.exp(1 - 6 / 5))


def test_bleu_and_chrf_are_those_of_sacrebleu():
    expected = sacrebleu.corpus_bleu(HYPOTHESES, [REFERENCES]).score
    assert bleu(HYPOTHESES, REFERENCES) == (pytest.approx(expected), BLEU_SIGNATURE)
    expected = sacrebleu.corpus_chrf(HYPOTHESES, [REFERENCES]).score
    assert chrf(HYPOTHESES, REFERENCES) == (pytest.approx(expected), CHRF_SIGNATURE)


def test_case_counts():
    assert bleu(REFERENCES, REFERENCES)[0] == pytest.approx(100)
    assert bleu([text.lower() for text in REFERENCES], REFERENCES)[0] < 90


def test_the_items_of_bleu_make_the_score_of_all_sentences_and_of_some():
    texts = (("x",) * 3, tuple(REFERENCES), tuple(HYPOTHESES))
    score = corpus_scores(Translations(*texts))["bleu"]
    items = score.items
    assert items.statistic(items.values) == pytest.approx(float(score))
    some, _ = bleu(HYPOTHESES[:2], REFERENCES[:2])
    assert items.statistic(items.values[:2]) == pytest.approx(some)


def test_an_unknown_word_is_one_wrong_token():
    with_unknown = corpus_scores(
        Translations(("x",), ("a b c d e f",), ("a b c d e <unk>",)),
    )
    assert with_unknown["bleu"] == pytest.approx(bleu(["a b c d e z"], ["a b c d e f"])[0])
    assert with_unknown["length_ratio"] == 1
    assert with_unknown["unknowns"] == pytest.approx(100 / 6)


def test_the_length_ratio_counts_tokens_and_the_scores_are_all_finite_without_any_words():
    scores = corpus_scores(Translations(("x", "y"), ("a b c.", "d e f."), ("a b.", "d")))
    assert scores["length_ratio"] == pytest.approx(4 / 8)
    empty = corpus_scores(Translations(("x",), ("a b",), ("",)))
    assert empty == {"bleu": 0.0, "chrf": 0.0, "length_ratio": 0.0, "unknowns": 0.0}


@pytest.mark.parametrize("name", ["bleu_signature", "chrf_signature"])
def test_another_way_of_computing_than_the_recipe_states_is_refused(name):
    translations = Translations(("x",), ("a",), ("a",))
    with pytest.raises(ReplicationError, match="and the recipe states nrefs:2"):
        corpus_scores(translations, **{name: "nrefs:2"})


def test_a_record_holds_the_signatures_and_the_search_among_the_recipes_parts():
    metric = partial(translation_metrics, search=partial(beam_search, beam=2))
    described = Recipe("x", partial(task), partial(task), (metric,), 1.0).describe()
    described = described["metrics"][0]
    assert described["search"]["beam"] == 2
    assert described["search"]["length_penalty"] == 0.6
    assert described["parts"][0]["bleu_signature"] == BLEU_SIGNATURE
    assert described["parts"][0]["chrf_signature"] == CHRF_SIGNATURE
    assert json.loads(json.dumps(described)) == described


TEST = (("a b c", "h e", "f f f d", "b a"), ("c b a", "h e a", "a b c d", "b"))


def test_the_test_part_is_decoded_once_for_all_parts_of_a_metric():
    objective, data = task(TEST)
    batches = []

    def counted(model, source):
        batches.append(len(source))
        return echo(model, source)

    def other(translations):
        assert translations.hypothesis == TEST[0] and translations.reference == TEST[1]
        assert translations.training == ("a",)
        return {"count": float(len(translations.source))}

    numbers = translation_metrics(
        objective, data, search=counted, parts=(corpus_scores, other), prefix="echo_"
    )
    assert batches == [4]
    assert numbers["echo_count"] == 4
    assert numbers["echo_bleu"] == pytest.approx(bleu(TEST[0], TEST[1])[0])
    assert numbers.keys() > {"echo_bleu", "echo_chrf", "echo_length_ratio", "echo_unknowns"}


def test_two_parts_may_not_give_numbers_of_the_same_name():
    with pytest.raises(ReplicationError, match="both named"):
        translation_metrics(*task(TEST), search=echo, parts=(corpus_scores, corpus_scores))


def test_the_search_of_vaswani_et_al_is_the_default():
    objective, data = task(TEST, seed=3)
    search = partial(beam_search, beam=4, length_penalty=0.6)
    found = translate(objective.model, LANGUAGES, TEST[0], search=search)
    assert list(translate_part(objective, data).hypothesis) == found


def test_test_sentences_may_be_longer_than_those_trained_on_and_have_unknown_words():
    longer = "a b c d e f g h a"
    objective, data = task(((longer, "a z"), ("a", "a")))
    assert translate_part(objective, data, search=echo).hypothesis == (longer, "a <unk>")


def test_validation_bleu_is_that_of_greedy_translations_of_the_first_sentences():
    objective, data = task(TEST, validation=TEST, seed=5)
    found = translate(objective.model, LANGUAGES, TEST[0][:3], search=greedy_search)
    expected, _ = bleu(found, TEST[1][:3])
    assert validation_bleu(objective, data, sentences=3) == {"validation_bleu": expected}


def test_each_beam_has_its_own_bleu():
    objective, data = task(TEST, seed=6)
    numbers = beam_sizes(objective, data, beams=(1, 3), sentences=3)
    assert numbers.keys() == {"bleu_beam1", "bleu_beam3"}
    search = partial(beam_search, beam=3, length_penalty=0.0)
    found = translate(objective.model, LANGUAGES, TEST[0][:3], search=search)
    assert numbers["bleu_beam3"] == pytest.approx(bleu(found, TEST[1][:3])[0])


def test_shown_translations_go_from_the_worst_to_the_best():
    # Of the letters of sentence n, n // 2 are right: neighbours tie in pairs.
    references = tuple("abcdefghijklmnopqrstuvwxyzabcdefghijklmn"[:40] for _ in range(40))
    hypotheses = tuple(
        text[: 20 + number // 2] + "Z" * (20 - number // 2)
        for number, text in enumerate(references)
    )
    sources = tuple(f"sentence {number}" for number in range(40))
    rows = translations_to_show(Translations(sources, references, hypotheses))
    assert [row["place"] for row in rows] == [2, 6, 10, 14, 18, 22, 26, 30, 34, 38]
    assert rows[3]["source"] == "sentence 14" and rows[3]["hypothesis"] == hypotheses[14]
    expected = sacrebleu.sentence_chrf(hypotheses[14], [references[14]]).score
    assert rows[3]["score"] == pytest.approx(expected)


def test_fewer_sentences_than_asked_for_are_all_shown_once():
    few = Translations(("x", "y", "z"), ("a b", "c d", "e f"), ("a b", "g h", "e g"))
    assert [row["place"] for row in translations_to_show(few)] == [1, 2, 0]


def test_what_a_record_shows_are_translations_of_the_test_part_as_json():
    sentences = ("a b", "c", "d e f")
    objective, data = task((sentences, sentences))
    rows = shown_translations(objective, data, search=echo, count=2)
    assert json.loads(json.dumps(rows)) == rows
    assert [row["hypothesis"] for row in rows] == [sentences[row["place"]] for row in rows]
    assert len(rows) == 2


@pytest.mark.parametrize("columns", [(("a",), ("a", "b"), ("a",)), ((), (), ())])
def test_translations_that_cannot_be_compared_are_refused(columns):
    with pytest.raises(ReplicationError, match="cannot be compared"):
        Translations(*columns)
    for score in (bleu, chrf):
        with pytest.raises(ReplicationError, match="cannot be compared"):
            score(list(columns[0]), list(columns[1]))


def test_a_line_of_spaced_punctuation_brings_no_warning(caplog):
    texts = ["a b ."] * 200
    bleu(texts, texts)
    assert not caplog.records
    sacrebleu.corpus_bleu(texts, [texts])
    assert caplog.records
