import datetime
import os
import shutil
import subprocess
import sys

import pytest

from replications.paths import REPOSITORY
from replications.training import provenance


@pytest.fixture(autouse=True)
def no_git_of_this_machine(monkeypatch):
    """Git tells its hooks where it works; a test that ran in one would commit there."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repository(tmp_path):
    # The person's own settings may sign each commit or run hooks: neither belongs in a test.
    settings = ["user.name=A", "user.email=a@example.org", "commit.gpgsign=false"]
    settings += [f"core.hooksPath={os.devnull}", "init.defaultBranch=main"]

    def git(*arguments):
        chosen = [word for setting in settings for word in ("-c", setting)]
        subprocess.run(["git", "-C", tmp_path, *chosen, *arguments], check=True)

    (tmp_path / "data" / "records").mkdir(parents=True)
    (tmp_path / "data" / "records" / "one.json").write_text("{}")
    (tmp_path / "code.py").write_text("1")
    (tmp_path / "replications" / "models").mkdir(parents=True)
    (tmp_path / "replications" / "models" / "net.py").write_text("1\n")
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "first")
    return tmp_path


def test_a_clean_repository_gives_its_sha(repository):
    sha = provenance.commit(repository)
    assert len(sha) == 40
    assert set(sha) <= set("0123456789abcdef")


def test_an_edited_tracked_file_makes_the_commit_dirty(repository):
    (repository / "code.py").write_text("2")
    assert provenance.commit(repository).endswith("-dirty")


@pytest.mark.parametrize(
    "module", ["replications/models/new.py", "replications/new/__init__.py", "mine.py"]
)
def test_a_new_module_makes_the_commit_dirty(repository, module):
    (repository / module).parent.mkdir(exist_ok=True)
    (repository / module).write_text("3")
    assert provenance.commit(repository).endswith("-dirty")


@pytest.mark.parametrize(
    "file", ["notes.txt", "data/records/one.json", "data/records/two.json", "ignored.py"]
)
def test_new_notes_records_and_what_git_ignores_do_not_make_the_commit_dirty(repository, file):
    (repository / file).write_text("[]")
    assert len(provenance.commit(repository)) == 40


def test_the_folder_that_git_gives_its_hooks_is_not_looked_at(repository, monkeypatch):
    sha = provenance.commit(repository)
    monkeypatch.setenv("GIT_DIR", str(repository / "nowhere"))
    assert provenance.commit(repository) == sha


@pytest.fixture
def exported(repository, tmp_path_factory):
    """A copy without git, in which the commit has been written."""
    folder = tmp_path_factory.mktemp("exported")
    shutil.copytree(repository / "replications", folder / "replications")
    provenance.write_commit_file(folder, repository)
    return folder


def test_an_export_without_git_names_its_commit(repository, exported):
    assert provenance.commit(exported) == provenance.commit(repository)
    (exported / "replications" / "models" / "net.py").write_bytes(b"1\r\n")
    (exported / "notes.txt").write_text("mine")
    assert provenance.commit(exported) == provenance.commit(repository)


@pytest.mark.parametrize("change", ["edited", "removed", "added"])
def test_an_export_that_was_changed_is_called_so(repository, exported, change):
    file = exported / "replications" / "models" / "net.py"
    if change == "removed":
        file.unlink()
    else:
        (file if change == "edited" else file.with_name("new.py")).write_text("2\n")
    assert provenance.commit(exported) == f"{provenance.commit(repository)}-dirty"


def test_the_export_of_changed_code_is_dirty_from_the_beginning(repository, exported):
    (repository / "code.py").write_text("2")
    provenance.write_commit_file(exported, repository)
    assert provenance.commit(exported) == provenance.commit(repository)
    assert provenance.commit(exported).endswith("-dirty")


def test_the_commit_that_lies_in_a_mirror_is_that_of_code_without_one(
    repository, exported, tmp_path_factory, monkeypatch
):
    (exported / "COMMIT").unlink()
    assert provenance.commit(exported) == "unknown"
    mirror = tmp_path_factory.mktemp("mirror")
    provenance.write_commit_file(mirror, repository, copied=repository)
    monkeypatch.setenv("REPLICATIONS_MIRROR", str(mirror))
    assert provenance.commit(exported) == provenance.commit(repository)
    (exported / "replications" / "models" / "net.py").write_text("2\n")
    assert provenance.commit(exported) == f"{provenance.commit(repository)}-dirty"


def test_a_commit_file_that_cannot_be_read_is_none(exported):
    (exported / "COMMIT").write_text("only one word")
    assert provenance.commit(exported) == "unknown"


def test_a_folder_outside_git_or_inside_another_repository_has_no_commit(repository):
    assert provenance.commit(repository / "data") == "unknown"
    assert provenance.commit(repository / "nowhere") == "unknown"


def test_the_repository_is_the_packages_own_where_git_runs_as_a_hook(repository, monkeypatch):
    sha = provenance.commit(repository)
    # A hook finds these set to the repository that it is a hook of.
    monkeypatch.setenv("GIT_DIR", str(repository / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository / "another-index"))
    assert provenance.commit(repository) == sha


def test_these_tests_leave_the_repository_alone_whose_hook_runs_them(repository):
    before = provenance.commit(repository)
    test = f"{__file__}::test_a_clean_repository_gives_its_sha"
    told = {"GIT_DIR": str(repository / ".git"), "GIT_WORK_TREE": str(repository)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    # Signing without a program to sign with fails each commit that asks for it.
    signing = {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "commit.gpgsign",
        "GIT_CONFIG_VALUE_0": "true",
        "GIT_CONFIG_KEY_1": "gpg.program",
        "GIT_CONFIG_VALUE_1": "/nowhere/gpg",
    }
    done = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **told, **signing}, capture_output=True
    )
    assert done.returncode == 0, done.stdout.decode()
    assert provenance.commit(repository) == before


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (
            ["/opt/bin/replicate", "run", "glove", "--only", "a b"],
            "replicate run glove --only 'a b'",
        ),
        (["/opt/replications/cli/__main__.py", "run", "glove"], "replicate run glove"),
        (["/opt/ipykernel_launcher.py", "-f", "/home/x/k.json"], "ipykernel_launcher.py -f k.json"),
    ],
)
def test_the_command_is_shown_without_this_machines_folders(arguments, shown):
    assert provenance.command(arguments) == shown


PEAKS = """
from replications.training import provenance

