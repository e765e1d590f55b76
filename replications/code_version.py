"""A hash of the code, part of the names of cached files, so that changed code makes them anew."""

import ast
import functools
import hashlib
import importlib.metadata
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent

# The code that prepares texts, and the code that shapes a training.
TEXT = ("atomic_write.py", "corpora", "tokens")
TRAINING = (*TEXT, "baselines", "decoding", "layers", "metrics", "models", "objectives", "training")


@functools.cache
def code_version(rooms: tuple[str, ...] = TRAINING, package: Path = PACKAGE) -> str:
    """16 hexadecimal digits that depend on the code in `rooms` and on torch's version.

    Comments, docstrings and formatting do not count. The code counts as it was when this was first
    called.
    """
    digest = hashlib.sha256(importlib.metadata.version("torch").encode())
    for room in rooms:
        place = package / room
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                _forget_documentation(node)
            name = file.relative_to(package).as_posix()
            digest.update(f"{name}\n{ast.dump(tree)}\n".encode())
    return digest.hexdigest()[:16]


def _forget_documentation(node: ast.AST) -> None:
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
        node.body = node.body[1:]
