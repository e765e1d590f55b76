"""Renew constraints.txt: install the newest versions in a fresh environment, write them down.

Standard library only, so that it runs before anything is installed. Names that the old lock
holds and this platform does not install (another platform's dependencies) keep their pin.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
LOCK = REPOSITORY / "constraints.txt"


def read_pins(lines: list[str]) -> dict[str, str]:
    """Normalised name -> `name==version`, without a build's local part such as `+cpu`."""
    pins = {}
    for line in lines:
        found = re.fullmatch(r"([A-Za-z0-9._-]+)==([^+\s]+)(\+\S+)?", line.strip())
        if found:
            name, version, _ = found.groups()
            pins[re.sub(r"[-_.]+", "-", name).lower()] = f"{name}=={version}"
    return pins


def freeze_newest() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        wanted = f"{REPOSITORY}[book,test,lab,dev]"
        subprocess.run([python, "-m", "pip", "install", "setuptools", "wheel", wanted], check=True)
        frozen = subprocess.run(
            [python, "-m", "pip", "list", "--format=freeze", "--exclude=replications"],
            check=True,
            capture_output=True,
            text=True,
        )
    # NVIDIA's and Triton's packages exist for Linux alone, and torch pins each of them itself.
    ours = re.compile(r"(?!pip==|nvidia|cuda|triton)")
    return [line for line in frozen.stdout.splitlines() if ours.match(line)]


def main() -> None:
    old = LOCK.read_text(encoding="utf-8").splitlines()
    header = [line for line in old if line.startswith("#")]
    pins = read_pins(old) | read_pins(freeze_newest())
    lines = header + [pins[name] for name in sorted(pins)]
    LOCK.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{LOCK.name}: {len(pins)} versions. Now: make clean test book")


if __name__ == "__main__":
    main()
