from __future__ import annotations

from pathlib import Path

import pytest
import torch

from replications.errors import ReplicationError
from replications.training.checkpoints import DurableCheckpoints

STATE = {
    "pytorch-lightning_version": "2.5.0",
    "state_dict": {"weight": torch.arange(5000.0).view(50, 100)},
    "epoch": 3,
}


@pytest.fixture
def saved(tmp_path) -> Path:
    file = tmp_path / "runs" / "last.ckpt"
    DurableCheckpoints().save_checkpoint(STATE, file)
    return file


def require_unreadable(file: Path) -> None:
    with pytest.raises(ReplicationError, match=f"{file} cannot be read.*without --resume"):
        DurableCheckpoints().load_checkpoint(file)


def test_what_was_saved_is_loaded_and_no_other_file_stays(saved):
    loaded = DurableCheckpoints().load_checkpoint(saved)
    assert loaded["epoch"] == 3
    assert torch.equal(loaded["state_dict"]["weight"], STATE["state_dict"]["weight"])
    assert list(saved.parent.iterdir()) == [saved]


def test_a_checkpoint_of_an_absent_device_is_loaded_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.serialization, "location_tag", lambda storage: "cuda:7")
    DurableCheckpoints().save_checkpoint(STATE, tmp_path / "last.ckpt")
    loaded = DurableCheckpoints().load_checkpoint(tmp_path / "last.ckpt")["state_dict"]["weight"]
    assert loaded.is_cpu
    assert torch.equal(loaded, STATE["state_dict"]["weight"])


def test_a_later_save_takes_the_place_of_the_earlier(saved):
    DurableCheckpoints().save_checkpoint({**STATE, "epoch": 4}, saved)
    assert DurableCheckpoints().load_checkpoint(saved)["epoch"] == 4
    assert list(saved.parent.iterdir()) == [saved]


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.9, 0.999])
def test_a_checkpoint_cut_short_is_named_in_the_error(saved, share):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])
    require_unreadable(saved)


def test_one_changed_bit_among_the_weights_is_noticed(saved):
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 1
    saved.write_bytes(content)
    require_unreadable(saved)


def test_a_file_of_another_kind_is_no_checkpoint(saved):
    saved.write_text("epoch: 3\n", encoding="utf-8")
    require_unreadable(saved)


@pytest.mark.parametrize("content", [{"weight": torch.zeros(3)}, torch.zeros(3), [1]], ids=type)
def test_tensors_that_another_program_saved_are_no_checkpoint(saved, content):
    torch.save(content, saved)
    require_unreadable(saved)


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


def test_code_in_a_checkpoint_is_never_run(saved):
    mark = saved.with_name("mark")
    torch.save({**STATE, "trap": Trap(mark)}, saved)
    require_unreadable(saved)
    assert not mark.exists()
    torch.load(saved, weights_only=False)
    assert mark.exists(), "the trap is none"


def test_a_disk_that_fills_up_leaves_the_older_checkpoint_and_is_a_sentence(saved):
    resource = pytest.importorskip("resource", reason="needs limits on file size (POSIX)")
    before = saved.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(ReplicationError, match=r"last\.ckpt cannot be written .*--resume"):
            DurableCheckpoints().save_checkpoint({"weights": torch.zeros(10_000)}, saved)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_the_file_is_on_the_disk_before_it_gets_its_name(saved, monkeypatch):
    done = []
    monkeypatch.setattr("os.fsync", lambda file: done.append("fsync"))
    rename = Path.replace
    monkeypatch.setattr(Path, "replace", lambda *paths: (done.append("rename"), rename(*paths)))
    DurableCheckpoints().save_checkpoint(STATE, saved)
    assert done == ["fsync", "rename"]
