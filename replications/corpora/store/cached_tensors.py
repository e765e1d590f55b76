"""Tensors made from a corpus, kept in the cache so that the next run need not make them again."""

from collections.abc import Mapping
from pathlib import Path

from jaxtyping import Shaped
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from replications.atomic_write import written_whole
from replications.errors import ReplicationError


def save_tensors(
    path: Path, tensors: Mapping[str, Shaped[Tensor, "..."]], notes: Mapping[str, str]
) -> None:
    """Write the file whole or not at all. Raises ReplicationError where writing fails."""
    try:
        with written_whole(path) as partial:
            save_file(dict(tensors), partial, metadata=dict(notes))
    except (OSError, SafetensorError) as error:
        raise ReplicationError(
            f"Cannot write {path}: {error}. Free some space, or set REPLICATIONS_CACHE to a folder "
            "that can be written to."
        ) from error


def load_tensors(path: Path) -> tuple[dict[str, Shaped[Tensor, "..."]], dict[str, str]]:
    """Tensors and notes. Raises ReplicationError, naming the file, when it is damaged."""
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise ReplicationError(
            f"{path} is damaged ({error}). Delete it: it is made again."
        ) from error