held = b"x" * 600_000_000
del held
before_that = provenance.peak_memory_bytes()
provenance.forget_peak_memory()
before = provenance.peak_memory_bytes()
held = b"x" * 400_000_000
print(before_that, before, provenance.peak_memory_bytes())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forgets a process's peak")
def test_the_peak_memory_is_in_bytes_and_can_be_forgotten():
    # In a process of its own: what one with thousands of tests behind it holds is not known.
    done = subprocess.run([sys.executable, "-c", PEAKS], capture_output=True, text=True, check=True)
    before_that, before, after = map(int, done.stdout.split())
    assert 20e6 < before < before_that - 300e6
    assert 300e6 < after - before < 1e9


def test_on_a_gpu_the_peak_is_that_of_its_tensors(monkeypatch):
    import torch

    forgotten = []
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", forgotten.append)
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda device: 7)
    provenance.forget_peak_memory("cuda")
    assert forgotten == ["cuda"]
    assert provenance.peak_memory_bytes("cuda") == 7


def test_provenance_names_device_versions_and_a_date_in_utc():
    found = provenance.provenance("cpu")
    assert found.keys() == {"commit", "command", "device", "date", "versions"}
    assert "thread" in found["device"]
    assert {"python", "torch", "numpy", "replications"} <= found["versions"].keys()
    assert datetime.datetime.fromisoformat(found["date"]).utcoffset() == datetime.timedelta(0)


def test_the_commit_is_the_one_of_the_first_run(monkeypatch):
    monkeypatch.setattr(provenance, "commit", iter(["1" * 40, "2" * 40]).__next__)
    provenance.imported_commit.cache_clear()
    try:
        found = [provenance.provenance("cpu")["commit"] for _ in range(2)]
    finally:
        provenance.imported_commit.cache_clear()
    assert found == ["1" * 40] * 2
