"""Put the cell that installs the package first into notebooks; exit 1 when one was changed.

A launch button opens a notebook alone. Binder builds the environment for it; Colab does not. The
book does not show the cell, and where the package is installed it does nothing.
"""

import json
import sys
from pathlib import Path

CELL_ID = "install"
TAGS = ["remove-cell"]
SOURCE = r"""
# On Colab, and wherever else the package is not installed: take it from the
# repository that this notebook was opened from.
import importlib.util

if importlib.util.find_spec("replications") is None:
    import json
    import os
    import re
    import subprocess
    import sys
    from urllib.parse import unquote
    from urllib.request import urlopen

    opened = os.environ.get("BOOK_REPOSITORY_URL", "")
    if not opened and "COLAB_JUPYTER_IP" in os.environ:
        sessions = f"http://{os.environ['COLAB_JUPYTER_IP']}:9000/api/sessions"
        opened = unquote(json.load(urlopen(sessions, timeout=30))[0]["path"])
    github = r"(https://github\.com/[^/]+/[^/?#]+)(?:/blob/([^/]+))?"
    found = re.search(github, opened)
    if found is None:
        raise ModuleNotFoundError(
            "The package `replications` is not installed here. Clone the "
            "book's repository, run `make lab` in it, and open this chapter "
            "there; or set BOOK_REPOSITORY_URL to its address on GitHub."
        )
    address, branch = found.groups()
    folder = "replications-book"
    clone = ["git", "clone", "--quiet", "--depth=1", address, folder]
    clone += ["--branch", branch] if branch else []
    # It is there when the cell runs again, after an installation that failed.
    if not os.path.isdir(folder):
        subprocess.run(clone, check=True)
    # Without the lock, so that Colab's own build of PyTorch stays.
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--editable"]
    subprocess.run([*install, folder], check=True)
    # A kernel that is running does not look for new packages.
    sys.path.insert(0, os.path.abspath(folder))
""".strip()


def with_cell(notebook: dict) -> dict:
    """The notebook with the cell after its title, where a page must begin with its heading."""
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": CELL_ID,
        "metadata": {"tags": TAGS},
        "outputs": [],
        "source": SOURCE.splitlines(keepends=True),
    }
    others = [other for other in notebook["cells"] if other.get("id") != CELL_ID]
    return {**notebook, "cells": [*others[:1], cell, *others[1:]]}


def main(names: list[str]) -> int:
    changed = []
    for path in map(Path, names):
        before = json.loads(path.read_text(encoding="utf-8"))
        after = with_cell(before)
        if after != before:
            path.write_text(
                json.dumps(after, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
            )
            changed.append(path)
    for path in changed:
        print(f"{path}: the cell that installs the package is in place; add it again and commit")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
