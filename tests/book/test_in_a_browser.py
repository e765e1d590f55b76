"""The rendered pages at a phone's and a desk's width, in a headless browser where there is one."""

from pathlib import Path

import pytest

from tests.book.browser import find_browser, measure
from tests.book.conftest import find_pages

PHONE, DESK = 390, 1265  # of 1280, less the page's own scroll bar


@pytest.fixture(scope="module")
def browser() -> str:
    found = find_browser()
    if found is None:
        pytest.skip("no Chromium or Chrome here: only the style sheet's rules were checked")
    return found


@pytest.fixture(scope="module")
def measured(browser: str, html: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    names = [page.name for page in find_pages()]
    results = measure(browser, html, names, [PHONE, DESK], tmp_path_factory.mktemp("browser"))
    assert len(results) == 2 * len(names)
    assert [result for result in results if "failure" in result] == []
    return results


def test_no_page_scrolls_sideways(measured):
    assert [result for result in measured if result["needed"] > result["seen"]] == []


def test_nothing_on_the_scoreboard_scrolls_in_a_box_of_its_own(measured):
    scoreboard = [result for result in measured if result["page"] == "scoreboard.html"]
    assert [result["boxed"] for result in scoreboard] == [[], []]


def test_at_a_desk_the_column_is_wide_enough_for_every_table_and_line_of_code(measured):
    assert {r["page"]: r["boxed"] for r in measured if r["width"] == DESK and r["boxed"]} == {}


def test_a_folded_table_that_scrolls_in_its_box_would_be_noticed(browser, tmp_path):
    wide = "<div style='overflow-x:auto'><p style='width:900px'>wide</p></div>"
    page = f"<article class='bd-article'><details>{wide}</details></article>"
    (tmp_path / "faulty.html").write_text(f"<!doctype html>{page}", encoding="utf-8")
    (result,) = measure(browser, tmp_path, ["faulty.html"], [PHONE], tmp_path / "profile")
    assert result["boxed"] == ["div."]


def test_every_formula_is_typeset(measured):
    unset = [page for page in measured if page["typeset"] < page["formulae"] or page["errors"]]
    assert unset == []


def test_every_script_can_be_parsed(measured):
    assert [result for result in measured if result["broken"]] == []


def test_a_script_with_a_fault_in_its_syntax_would_be_noticed(browser, tmp_path):
    page = "<script>let a = true\n  # 1 : 2;</script><script type='text/x-config'>a: 1</script>"
    (tmp_path / "faulty.html").write_text(f"<!doctype html>{page}", encoding="utf-8")
    (result,) = measure(browser, tmp_path, ["faulty.html"], [PHONE], tmp_path / "profile")
    assert [fault.partition(":")[0] for fault in result["broken"]] == ["SyntaxError"]


def test_no_other_host_is_asked(measured):
    assert [result for result in measured if result["foreign"]] == []


def test_a_page_that_is_too_wide_and_asks_another_host_would_be_noticed(browser, tmp_path):
    faulty = '<img src="http://another-host.invalid/a.png"><p style="width:500px">wide</p>'
    (tmp_path / "faulty.html").write_text(f"<!doctype html>{faulty}", encoding="utf-8")
    (result,) = measure(browser, tmp_path, ["faulty.html"], [PHONE], tmp_path / "profile")
    assert result["needed"] > result["seen"] == PHONE
    assert result["foreign"] == ["http://another-host.invalid/a.png"]
