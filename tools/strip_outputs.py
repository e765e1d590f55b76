"""Strip outputs, counts and this machine's kernel from notebooks; exit 1 when one was changed."""

import json
import sys
from pathlib import Path

# What every notebook is committed with: another kernel's name would not be found elsewhere.
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def strip(notebook: dict) -> dict:
    """The notebook as it is committed: sources and tags, no outputs, no run times, one kernel."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
        cell["metadata"].pop("execution", None)
    notebook["metadata"].pop("widgets", None)
    notebook["metadata"] |= KERNEL
    return notebook


def main(names: list[str]) -> int:
    changed = []
    for path in map(Path, names):
        before = path.read_text(encoding="utf-8")
        after = json.dumps(strip(json.loads(before)), indent=1, ensure_ascii=False) + "\n"
        if json.loads(after) != json.loads(before):
            path.write_text(after, encoding="utf-8")
            changed.append(path)
    for path in changed:
        print(f"{path}: outputs or kernel removed; add it again and commit")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
