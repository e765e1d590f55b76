"""Verdicts are judged once for a page, and again where what they rest on has changed."""

from __future__ import annotations

import pytest

from replications.claims import NO_RECORDS, Verdict
from replications.figures import judged
from replications.papers import find_paper

VERDICT = Verdict(find_paper("glove").CLAIMS[0], NO_RECORDS)


@pytest.fixture
def calls(monkeypatch):
    """How often the claims were judged."""
    made = []

    def judge(slug, paper, folder):
        made.append(slug)
        return [VERDICT]

    monkeypatch.setattr(judged, "check_paper", judge)
    return made


def test_a_page_that_asks_three_times_judges_once(calls, tmp_path):
    assert [judged.verdicts_of("glove", tmp_path) for _ in range(3)] == [[VERDICT]] * 3
    assert calls == ["glove"]
    judged.verdicts_of("bert", tmp_path)
    assert calls == ["glove", "bert"]


def test_a_new_a_changed_and_a_removed_record_are_seen(calls, tmp_path):
    record = tmp_path / "glove" / "one.json"
    record.parent.mkdir()
    judged.verdicts_of("glove", tmp_path)
    record.write_text("{}")
    judged.verdicts_of("glove", tmp_path)
    record.write_text('{"metrics": 1}')
    judged.verdicts_of("glove", tmp_path)
    record.unlink()
    judged.verdicts_of("glove", tmp_path)
    assert len(calls) == 4


def test_other_claims_are_judged_anew(calls, tmp_path, monkeypatch):
    judged.verdicts_of("glove", tmp_path)
    monkeypatch.setattr(find_paper("glove"), "CLAIMS", ())
    judged.verdicts_of("glove", tmp_path)
    assert len(calls) == 2


def test_a_caller_cannot_change_what_the_next_one_gets(calls, tmp_path):
    judged.verdicts_of("glove", tmp_path).clear()
    assert judged.verdicts_of("glove", tmp_path) == [VERDICT]
