"""Markdown tables: they look alike in Jupyter and in the book, and follow its light and dark."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from IPython.display import Markdown

from replications.records import Number


def table(header: Sequence[str], rows: Iterable[Sequence[object]], note: str = "") -> Markdown:
    """A table, and a line below it. HTML in a cell is shown as the text that it is."""
    lines = ["| " + " | ".join(_cell(name) for name in header) + " |"]
    lines.append("|" + " --- |" * len(header))
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return Markdown("\n".join([*lines, *(["", note] if note else [])]))


def stacking_table(
    header: Sequence[str], rows: Iterable[Sequence[object]], note: str = ""
) -> Markdown:
    """A table for long cells: on a phone, book.css sets the cells of a row one below the other.

    Each cell but the first then begins with its column's heading, which a wide screen hides.
    """
    labels = [f"<span class='label' hidden>{_cell(name)}: </span>" for name in header]
    lines = ["| " + " | ".join(_cell(name) for name in header) + " |"]
    lines.append("|" + " --- |" * len(header))
    for first, *others in rows:
        cells = [_cell(first)]
        cells += [label + _cell(cell) for label, cell in zip(labels[1:], others, strict=True)]
        lines.append("| " + " | ".join(cells) + " |")
    whole = "\n".join(["<div class='stacking'>", "", *lines, "", "</div>"])
    return Markdown(f"{whole}\n\n{note}" if note else whole)


# A code span as CommonMark has it: in one, nothing is markup.
_CODE = re.compile(r"((?<!`)(?P<mark>`+)(?!`).+?(?<!`)(?P=mark)(?!`))", re.DOTALL)


def as_text(content: object) -> str:
    """Markdown stays markdown; of HTML, which a corpus may hold, only the line break."""
    shown, end = "", 0
    for code in _CODE.finditer(text := str(content)):
        shown += _without_html(text[end : code.start()]) + code.group()
        end = code.end()
    return (shown + _without_html(text[end:])).replace("\n", " ")


def _cell(content: object) -> str:
    return as_text(content).replace("|", "\\|")


def _without_html(text: str) -> str:
    return escape(text, quote=False).replace("&lt;br&gt;", "<br>")


def quantity(value: Number, units: Sequence[tuple[Number, str]]) -> str:
    """A number with the largest unit that it reaches: 2.1e12 with (1e12, "TFLOP") is "2.1 TFLOP".

    `units` come with the largest first.
    """
    size, name = next((unit for unit in units if value >= unit[0]), units[-1])
    return f"{_short(value / size)} {name}".strip()


def scientific(value: Number) -> str:
    """Two digits and a power of ten, as formulas: 0.00019 is "$1.9 \\times 10^{-4}$"."""
    digits, power = f"{value:.1e}".split("e")
    return rf"${digits} \times 10^{{{int(power)}}}$"


def _short(value: float) -> str:
    """Two significant digits, and whole numbers whole."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


BYTES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "bytes"))
FLOPS = (
    (1e18, "EFLOP"),
    (1e15, "PFLOP"),
    (1e12, "TFLOP"),
    (1e9, "GFLOP"),
    (1e6, "MFLOP"),
    (1, "FLOP"),
)
COUNTS = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"), (1, ""))
SECONDS = ((3600, "h"), (60, "min"), (1, "s"))
