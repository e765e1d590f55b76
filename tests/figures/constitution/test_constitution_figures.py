"""Pictures of the constitution: what is shown is what is recorded."""

import json
import re

from fabricated import fabricate_record

from replications.figures.constitution.answers import answers_by_prompt, explore_answers
from replications.figures.constitution.frontier import draw_frontier
from replications.figures.constitution.two_stages import (
    REINFORCED,
    SUPERVISED,
    draw_two_stages,
)


def record(recipe, seed=0, metrics=None, texts=()):
    return fabricate_record(
        recipe, seed=seed, metrics=metrics, paper="constitutional_ai", texts=list(texts)
    )


def said(answer, broken=(), prompt="copy : knife"):
    return {"prompt": prompt, "answer": answer, "broken": " ".join(broken), "engaged": "no weapon"}


RECORDS = [
    record("helpful", texts=[said("knife", ["weapon"])]),
    record("rl-cai", texts=[said("no weapon")]),
    record("rl-cai", seed=1, texts=[said("never shown")]),
]


def test_the_answers_of_a_prompt_stand_together_with_the_rules_they_break():
    (found,) = answers_by_prompt(RECORDS)
    assert found["prompt"] == "copy : knife" and found["engaged"] == "no weapon"
    assert [answer["text"] for answer in found["answers"]] == ["knife", "no weapon"]
    assert [answer["broken"] for answer in found["answers"]] == [["does harm: weapon"], []]


def test_the_page_holds_its_answers_and_says_them_as_text_too():
    page = explore_answers(RECORDS).data
    (data,) = re.findall(r"const data = (\[.*?\]), root", page)
    assert json.loads(data) == answers_by_prompt(RECORDS)
    assert "RL-CAI: no weapon (breaks no rule)" in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_what_looks_like_a_tag_in_an_answer_stays_text():
    page = explore_answers([record("helpful", texts=[said("<end> <b>")])]).data
    assert "<b>" not in page and "&lt;b&gt;" in page and "\\u003cb>" in page


def test_without_records_the_page_says_so():
    assert "No records yet" in explore_answers([]).data


def test_a_model_is_a_small_mark_a_seed_and_a_large_one_for_the_mean():
    runs = [
        record("sl-cai", seed, {"helpful": helpful, "harmless": 90.0})
        for seed, helpful in enumerate((80.0, 90.0))
    ]
    (ax,) = draw_frontier(runs).axes
    assert [list(line.get_xdata()) for line in ax.lines] == [[80.0, 90.0], [85.0]]
    assert draw_frontier([]).axes[0].get_title() == "Ours: no records yet"


def test_a_model_that_overlaps_another_is_still_seen_and_so_are_both_ends_of_the_scale():
    (ax,) = draw_frontier([record("sl-cai", 0, {"helpful": 0.0, "harmless": 100.0})]).axes
    assert ax.lines[-1].get_markerfacecolor() == "none"
    assert ax.get_xlim()[0] < 0 < 100 < ax.get_ylim()[1]


def test_both_stages_are_named_with_all_that_happens_in_them():
    (ax,) = draw_two_stages().axes
    said = {text.get_text() for text in ax.texts}
    for stage in (SUPERVISED, REINFORCED):
        assert {stage.name, *stage.boxes, stage.result} <= said
    assert "4 times" in said
