"""Translations in three lines each: whole, in order, and safe to show."""

from html.parser import HTMLParser

import pytest

from replications.errors import ReplicationError
from replications.figures.words.translations import translation_table

ROWS = [
    {
        "place": 7,
        "source": "a dog & a <ball>",
        "reference": "ein Hund",
        "hypothesis": "<unk> Hund",
        "score": 41.6,
    },
    {"place": 2, "source": "b", "reference": "c", "hypothesis": "", "score": 0.0},
]


class Lines(HTMLParser):
    """The terms and what stands beside them, with its language."""

    def __init__(self, page):
        super().__init__()
        self.found, self.inside = [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.inside = tag if tag in ("dt", "dd") else None
        if self.inside:
            self.found.append([dict(attributes).get("lang"), ""])

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.found[-1][1] += data


def test_each_example_has_three_named_lines_as_they_were_written():
    lines = [(tongue, text) for tongue, text in Lines(translation_table(ROWS).data).found]
    assert lines[:6] == [
        (None, "source"),
        ("en", "a dog & a <ball>"),
        (None, "reference"),
        ("de", "ein Hund"),
        (None, "ours (42)"),
        ("de", "<unk> Hund"),
    ]
    assert lines[-1] == ("de", "(nothing)")


def test_names_and_languages_can_be_given():
    page = translation_table(ROWS, names=("French", "person", "model"), languages=("fr", "en"))
    lines = Lines(page.data).found
    assert lines[0][1] == "French" and lines[1][0] == "fr"
    assert lines[4][1] == "model (42)" and lines[5][0] == "en"


def test_without_rows_it_says_so_and_a_row_that_is_not_whole_is_an_error():
    assert "No translations were recorded." in translation_table([]).data
    with pytest.raises(ReplicationError, match="Translation 1 lacks its hypothesis and score"):
        translation_table([{"source": "a", "reference": "b"}])
