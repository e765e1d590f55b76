"""What a reader would trip over, looked for in the rendered pages."""

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.book import faults

REPOSITORY = Path(__file__).resolve().parents[2]
ANCHORS: dict[Path, set[str]] = {}


@pytest.fixture
def page(path: Path) -> BeautifulSoup:
    return faults.read_page(path)


def test_every_page_of_the_contents_is_built(html):
    contents = yaml.safe_load((REPOSITORY / "book" / "_toc.yml").read_text(encoding="utf-8"))
    listed = [contents["root"]]
    for part in contents["parts"]:
        listed += [chapter["file"] for chapter in part["chapters"]]
    assert [name for name in listed if not (html / f"{name}.html").is_file()] == []


def test_every_image_is_described(page):
    assert faults.find_poor_alts(page) == []


def test_every_image_is_there(page, path):
    assert faults.find_missing_images(page, path) == []


def test_every_internal_link_and_anchor_leads_somewhere(page, path):
    assert faults.find_broken_links(page, path, ANCHORS) == []


def test_no_page_asks_another_host_for_anything(page):
    assert faults.find_foreign_requests(page) == []


def test_no_style_sheet_asks_another_host_for_anything(html):
    sheets = [sheet for sheet in html.rglob("*.css") if "mathjax" not in sheet.parts]
    found = {sheet.name: faults.find_foreign_styles(sheet.read_text("utf-8")) for sheet in sheets}
    assert {name: foreign for name, foreign in found.items() if foreign} == {}


def test_no_markup_reaches_the_reader_raw(page):
    assert faults.find_raw_markup(page) == []


def test_the_page_boxes_what_is_wider_than_a_phone(page, path):
    assert faults.find_missing_overflow_rules(page, path) == []
