"""Provenance of a run: the code's commit, the command, the machine, the versions, the memory."""

import contextlib
import functools
import hashlib
import importlib.metadata
import os
import platform
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from replications.atomic_write import written_whole
from replications.corpora.store.download import mirror
from replications.paths import REPOSITORY

# What shapes a result: an export's digest is over these files, and untracked ones count as changes.
CODE = ("replications/**/*.py", "data/registry/*.yml", "data/paper_values/*.csv")
COMMIT_FILE = "COMMIT"
RECORDED_PACKAGES = ("torch", "lightning", "numpy", "gensim", "replications")


def provenance(device: str) -> dict:
    """The record's fields `commit`, `command`, `device`, `date` and `versions`, as of now.

    To be called before training, so that an edit made meanwhile is not credited to the run.
    """
    return {
        "commit": imported_commit(),
        "command": command(),
        "device": device_name(device),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
    }


@functools.cache
def imported_commit() -> str:
    """The commit as it was when this was first called: call it where a process begins.

    HEAD may move while runs last, and the modules that are imported stay as they were.
    """
    return commit()


def commit(repository: Path = REPOSITORY) -> str:
    """The commit's sha; "<sha>-dirty" when the code differs from it; "unknown" where none is known.

    It differs when a tracked file is changed, or when there is a new module or registry entry. New
    or changed records do not make it dirty: every run but the first would be. Outside git it is
    the commit that an export has left: see `write_commit_file`.
    """
    try:
        sha = _git(repository, "rev-parse", "HEAD")
        # The package may be installed inside some other project's repository.
        if Path(_git(repository, "rev-parse", "--show-toplevel")).resolve() != repository.resolve():
            return _exported_commit(repository)
        tracked = "status", "--porcelain", "--untracked-files=no", "--", ".", _NO_RECORDS
        new = "ls-files", "--others", "--exclude-standard", "--", "*.py", *_NEW, _NO_RECORDS
        changed = _git(repository, *tracked) or _git(repository, *new)
    except (OSError, subprocess.CalledProcessError):
        return _exported_commit(repository)
    return f"{sha}-dirty" if changed else sha


_NO_RECORDS = ":(exclude)data/records"
_NEW = tuple(f":(glob){pattern}" for pattern in CODE)


def write_commit_file(
    folder: Path, repository: Path = REPOSITORY, *, copied: Path | None = None
) -> Path:
    """Write the commit into a copy of the repository, for the records that it will make.

    The file `COMMIT` holds the commit and a sha256 over the copy's code; where the code is changed
    afterwards, `commit` gives "<sha>-dirty". Call it last, when the copy is complete. A folder of
    corpora has no code: `copied` is then what the sha256 is over, and the code finds the file
    there where it has none itself and REPLICATIONS_MIRROR is the folder.
    """
    file = folder / COMMIT_FILE
    with written_whole(file) as partial:
        digest = _digest(copied or folder)
        partial.write_text(f"{commit(repository)}\n{digest}\n", encoding="ascii")
    return file


def _exported_commit(folder: Path) -> str:
    sha, digest = _commit_file(folder) or _commit_file_of_mirror() or ("unknown", "")
    if digest == _digest(folder) or sha == "unknown" or sha.endswith("-dirty"):
        return sha
    return f"{sha}-dirty"


def _commit_file(folder: Path) -> tuple[str, str] | None:
    try:
        sha, digest = (folder / COMMIT_FILE).read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return sha, digest


def _commit_file_of_mirror() -> tuple[str, str] | None:
    here = mirror()
    return _commit_file(here) if isinstance(here, Path) else None


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted({file for pattern in CODE for file in folder.glob(pattern)}):
        # Line ends are what an archive or a checkout makes of them.
        content = file.read_bytes().replace(b"\r\n", b"\n")
        name = file.relative_to(folder).as_posix()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def command(arguments: list[str] | None = None) -> str:
    """The command line that is running, without the folders of this machine."""
    program, *rest = sys.argv if arguments is None else arguments
    name = Path(program).name
    if Path(program).parts[-2:] == ("cli", "__main__.py"):
        name = "replicate"
    shown = [Path(word).name if os.path.isabs(word) else word for word in rest]
    return shlex.join([name, *shown])


def versions() -> dict[str, str]:
    """Version by package, with Python's own; a package that is not installed is left out."""
    found = {"python": platform.python_version()}
    for package in RECORDED_PACKAGES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    return found


def device_name(device: str) -> str:
    """The hardware behind "cpu" or "cuda": "AMD EPYC, 2 threads", "NVIDIA H200"."""
    # `replicate --help` reads this module and must not wait for torch.
    import torch

    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return f"{_processor()}, {threads} thread{'s' if threads > 1 else ''}"


def forget_peak_memory(device: str = "cpu") -> None:
    """Let `peak_memory_bytes` start anew, so that one run is not charged for the one before.

    For a process only Linux offers this (proc_pid_clear_refs(5), value 5); elsewhere nothing
    happens.
    """
    if device.startswith("cuda"):
        import torch

        torch.cuda.reset_peak_memory_stats(device)
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory_bytes(device: str = "cpu") -> int:
    """The peak memory in bytes: on a GPU of tensors, else of this process."""
    if device.startswith("cuda"):
        import torch

        return torch.cuda.max_memory_allocated(device)
    # The peak of getrusage counts the memory of the process that started this one, and cannot be
    # reset; that of the address space alone can.
    with contextlib.suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii")
        if found := re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE):
            return int(found[1]) * 1024
    # Windows has no such module; there only this function fails.
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _git(repository: Path, *arguments: str) -> str:
    # Inside a hook of some repository, GIT_DIR and the like point to that one.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    # Without optional locks, so that a run never disturbs a commit made at the same time.
    done = subprocess.run(
        ["git", "--no-optional-locks", "-C", str(repository), *arguments],
        capture_output=True,
        check=True,
        text=True,
        env=own,
    )
    return done.stdout.strip()


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        brand = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(brand, capture_output=True, check=True, text=True).stdout.strip()
    return platform.processor() or platform.machine()
