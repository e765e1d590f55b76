"""The records of a sweep of many runs in one file a tier: what is equal in all is stored once.

`data/records/<paper>/sweep.<tier>.jsonl` has a JSON object a line. The first holds under `common`
what all runs of the file have alike, and under `runs` how many they are. Each other line is a run:
with `common` merged into it, object by object, it is a record as `schema.json` says. Other files
`*.jsonl` beside it, such as those of a second machine, are read as well.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from replications.atomic_write import written_whole
from replications.errors import ReplicationError

# The other fields stand in the run's own line for readability, equal in all or not.
_SHARED = (
    "paper", "tier", "recipe_parts", "commit", "command", "device", "versions", "corpora",
)  # fmt: skip


def compact_file(paper: str, tier: str, folder: Path) -> Path:
    """Where the runs of a paper's sweep are recorded."""
    return folder / paper / f"sweep.{tier}.jsonl"


def compact_files(paper: str, folder: Path) -> list[Path]:
    return sorted((folder / paper).glob("*.jsonl"))


def read_compact(path: Path) -> list[dict]:
    """The records of the file as JSON values, in its order.

    Raises ReplicationError, naming the file and the line, for anything but a whole file.
    """

    def refuse(what: str) -> ReplicationError:
        return ReplicationError(
            f"{path} is not a whole file of records: {what}. Restore it with `git checkout`; or "
            "delete it, or the damaged lines alone with `runs` in the first line set to how many "
            "are left, and run the sweep again, which makes what is missing."
        )

    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReplicationError(f"Cannot read the records {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise refuse("it is not UTF-8 text") from error
    objects = []
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        try:
            objects.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise refuse(f"line {number} is not JSON ({error})") from error
        if not isinstance(objects[-1], dict):
            raise refuse(f"line {number} is not an object")
    match objects[0]:
        case {"common": dict(common), "runs": int(runs)}:
            pass
        case _:
            raise refuse("its first line does not say what is common to all")
    if len(objects) - 1 != runs:
        raise refuse(f"its first line speaks of {runs} runs, and {len(objects) - 1} follow")
    return [_merged(common, own) for own in objects[1:]]


def write_compact(path: Path, record: dict) -> None:
    """Add the record, or put it in the place of the one of the same recipe and seed.

    The file is written anew under another name and takes its place whole, so that a process that
    is killed leaves the old one; processes that write at the same time wait for each other.
    Raises OSError where writing fails, and ReplicationError where the file is damaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(path.parent):
        records = read_compact(path) if path.exists() else []
        by_run = {_run(each): each for each in (*records, record)}
        ordered = [by_run[run] for run in sorted(by_run)]
        common = _common([{k: r[k] for k in _SHARED if k in r} for r in ordered])
        lines = [
            {"common": common, "runs": len(ordered)},
            *(_without(common, each) for each in ordered),
        ]
        text = "".join(
            json.dumps(each, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
            for each in lines
        )
        with written_whole(path) as partial:
            partial.write_text(text, encoding="utf-8", newline="\n")


def _run(record: dict) -> tuple[str, int]:
    return record["recipe"], record["seed"]


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """An exclusive lock on the folder, which the system frees when the process ends."""
    # Windows has no such module; there only this function fails.
    import fcntl

    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def _common(trees: list[dict]) -> dict:
    """What is the same in all, object by object; a list is the same as a whole or not at all."""
    first, *others = trees
    common = {}
    for key, value in first.items():
        if not all(key in other for other in others):
            continue
        values = [value, *(other[key] for other in others)]
        if all(isinstance(each, dict) for each in values):
            common[key] = _common(values)
        elif len({_text(each) for each in values}) == 1:
            common[key] = value
    return common


def _without(common: dict, tree: dict) -> dict:
    """The tree without what is common: `_merged` is the way back."""
    own = {}
    for key, value in tree.items():
        if key not in common:
            own[key] = value
        elif isinstance(value, dict) and (rest := _without(common[key], value)):
            own[key] = rest
    return own


def _merged(common: dict, own: dict) -> dict:
    whole = {**common, **own}
    for key, value in common.items():
        # Each record has objects of its own, so that an edit of one leaves the others alone.
        if isinstance(value, dict) and isinstance(rest := own.get(key, {}), dict):
            whole[key] = _merged(value, rest)
        elif isinstance(value, list) and key not in own:
            whole[key] = json.loads(_text(value))
    return whole


def _text(value: object) -> str:
    # 1, 1.0 and true are equal to Python, and not to a record.
    return json.dumps(value, sort_keys=True)
