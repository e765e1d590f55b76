"""The project's own files agree with each other: settings, environments, chapters, notebooks."""

import importlib.util
import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from replications.paths import BOOK, RECORDS, REPOSITORY
from tools import install_cell

NOTEBOOKS = sorted(BOOK.glob("*.ipynb"))
CHAPTERS = [path for path in NOTEBOOKS if re.fullmatch(r"\d\d_\w+", path.stem)]


def read_yaml(name: str) -> dict:
    return yaml.safe_load((REPOSITORY / name).read_text(encoding="utf-8"))


def read_project() -> dict:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read_lock() -> dict[str, str]:
    pins = {}
    for line in (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, _, version = line.partition("==")
            pins[canonicalize_name(name)] = version
    return pins


def all_requirements() -> list[Requirement]:
    project = read_project()
    extras = project["optional-dependencies"].values()
    return [Requirement(text) for text in sum(extras, [*project["dependencies"]])]


def known_settings() -> tuple[dict, dict]:
    """Jupyter Book's own list of settings, and its schema, which adds a few under `execute`."""
    package = Path(importlib.util.find_spec("jupyter_book").origin).parent
    defaults = yaml.safe_load((package / "default_config.yml").read_text(encoding="utf-8"))
    schema = json.loads((package / "config_schema.json").read_text(encoding="utf-8"))
    return defaults, schema


def find_unknown_settings(config: dict) -> list[str]:
    """Settings that Jupyter Book would ignore without a word."""
    defaults, schema = known_settings()
    unknown = []
    for section, content in config.items():
        described = schema["properties"].get(section, {})
        if section not in defaults and not described:
            unknown.append(section)
        if not isinstance(content, dict):
            continue
        known = set(defaults.get(section) or {}) | set(described.get("properties", {}))
        unknown += [f"{section}: {key}" for key in content if key not in known]
    return unknown


def test_jupyter_book_knows_each_of_our_settings():
    config = read_yaml("_config.yml")
    assert find_unknown_settings(config) == []
    jsonschema.validate(config, known_settings()[1])


@pytest.mark.parametrize(
    ("config", "unknown"),
    [
        ({"execute": {"execute_notebook": "cache"}}, ["execute: execute_notebook"]),
        ({"launch_button": {}}, ["launch_button"]),
        ({"execute": {"raise_on_error": True}, "title": "x"}, []),
    ],
)
def test_a_misspelt_setting_would_be_found(config, unknown):
    assert find_unknown_settings(config) == unknown


def test_a_failing_or_slow_notebook_fails_the_build():
    execute = read_yaml("_config.yml")["execute"]
    assert execute["raise_on_error"] is True
    assert execute["allow_errors"] is False
    assert execute["execute_notebooks"] == "cache"
    assert execute["timeout"] == 600
    assert "exclude_patterns" not in execute


def test_the_conda_environment_installs_what_make_env_installs():
    *from_conda, from_pip = read_yaml("environment.yml")["dependencies"]
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    lock, package = from_pip["pip"]
    assert (lock, package) == ("-c constraints.txt", "-e .[book,test]")
    assert "LOCK ?= constraints.txt" in makefile
    assert '-e ".[book,test]"' in makefile
    assert {"book", "test"} <= set(read_project()["optional-dependencies"])
    # Nothing but the interpreter and the tools to install with: pip's packages stay the same ones.
    assert [re.split("[<>=]", name)[0] for name in from_conda] == ["python", "pip", "make"]
    # One Python: of a range, Binder takes its own default, which is too old.
    pinned = re.fullmatch(r"python=(3\.\d+)", from_conda[0])[1]
    assert f"{pinned}.1" in SpecifierSet(read_project()["requires-python"])


NODE24 = {"checkout": 7, "setup-python": 7, "upload-pages-artifact": 5, "deploy-pages": 5}


@pytest.mark.parametrize("name", ["ci", "weekly"])
def test_actions_are_of_the_generations_that_do_not_need_node20(name):
    text = (REPOSITORY / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: actions/([\w-]+)@v(\d+)$", text, re.MULTILINE)
    assert used
    assert {action for action, version in used if int(version) < NODE24[action]} == set()
    assert text.count("uses:") == len(used)


def test_a_new_rule_of_the_linter_hides_nothing_in_the_weekly_run():
    steps = read_yaml(".github/workflows/weekly.yml")["jobs"]["newest"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    (linting,) = [place for place, command in enumerate(commands) if "lint" in command]
    testing = [place for place, command in enumerate(commands) if "make" in command][:-1]
    assert testing
    assert max(testing) < linting
    # `make test` lints first.
    assert not any("make test" in command or ".ci/run" in command for command in commands)
    assert all(step.get("if") == "always()" for step in steps if "lint" in step.get("run", ""))


def test_every_text_is_checked_out_with_line_ends_that_scripts_can_have():
    lines = (REPOSITORY / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "* text=auto eol=lf" in lines
    assert b"\r" not in (REPOSITORY / ".ci" / "run").read_bytes()


def make(*words: str, **settings: str) -> str:
    """What make would run."""
    surroundings = {**os.environ, **settings}
    command = ["make", "--dry-run", *words]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=surroundings, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_make_passes_on_the_tier_that_was_chosen(tmp_path):
    file = tmp_path / "Makefile"
    file.write_text(f"include {REPOSITORY / 'Makefile'}\nshow:\n\t@echo tier=$$REPLICATIONS_TIER\n")

    def shown(*words, **settings):
        surroundings = {name: v for name, v in os.environ.items() if name != "REPLICATIONS_TIER"}
        command = ["make", "-s", "-f", str(file), "show", *words]
        return subprocess.run(
            command, env={**surroundings, **settings}, capture_output=True, text=True, check=True
        ).stdout

    assert shown() == "tier=smoke\n"
    assert shown(REPLICATIONS_TIER="laptop") == "tier=laptop\n"
    assert shown("REPLICATIONS_TIER=laptop") == "tier=laptop\n"


def test_a_notebook_runs_on_one_thread_unless_another_number_is_asked_for(tmp_path):
    file = tmp_path / "Makefile"
    file.write_text(f"include {REPOSITORY / 'Makefile'}\nshow:\n\t@echo $$OMP_NUM_THREADS\n")
    surroundings = {name: v for name, v in os.environ.items() if name != "OMP_NUM_THREADS"}
    command = ["make", "-s", "-f", str(file), "show"]

    def shown(**settings):
        return subprocess.check_output(command, env={**surroundings, **settings}, text=True)

    assert (shown(), shown(OMP_NUM_THREADS="4")) == ("1\n", "4\n")


def test_make_compares_a_python_that_was_asked_for_with_the_environments(tmp_path):
    venv = f"VENV={tmp_path / 'venv'}"
    assert "--same-as" in make("env", venv, "PYTHON=python3.13")
    assert "--same-as" not in make("env", venv)


def test_the_lock_pins_every_requirement_within_its_bounds():
    pins = read_lock()
    for requirement in all_requirements():
        version = pins[canonicalize_name(requirement.name)]
        assert version in requirement.specifier, f"{requirement} but the lock has {version}"


def test_the_lock_suits_every_platform():
    pins = read_lock()
    # A build for one kind of device would be named after a "+".
    assert re.fullmatch(r"[\d.]+", pins["torch"])
    assert [name for name in pins if name.startswith(("nvidia", "cuda", "triton"))] == []
    assert [name for name, version in pins.items() if not re.fullmatch(r"[\w.]+", version)] == []


def test_the_package_states_lower_bounds_and_only_known_caps():
    for requirement in all_requirements():
        operators = {specifier.operator for specifier in requirement.specifier}
        allowed = {">=", "<"} if requirement.name in {"jupyter-book", "pytest"} else {">="}
        assert operators == allowed, requirement


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_is_committed_without_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in code if cell["outputs"]] == []
    assert {cell["execution_count"] for cell in code} <= {None}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_notebook_installs_the_package_where_a_launch_button_opens_it_alone(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert install_cell.with_cell(notebook) == notebook, (
        f"run: python tools/install_cell.py {path.relative_to(REPOSITORY)}"
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_no_line_of_prose_ends_in_a_blank_as_a_sentence_that_breaks_off_does(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert [line for text in prose for line in text.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_every_notebook_is_in_the_contents_of_the_book(path):
    contents = read_yaml("book/_toc.yml")
    listed = {chapter["file"] for part in contents["parts"] for chapter in part["chapters"]}
    assert path.stem in listed | {contents["root"]}


def test_each_chapter_has_its_slug_in_four_places():
    chapters = {path.stem.split("_", 1)[1] for path in CHAPTERS}
    packages = (REPOSITORY / "replications" / "papers").glob("*/recipes.py")
    papers = {path.parent.name for path in packages}
    tests = {path.stem[5:] for path in (REPOSITORY / "tests" / "papers").glob("test_*.py")}
    records = {path.name for path in RECORDS.glob("*") if path.is_dir()}
    assert chapters == papers == records
    assert chapters <= tests


def test_the_map_of_the_book_links_the_chapters_that_exist():
    page = (BOOK / "index.ipynb").read_text("utf-8")
    linked = set(re.findall(r"\]\((\d\d_\w+)\.ipynb\)", page))
    assert linked == {path.stem for path in CHAPTERS}


def test_each_number_of_a_chapter_is_used_once():
    numbers = [path.stem[:2] for path in CHAPTERS]
    assert sorted(set(numbers)) == sorted(numbers)
