"""Refuse a Python that the package does not run on, or another one than the environment's.

Standard library only, and in the syntax of old Pythons: it runs before anything is installed.
"""

import argparse
import subprocess
import sys


def check(version, same_as=None):
    """Why this Python cannot be used, with the way out; "" where it can."""
    shown = ".".join(map(str, version[:2]))
    if not (3, 11) <= tuple(version[:2]) < (3, 14):
        return (
            "Python 3.11 to 3.13 is needed, and this one is " + shown + ". Name another: "
            "make PYTHON=python3.12"
        )
    if same_as is not None:
        there = subprocess.check_output(
            [same_as, "-c", "import sys; print(*sys.version_info[:2], sep='.')"], text=True
        ).strip()
        if there != shown:
            return (
                "The environment was made with Python "
                + there
                + ", and PYTHON asks for "
                + shown
                + ". Make another one: make VENV=.venv-"
                + shown
                + " PYTHON=python"
                + shown
                + ", or remove this one first: make clean"
            )
    return ""


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--same-as", help="the environment's own python")
    sys.exit(check(sys.version_info, options.parse_args().same_as) or None)
