"""A model's folder in the format of the Hugging Face Hub: config.json and safetensors files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from replications.errors import ReplicationError

Meaning = TypeVar("Meaning")

CONFIG, WEIGHTS = "config.json", "model.safetensors"
INDEX = f"{WEIGHTS}.index.json"
_MISSING = object()


@dataclass(frozen=True)
class Config:
    """The values of config.json; each method checks one, and names it when it is wrong."""

    file: Path
    values: Mapping[str, Any]

    def whole(self, key: str, default: object = _MISSING) -> int:
        """A size: an integer above 0."""
        value = self._value(key, default)
        if type(value) is not int or value < 1:
            raise self.wrong(key, value, "a whole number above 0 is needed")
        return value

    def index(self, key: str) -> int:
        """A token's id: an integer from 0."""
        value = self._value(key)
        if type(value) is not int or value < 0:
            raise self.wrong(key, value, "a whole number from 0 is needed")
        return value

    def probability(self, *keys: str) -> float:
        """The probability that all these keys give, from 0 to below 1."""
        shares = {key: self._value(key) for key in keys}
        for key, value in shares.items():
            if type(value) not in (int, float) or not 0 <= value < 1:
                raise self.wrong(key, value, "a probability from 0 to below 1 is needed")
        if len(set(shares.values())) > 1:
            raise ReplicationError(
                f"{self.file} gives {shares}, but the network has one dropout probability for "
                "them all; set each to the one that you want."
            )
        return float(next(iter(shares.values())))

    def small(self, key: str) -> float:
        """A number above 0."""
        value = self._value(key)
        if type(value) not in (int, float) or not value > 0:
            raise self.wrong(key, value, "a number above 0 is needed")
        return float(value)

    def one_of(self, key: str, meanings: Mapping[str, Meaning]) -> Meaning:
        """The meaning of a string, as one of `meanings`."""
        value = self._value(key)
        if not isinstance(value, str) or value not in meanings:
            raise self.wrong(key, value, f"known are {', '.join(sorted(meanings))}")
        return meanings[value]

    def must_be(self, **expected: object) -> None:
        """Refuse a model that differs where this package has no part for the difference.

        A key that is not there has the expected value: it is younger than many a file.
        """
        for key, value in expected.items():
            found = self.values.get(key, value)
            if found != value:
                raise self.wrong(key, found, f"this package has only {json.dumps(value)}")

    def _value(self, key: str, default: object = _MISSING) -> Any:
        value = self.values.get(key)
        value = default if value is None else value
        if value is _MISSING:
            raise ReplicationError(
                f"{self.file} lacks `{key}`; take the file from the same source."
            )
        return value

    def wrong(self, key: str, value: object, why: str) -> ReplicationError:
        """The error that names the file, the key and what it holds."""
        return ReplicationError(f"{self.file} gives `{key}` as {json.dumps(value)}: {why}.")


def read_config(folder: Path) -> Config:
    """config.json of a model's folder. Raises ReplicationError where it cannot be read."""
    if not folder.is_dir():
        raise ReplicationError(
            f"{folder} is no folder. Give the one that holds the model's {CONFIG} and {WEIGHTS}."
        )
    file = folder / CONFIG
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReplicationError(
            f"{folder} holds no {CONFIG}; add it from the same source."
        ) from None
    except (OSError, ValueError) as error:
        raise ReplicationError(f"{file} cannot be read ({error}); fetch it again.") from error
    if not isinstance(values, dict):
        raise ReplicationError(f"{file} holds no JSON object; fetch it again.")
    return Config(file, values)


def weights_file(folder: Path) -> Path:
    """The file of the weights, or the index of several."""
    single, index = folder / WEIGHTS, folder / INDEX
    return index if index.is_file() and not single.is_file() else single


def read_weights(folder: Path) -> dict[str, Tensor]:
    """All tensors of model.safetensors, or of the files that its index names, by name.

    Raises ReplicationError where one is missing or broken. A pickle is never opened: it can run any
    code.
    """
    file = weights_file(folder)
    if file.name == INDEX:
        return _read_shards(file)
    if not file.is_file():
        raise ReplicationError(_why_no_weights(folder))
    return _read_file(file)


def _read_file(file: Path) -> dict[str, Tensor]:
    try:
        return load_file(file)
    except (SafetensorError, OSError, ValueError) as error:
        raise ReplicationError(
            f"{file} is no whole safetensors file ({error}); fetch it again."
        ) from error


def _read_shards(index: Path) -> dict[str, Tensor]:
    """The tensors of every file, each from the one that the index names."""
    placed = _weight_map(index)
    names = sorted(set(placed.values()))
    missing = [name for name in names if not (index.parent / name).is_file()]
    if missing:
        raise ReplicationError(
            f"{index.parent} lacks {', '.join(missing)}, of the {len(names)} files that "
            f"{index.name} names: the model is split over all of them. Add what is missing from "
            "the same source."
        )
    tensors: dict[str, Tensor] = {}
    for name in names:
        found = _read_file(index.parent / name)
        asked = {tensor for tensor, file in placed.items() if file == name}
        if asked != found.keys():
            other = sorted(asked ^ found.keys())[0]
            raise ReplicationError(
                f"{index.parent / name} and {index.name} do not agree on `{other}`: they are not "
                "of one model. Fetch all files from the same source."
            )
        tensors |= found
    return tensors


def _weight_map(index: Path) -> dict[str, str]:
    try:
        placed = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReplicationError(
            f"{index} cannot be read, or has no `weight_map`; fetch it again."
        ) from error
    whole = isinstance(placed, dict) and placed
    # A name with a folder in it could lead out of the model's own.
    if not whole or not all(
        isinstance(name, str) and name.endswith(".safetensors") and Path(name).name == name
        for name in placed.values()
    ):
        raise ReplicationError(
            f"{index} does not name a safetensors file beside it for each tensor; fetch it again."
        )
    return placed


def _why_no_weights(folder: Path) -> str:
    pickles = sorted(
        file.name for ending in ("bin", "pt", "pth") for file in folder.glob(f"*.{ending}")
    )
    if pickles:
        return (
            f"{folder} holds {pickles[0]}, a pickle, and no {WEIGHTS}. A pickle can run any code, "
            f"so it is not opened. Fetch {WEIGHTS}, or, if you trust the source, save it as one: "
            "model.save_pretrained(folder) of transformers does it."
        )
    shards = sorted(file.name for file in folder.glob("*.safetensors"))
    if shards:
        return f"{folder} holds {shards[0]}, and no {INDEX}, which maps tensors to files; add it."
    return f"{folder} holds no {WEIGHTS}; add it from the same source."
