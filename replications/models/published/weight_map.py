"""Which tensors of a published file each weight of a network is made from, and all the checks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from replications.errors import ReplicationError


class Source(NamedTuple):
    """A weight, which `make` computes from the tensors of these names."""

    names: tuple[str, ...]
    make: Callable[..., Tensor] = lambda tensor: tensor


def turned(tensor: Tensor) -> Tensor:
    """Conv1D of the GPTs multiplies from the left: its matrices are nn.Linear's, transposed."""
    return tensor.mT if tensor.dim() == 2 else tensor


def stacked(*tensors: Tensor) -> Tensor:
    """Matrices of one shape that are one product here, concatenated by rows."""
    # Unlike torch.cat this refuses parts of different heights, whose sum may yet be right.
    return torch.stack(tensors).flatten(0, 1)


@dataclass(frozen=True)
class Published:
    """How a file names the weights of a network.

    - `sources` says what each weight of the network is made from;
    - `copies` names tensors that a file may hold twice: each must equal the other;
    - `needless` is True for the name of a tensor that is no weight.
    """

    sources: Mapping[str, Source]
    copies: Mapping[str, str] = field(default_factory=dict)
    needless: Callable[[str], bool] = lambda name: False


def renamed(
    tensors: Mapping[str, Tensor], file: Path, rename: Callable[[str], str]
) -> dict[str, Tensor]:
    """The tensors by their present names. Raises ReplicationError where two come to have one."""
    found: dict[str, Tensor] = {}
    for old, tensor in tensors.items():
        name = rename(old)
        if name in found:
            raise ReplicationError(f"{file} holds `{name}` twice, once as `{old}`; fetch it again.")
        found[name] = tensor
    return found


def fill(model: nn.Module, tensors: Mapping[str, Tensor], published: Published, file: Path) -> None:
    """Load the published weights into a network, as float32; tied weights stay tied.

    Raises ReplicationError for a tensor that is missing, unexpected or of another shape, and for
    values that are no weights: integers, as of a quantised model, or not finite ones.
    """
    _check_names(tensors, published, file)
    for name in sorted({name for source in published.sources.values() for name in source.names}):
        _check_numbers(tensors[name], name, file)
    empty = dict(model.named_parameters(remove_duplicate=False))
    # By the parameter it replaces: a weight with two names is to stay one.
    full: dict[nn.Parameter, nn.Parameter] = {}
    for name, source in published.sources.items():
        tensor = _made(source, tensors)
        if tensor is None or tensor.shape != empty[name].shape:
            raise _wrong_shape(tensor, empty[name], source, tensors, file)
        full[empty[name]] = nn.Parameter(tensor.float().contiguous())
    state = {name: full[parameter] for name, parameter in empty.items()}
    model.load_state_dict(state, assign=True)


def _check_names(tensors: Mapping[str, Tensor], published: Published, file: Path) -> None:
    used = {name for source in published.sources.values() for name in source.names}
    missing = sorted(used - set(tensors))
    if missing:
        raise ReplicationError(
            f"{file} lacks {_listed(missing)}, which config.json asks for. Fetch both files from "
            "the same source, of the model with the heads it was pre-trained with."
        )
    unexpected = sorted(
        name for name in set(tensors) - used - set(published.copies) if not published.needless(name)
    )
    if unexpected:
        raise ReplicationError(
            f"{file} holds {_listed(unexpected)}, which config.json does not mention. Fetch both "
            "files from the same source, of the model with the heads it was pre-trained with."
        )
    for copy, original in published.copies.items():
        if copy in tensors and not torch.equal(tensors[copy], tensors[original]):
            raise ReplicationError(
                f"{file}: `{copy}` is not `{original}`, which this network uses for both. The "
                "model is another one."
            )


def _check_numbers(tensor: Tensor, name: str, file: Path) -> None:
    if not tensor.is_floating_point():
        kind = str(tensor.dtype).removeprefix("torch.")
        raise ReplicationError(
            f"{file} holds `{name}` as {kind}: whole numbers stand for weights only together with "
            "the scales that a quantised model keeps beside them. Fetch the model that was not "
            "quantised."
        )
    # isfinite does not take 8-bit floats.
    wrong = int((~torch.isfinite(tensor.float())).sum())
    if wrong:
        raise ReplicationError(
            f"{file} holds `{name}` with {wrong} of {tensor.numel()} numbers not finite. The file "
            "is damaged, or the training had diverged: fetch it again."
        )


def _made(source: Source, tensors: Mapping[str, Tensor]) -> Tensor | None:
    """The weight; None where the tensors' shapes do not allow to make any."""
    try:
        return source.make(*(tensors[name] for name in source.names))
    except (RuntimeError, IndexError):
        return None


def _wrong_shape(
    tensor: Tensor | None,
    weight: Tensor,
    source: Source,
    tensors: Mapping[str, Tensor],
    file: Path,
) -> ReplicationError:
    shapes = " and ".join(f"`{name}` {tuple(tensors[name].shape)}" for name in source.names)
    instead = "which these cannot" if tensor is None else f"not {tuple(tensor.shape)}"
    return ReplicationError(
        f"{file} holds {shapes}, of which config.json makes a weight of {tuple(weight.shape)}, "
        f"{instead}. Fetch both files from the same source."
    )


def _listed(names: Iterable[str]) -> str:
    first, more = list(names)[:3], max(0, len(list(names)) - 3)
    return ", ".join(f"`{name}`" for name in first) + (f" and {more} more" if more else "")
