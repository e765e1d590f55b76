"""What a reader sees of a chapter's cells: code that teaches, in lines that fit the column."""

import json
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[1] / "book"
FOLDED = {"remove-cell", "remove-input", "hide-cell", "hide-input"}
# Those that have the first screen and the narrow lines; the others follow.
MODELS = (
    "01_word2vec",
    "02_glove",
    "03_seq2seq",
    "04_bahdanau",
    "05_transformer",
    "06_gpt1",
    "07_gpt2",
    "08_gpt3",
    "09_bert",
    "10_kaplan",
    "11_chinchilla",
    "12_instructgpt",
    "13_constitutional_ai",
    "14_llama",
    "15_alphafold",
)
WIDEST = 80


def cells(name: str) -> list[dict]:
    return json.loads((BOOK / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


def tags(cell: dict) -> set[str]:
    return set(cell["metadata"].get("tags", ()))


@pytest.mark.parametrize("name", MODELS)
def test_visible_code_fits_the_column(name):
    shown = [c for c in cells(name) if c["cell_type"] == "code" and not FOLDED & tags(c)]
    lines = [line.rstrip("\n") for cell in shown for line in cell["source"]]
    assert [line for line in lines if len(line) > WIDEST] == []


@pytest.mark.parametrize("name", MODELS)
def test_picture_idea_and_verdicts_come_first_then_the_folded_cost_and_claims(name):
    sources = ["".join(cell["source"]) for cell in cells(name)]
    marks = ("draw_", "**The idea.**", "what_came_out(", "cost_box(", "claims_before(", "fit(")
    places = [next(n for n, source in enumerate(sources) if mark in source) for mark in marks]
    assert places == sorted(places)
    folded = [tags(cells(name)[place]) for place in places[3:5]]
    assert all("hide-cell" in each for each in folded)


@pytest.mark.parametrize("name", MODELS)
def test_every_drawn_figure_is_described(name):
    drawn = [c for c in cells(name) if c["cell_type"] == "code" and "draw_" in "".join(c["source"])]
    images = [cell["metadata"].get("mystnb", {}).get("image", {}) for cell in drawn]
    assert drawn and all(len(image.get("alt", "")) > 40 for image in images)
