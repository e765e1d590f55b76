"""Where a run came from: the code's commit, the command, the machine, the versions, the memory."""

import contextlib
import importlib.metadata
import os
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from replications.paths import REPOSITORY

RECORDED_PACKAGES = ("torch", "lightning", "numpy", "gensim", "replications")


def provenance(device: str) -> dict:
    """The record's fields `commit`, `command`, `device`, `date` and `versions`, as of now.

    To be called before training, so that an edit made meanwhile is not credited to the run.
    """
    return {
        "commit": commit(),
        "command": command(),
        "device": device_name(device),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
    }


def commit(repository: Path = REPOSITORY) -> str:
    """The commit's sha; "<sha>-dirty" when tracked files differ from it; "unknown" outside git.

    New or changed records do not make it dirty: every run but the first would be.
    """
    try:
        sha = _git(repository, "rev-parse", "HEAD")
        # The package may be installed inside some other project's repository.
        if Path(_git(repository, "rev-parse", "--show-toplevel")).resolve() != repository.resolve():
            return "unknown"
        changed = _git(
            repository,
            "status",
            "--porcelain",
            "--untracked-files=no",
            "--",
            ".",
            ":(exclude)data/records",
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{sha}-dirty" if changed else sha


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
    """The hardware behind "cpu", "cuda" or "mps": "AMD EPYC, 2 threads", "NVIDIA H200"."""
    # `replicate --help` reads this module and must not wait for torch.
    import torch

    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    if device == "mps":
        return f"{_processor()} (mps)"
    threads = torch.get_num_threads()
    return f"{_processor()}, {threads} thread{'s' if threads > 1 else ''}"


def forget_peak_memory() -> None:
    """Let `peak_memory_bytes` start anew, so that one run is not charged for the one before.

    Only Linux offers this (proc_pid_clear_refs(5), value 5); elsewhere nothing happens.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory_bytes() -> int:
    """The most memory this process has held at once (resident set), in bytes."""
    # Windows has no such module; there only this function fails.
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _git(repository: Path, *arguments: str) -> str:
    # A hook of some repository is told by GIT_DIR and the like to look into that one.
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
