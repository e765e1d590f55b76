"""Faults of a rendered page, each as one readable line; an empty list is a good page."""

import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup, Tag

ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
OTHER_SCHEME = re.compile(r"^(?:mailto|data|javascript|tel):", re.IGNORECASE)
FILE_NAME_AS_ALT = re.compile(r"^\S*\.(?:png|svg|jpe?g|gif|webp)$|^[0-9a-f]{16,}$", re.IGNORECASE)
RAW_MARKUP = (
    ("a role", re.compile(r"\{[a-z][a-z:+-]*\}`")),
    ("a fence", re.compile(r"```|:::")),
    ("a Markdown link or image", re.compile(r"!?\[[^\]\n]*\]\([^)\s]+\)")),
    ("display maths", re.compile(r"\$\$|\\\[|\\begin\{")),
    ("inline maths", re.compile(r"\$[^$\n]*[\\_^{][^$\n]*\$|\\\(")),
    ("a TeX command", re.compile(r"\\(?:frac|mathbf|sum|sigma|alpha|tilde|log|exp|text)\b")),
)
OVERFLOW_RULES = (".bd-article table", ".bd-article pre", ".bd-article img")


def read_page(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def article_of(page: BeautifulSoup) -> Tag:
    """The part of a page that its author wrote, without the theme's frame."""
    return page.select_one("article.bd-article") or page.select_one("main") or page


def find_poor_alts(page: BeautifulSoup) -> list[str]:
    """Images without a description, or with a file's name or hash in its place."""
    faults = []
    for image in article_of(page).find_all("img"):
        alt = (image.get("alt") or "").strip()
        if not alt:
            faults.append(f"no alt text: {image.get('src')}")
        elif FILE_NAME_AS_ALT.match(alt):
            faults.append(f"alt text is a file name or a hash: {alt}")
    return faults


def find_missing_images(page: BeautifulSoup, path: Path) -> list[str]:
    faults = []
    for image in page.find_all("img", src=True):
        source = image["src"]
        if OTHER_SCHEME.match(source) or ELSEWHERE.match(source):
            continue
        if not (path.parent / unquote(urldefrag(source).url)).is_file():
            faults.append(f"no such image: {source}")
    return faults


def find_broken_links(page: BeautifulSoup, path: Path, anchors: dict[Path, set[str]]) -> list[str]:
    """Links to a file that is not there, or to an anchor that its page lacks.

    `anchors` is filled as pages are met, so that each is read once.
    """
    faults = []
    for link in page.find_all("a", href=True):
        href = link["href"]
        if OTHER_SCHEME.match(href) or ELSEWHERE.match(href):
            continue
        place, anchor = urldefrag(href)
        target = (path.parent / unquote(place.split("?")[0])).resolve() if place else path.resolve()
        if target.is_dir():
            target = target / "index.html"
        if not target.is_file():
            faults.append(f"broken link: {href}")
        elif anchor and target.suffix == ".html":
            if target not in anchors:
                marked = read_page(target).find_all(lambda tag: tag.get("id") or tag.get("name"))
                anchors[target] = {str(tag.get(key)) for tag in marked for key in ("id", "name")}
            if unquote(anchor) not in anchors[target]:
                faults.append(f"broken anchor: {href}")
    return faults


def find_foreign_requests(page: BeautifulSoup) -> list[str]:
    """What a browser would fetch from another host on opening the page."""
    faults = []
    for name, key in (
        ("script", "src"),
        ("img", "src"),
        ("iframe", "src"),
        ("source", "src"),
        ("video", "src"),
        ("embed", "src"),
        ("object", "data"),
    ):
        for tag in page.find_all(name, attrs={key: ELSEWHERE}):
            faults.append(f"<{name}> from another host: {tag[key]}")
    for link in page.find_all("link", href=ELSEWHERE):
        if {"stylesheet", "preload", "icon", "preconnect", "dns-prefetch"} & set(link["rel"]):
            faults.append(f"<link> from another host: {link['href']}")
    for style in page.find_all("style"):
        faults += find_foreign_styles(style.string or "")
    return faults


def find_foreign_styles(css: str) -> list[str]:
    found = re.findall(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""", css)
    return [f"style from another host: {address}" for address in found]


def find_raw_markup(page: BeautifulSoup) -> list[str]:
    """Markup that reached the reader as text, and the marks Sphinx leaves on its failures."""
    article = BeautifulSoup(str(article_of(page)), "html.parser")
    faults = [f"Sphinx failed: {tag.get_text()[:80]}" for tag in article.select(".problematic")]
    faults += [f"output on stderr: {tag.get_text()[:80]}" for tag in article.select(".stderr")]
    for tag in article.select(
        "pre, code, script, style, .math, svg, table.dataframe, .bd-headerlink"
    ):
        tag.decompose()
    text = article.get_text(" ")
    for name, pattern in RAW_MARKUP:
        for found in pattern.finditer(text):
            around = text[max(0, found.start() - 20) : found.end() + 20]
            faults.append(f"{name} is not rendered: {' '.join(around.split())}")
    return faults


def find_missing_overflow_rules(page: BeautifulSoup, path: Path) -> list[str]:
    """What stands in for a browser: the page loads the style sheet that boxes wide content."""
    sheets = [link["href"] for link in page.select('link[rel="stylesheet"][href*="book.css"]')]
    if not sheets:
        return ["the page does not load book.css"]
    css = (path.parent / sheets[0].split("?")[0]).read_text(encoding="utf-8")
    return [f"book.css has no rule for {rule}" for rule in OVERFLOW_RULES if rule not in css]
