"""The checks of the built book find the faults that they are for, and nothing in a good page."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.book import faults

GOOD = """
<link rel="stylesheet" href="_static/book.css?v=1"><script src="_static/theme.js"></script>
<article class="bd-article">
<h1 id="top">Title<a class="headerlink" href="#top">#</a></h1>
<img alt="Accuracy against dimension" src="figure.png">
<p>It costs $5, or $6. A set {a, b}. <span class="math">\\(\\mathbf{w}_i\\)</span></p>
<pre>cells["x"](y) ``` {role}`text` $a_b$</pre>
<a href="other.html#there">other</a> <a href="https://example.org/x">away</a>
</article>
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A good page with everything that it refers to."""
    (tmp_path / "figure.png").write_bytes(b"png")
    (tmp_path / "other.html").write_text('<h1 id="there">Other</h1>', encoding="utf-8")
    (tmp_path / "_static").mkdir()
    rules = "".join(f"{rule} {{ overflow-x: auto }}" for rule in faults.OVERFLOW_RULES)
    (tmp_path / "_static" / "book.css").write_text(rules, encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(GOOD, encoding="utf-8")
    return page


def find_all(page: BeautifulSoup, path: Path) -> list[str]:
    return [
        *faults.find_poor_alts(page),
        *faults.find_missing_images(page, path),
        *faults.find_broken_links(page, path, {}),
        *faults.find_foreign_requests(page),
        *faults.find_raw_markup(page),
        *faults.find_missing_overflow_rules(page, path),
    ]


def test_a_good_page_has_no_faults(path):
    assert find_all(faults.read_page(path), path) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ('alt="Accuracy against dimension"', 'alt=""', "no alt text: figure.png"),
        (
            "Accuracy against dimension",
            "_images/0f3c9a.png",
            "alt text is a file name or a hash: _images/0f3c9a.png",
        ),
        ('src="figure.png"', 'src="gone.png"', "no such image: gone.png"),
        ("other.html#there", "gone.html", "broken link: gone.html"),
        ("other.html#there", "other.html#gone", "broken anchor: other.html#gone"),
        ('href="#top"', 'href="#gone"', "broken anchor: #gone"),
        (
            "_static/theme.js",
            "https://cdn.example.org/theme.js",
            "<script> from another host: https://cdn.example.org/theme.js",
        ),
        (
            "_static/theme.js",
            "//cdn.example.org/theme.js",
            "<script> from another host: //cdn.example.org/theme.js",
        ),
        ("_static/book.css?v=1", "_static/theme.css", "the page does not load book.css"),
    ],
)
def test_a_faulty_page_is_told_by_its_one_fault(path, good, bad, fault):
    assert GOOD.count(good) == 1
    path.write_text(GOOD.replace(good, bad), encoding="utf-8")
    assert find_all(faults.read_page(path), path) == [fault]


@pytest.mark.parametrize(
    "raw",
    [
        "{cite:p}`mikolov`",
        "```{figure}",
        "[text](page.md)",
        "![text](figure.png)",
        "$$x",
        "$x_i$",
        "\\(x\\)",
        "\\begin{align}",
        "where \\alpha is",
    ],
)
def test_markup_that_is_not_rendered_is_a_fault(raw):
    page = BeautifulSoup(f"<article class='bd-article'><p>{raw}</p></article>", "html.parser")
    assert faults.find_raw_markup(page)


def test_output_on_stderr_is_a_fault():
    log = '<article class="bd-article"><div class="output stderr">GPU available: no</div></article>'
    assert faults.find_raw_markup(BeautifulSoup(log, "html.parser"))


def test_a_style_from_another_host_is_a_fault():
    assert faults.find_foreign_styles('@import "https://fonts.example.org/a.css";')
    assert faults.find_foreign_styles("a { background: url(//cdn.example.org/a.png) }")
    assert not faults.find_foreign_styles("a { background: url(../images/a.png) }")
