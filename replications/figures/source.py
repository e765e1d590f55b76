"""Source of the package, shown in a chapter: the code that ran, not a copy of it."""

import inspect
from collections.abc import Callable
from pathlib import Path

from IPython.display import Markdown

from replications.paths import REPOSITORY


def show_source(*parts: Callable) -> Markdown:
    """The source of classes, functions or methods, with the file and line where each stands.

    Jupyter and the book both colour a fenced block, each in its own light and dark.
    """
    shown = []
    for part in parts:
        part = inspect.unwrap(part)
        lines, first = inspect.getsourcelines(part)
        path = Path(inspect.getsourcefile(part)).resolve()
        source = inspect.cleandoc("\n" + "".join(lines))
        place = path.relative_to(REPOSITORY).as_posix()
        shown.append(f"```python\n# {place}, line {first}\n{source.rstrip()}\n```")
    return Markdown("\n\n".join(shown))
