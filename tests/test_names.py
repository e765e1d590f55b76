"""Public names use the field's words: none holds a word that this book had made up for a thing.

Names that keep such a word stand in CONTRIBUTING.md, under "Names kept", each with its reason.
"""

import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from replications.paths import REPOSITORY

PACKAGE = REPOSITORY / "replications"

# Of what had a home-made name: the words that one would find in a name of the code.
HOME_MADE = set(
    "advance allowed asked beginnings block blocks bothways cell cells decision decisions deviation"
    " follows guess hide inner inside leftright links longest look looks mark marked marks meetings"
    " nucleus pass passes pattern patterns piece pieces place places plain rate row rows says slope"
    " surprise thinks wanted waves yes".split()
)
# Two words that are one name together, though neither says anything by itself.
TOGETHER = {"both_ways": "bothways", "left_to_right": "leftright", "by_heart": "heart"}


def words_of(name: str) -> set[str]:
    for together, one in TOGETHER.items():
        name = name.replace(together, one)
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def public_names(tree: ast.AST) -> set[str]:
    """Classes, their fields, functions and arguments; what begins with an underscore is private."""
    found = set()
    for node in getattr(tree, "body", []):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name.startswith("_") and not node.name.startswith("__"):
                continue
            found.add(node.name)
            if isinstance(node, ast.ClassDef):
                found |= public_names(node)
            else:
                given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                found.update(argument.arg for argument in given)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Assign):
            found.update(each.id for each in node.targets if isinstance(each, ast.Name))
    return {name for name in found if not name.startswith("_")}


def kept_names() -> list[tuple[list[str], str]]:
    """The patterns of each line of the table, and the reason beside them."""
    text = (
        (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Names kept\n", 1)[1]
    )
    table = text.split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| `")]
    return [(re.findall(r"`([^`]+)`", names), reason.strip()) for names, reason in rows]


def home_made(names: set[str], kept: list[str]) -> list[str]:
    return sorted(
        name
        for name in names
        if words_of(name) & HOME_MADE and not any(fnmatchcase(name, each) for each in kept)
    )


def test_each_name_that_is_kept_has_a_reason():
    kept = kept_names()
    assert len(kept) > 10
    assert [names for names, reason in kept if not names or len(reason) < 15] == []


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_public_names_are_the_fields(file: Path):
    names = public_names(ast.parse(file.read_text(encoding="utf-8"))) | {file.stem}
    assert home_made(names, [each for patterns, _ in kept_names() for each in patterns]) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def mask(longest):\n    place = 1", ["longest"]),
        ("class NotAsked:\n    wanted: int", ["NotAsked", "wanted"]),
        ("def both_ways():\n    pass", ["both_ways"]),
        ("class Net:\n    def step(self, *, most_pieces): ...", ["most_pieces"]),
        ("HIGHEST_RATE = 1", ["HIGHEST_RATE"]),
        ("def _private(longest): ...\ndef replace(learning): ...", []),
        ("def learning_rate(step): ...", []),
    ],
)
def test_a_home_made_name_is_found(source, found):
    assert home_made(public_names(ast.parse(source)), ["learning_rate"]) == found
