"""Build the book: execute every chapter, render the pages, check them, say where they are.

Jupyter Book's execution cache compares notebooks alone, so that a change in the imported package
would show old outputs. Here the cache lies in a folder named after the content of everything
that a chapter can see (package, data, lock, interpreter, tier); another content is another
folder. When nothing at all has changed since the last good build, nothing is built.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[1]
BUILD = REPOSITORY / "_build"
HTML = BUILD / "html"
STAMP = BUILD / "built-from"

SEEN_BY_CHAPTERS = ("replications", "data", "constraints.txt", "pyproject.toml")
SEEN_BY_PAGES = ("book", "_config.yml", "tools/build_book.py", "tests/book")
IGNORED_PARTS = {"__pycache__", ".ipynb_checkpoints", "_build"}


def list_files(name: str) -> list[Path]:
    """Every file below `name` (or the file itself) that belongs to the sources, sorted."""
    place = REPOSITORY / name
    found = [place] if place.is_file() else sorted(place.rglob("*"))
    return [
        path
        for path in found
        if path.is_file()
        and not IGNORED_PARTS & set(path.relative_to(REPOSITORY).parts)
        and path.suffix not in {".pyc", ".tmp"}
    ]


def hash_content(names: Iterable[str], settings: Iterable[str]) -> str:
    """sha256 over paths and bytes of all files below `names`, and over `settings`."""
    digest = hashlib.sha256()
    for setting in settings:
        digest.update(setting.encode() + b"\0")
    for name in names:
        for path in list_files(name):
            digest.update(path.relative_to(REPOSITORY).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


# owner/name on a host whose pages the theme can link to, as an address or as git writes it.
_REPOSITORY = re.compile(
    r"(?:(?:https?|ssh)://)?(?:[^@/\s]+@)?(?P<host>github\.com|gitlab\.com)(?::\d+)?[:/]"
    r"(?P<path>[\w.-]+(?:/[\w.-]+)+)"
)


def repository_address(named: str) -> str:
    """The https address of a repository that is named as git or a browser names it, "" for none.

    SystemExit for what is no repository of github.com or gitlab.com.
    """
    named = named.strip()
    if not named:
        return ""
    found = _REPOSITORY.fullmatch(named.rstrip("/").removesuffix(".git"))
    # The theme asks for an owner and a name: GitLab's groups inside groups it would cut.
    if found is None or found["path"].count("/") != 1:
        sys.exit(
            f"BOOK_REPOSITORY_URL is {named!r}, for which no links can be made: give an address "
            "such as https://github.com/OWNER/NAME (or of gitlab.com), or unset it for a book "
            "without launch buttons."
        )
    return f"https://{found['host']}/{found['path']}"


def launch_buttons(address: str) -> dict[str, str]:
    """Where a chapter can be opened: Binder, and Colab, which opens GitHub's notebooks alone."""
    binder = {"binderhub_url": "https://mybinder.org"}
    colab = {"colab_url": "https://colab.research.google.com"}
    return binder | colab if address.startswith("https://github.com/") else binder


def write_config(cache: Path, repository_url: str, branch: str) -> Path:
    """_config.yml with the execution cache, and with links where a repository is named."""
    config = yaml.safe_load((REPOSITORY / "_config.yml").read_text(encoding="utf-8"))
    config["execute"]["cache"] = str(cache)
    if repository_url:
        config["repository"] |= {"url": repository_url, "branch": branch}
        config["launch_buttons"] |= launch_buttons(repository_url)
        config["html"] |= {"use_repository_button": True, "use_issues_button": True}
        theme = config["sphinx"]["config"].setdefault("html_theme_options", {})
        theme["use_source_button"] = True
    written = BUILD / "config.yml"
    written.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return written


def drop_other_caches(cache: Path) -> None:
    for other in BUILD.glob("execution-*"):
        if other != cache:
            shutil.rmtree(other)


def build(cache: Path, repository_url: str, branch: str) -> None:
    """Run Jupyter Book; SystemExit with its status when a notebook or a page is faulty."""
    BUILD.mkdir(exist_ok=True)
    STAMP.unlink(missing_ok=True)
    drop_other_caches(cache)
    if HTML.exists():
        shutil.rmtree(HTML)
    config = write_config(cache, repository_url, branch)
    jupyter_book = str(Path(sys.executable).with_name("jupyter-book"))
    command = [jupyter_book, "build", "book", "--config", str(config)]
    # Nit-picky, and each warning an error: a dead reference is a fault of the page.
    command += ["--path-output", str(REPOSITORY), "-W", "-n", "--keep-going", "--all"]
    # The chapters' tensors are small: more threads would spend their time waiting for each other.
    settings = {"OMP_NUM_THREADS": "1", **os.environ}
    status = subprocess.run(
        command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, env=settings
    ).returncode
    if status:
        sys.exit(f"The book was not built: the faults are above (Jupyter Book's status {status}).")


def check(tests: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", tests]
    if subprocess.run(command, cwd=REPOSITORY, stdin=subprocess.DEVNULL).returncode:
        sys.exit(f"The pages in {HTML} are faulty: the tests above say where.")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--check", metavar="TESTS", help="pytest path that judges the pages")
    chosen = options.parse_args()

    repository_url = repository_address(os.environ.get("BOOK_REPOSITORY_URL", ""))
    branch = os.environ.get("BOOK_REPOSITORY_BRANCH", "main")
    tier = os.environ.get("REPLICATIONS_TIER", "smoke")
    chapters = hash_content(SEEN_BY_CHAPTERS, (sys.version, tier))
    pages = hash_content(SEEN_BY_PAGES, (chapters, repository_url, branch, chosen.check or ""))

    home = HTML / "index.html"
    if home.exists() and STAMP.exists() and STAMP.read_text() == pages:
        print("Nothing has changed since the last build.")
    else:
        build(BUILD / f"execution-{chapters[:16]}", repository_url, branch)
        if chosen.check:
            check(chosen.check)
        STAMP.write_text(pages)
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    print(f"The book is in {home}: open it in a browser, or with: {opener} {home}", flush=True)


if __name__ == "__main__":
    main()
