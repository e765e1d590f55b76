"""The built book. `make book` runs these tests after building; `make test` does not."""

from pathlib import Path

import pytest

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"
NOT_WRITTEN_BY_US = {"genindex.html", "search.html"}


def find_pages() -> list[Path]:
    return [path for path in sorted(HTML.glob("*.html")) if path.name not in NOT_WRITTEN_BY_US]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "path" in metafunc.fixturenames:
        pages = find_pages()
        metafunc.parametrize("path", pages, ids=[page.stem for page in pages])


@pytest.fixture(scope="session")
def html() -> Path:
    if not (HTML / "index.html").exists():
        pytest.fail("There is no built book: run `make book`, which builds it and runs these tests")
    return HTML
