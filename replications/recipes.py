"""A recipe: the parts of one run, passed in as partial applications, and their fingerprint."""

import functools
import hashlib
import inspect
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from replications.code_version import code_version
from replications.errors import ReplicationError
from replications.paths import cache_folder

# Other libraries: of their parts only the arguments that a recipe gives are hashed.
_OTHERS = frozenset(
    {"builtins", "gensim", "lightning", "numpy", "sacrebleu", "scipy", "sklearn", "torch"}
)


class TrainedModel(NamedTuple):
    """The result of a learner. Units: `seconds` of training alone; `flops` of training.

    `device` is where it trained, if not where it was asked to: some learners use the CPU only.
    `resumed_from` are the earlier legs of a training resumed with other code or elsewhere.
    """

    model: Any
    parameters: dict[str, int]
    flops: float
    seconds: float
    trajectory: list[dict[str, float]]
    device: str | None = None
    resumed_from: tuple[dict[str, str | int], ...] = ()


@dataclass(frozen=True)
class Workspace:
    """Where and how a learner trains, and what it starts from.

    `start` is the trained model of the recipe's `start`. `progress` is True for a bar, or is called
    with the Progress during training. Nothing but the seed and the start may change the result on
    one machine. `origin` is the commit and the device that the record will name.

    Each of `nodes` machines trains with `devices` processes, which share each batch; `parts` is how
    many shares of its own a process reads one after the other. None of the three changes the batch
    of an update.
    """

    seed: int
    device: str = "cpu"
    checkpoints: Path | None = None
    resume: bool = False
    progress: bool | Callable[..., None] = False
    start: Any = None
    origin: Mapping[str, str] = field(default_factory=dict)
    devices: int = 1
    nodes: int = 1
    parts: int = 1


@dataclass(frozen=True)
class Recipe:
    """Data, learner and metrics of one run.

    - `data` is called with the seed and gives a LightningDataModule;
    - `learner` is called with the data, the metrics to watch and a Workspace, and gives a
      TrainedModel;
    - each of `metrics` is called with the model and the data, and gives numbers by name;
    - `minutes` is roughly how long a run takes on two CPU cores. It has no effect on results;
    - `texts` is called with the model and the data, and gives examples to keep in the record;
    - `start` is the recipe whose trained model, of the same seed, this one starts from.
    """

    name: str
    data: functools.partial
    learner: functools.partial
    metrics: tuple[Callable[..., dict[str, float]], ...]
    minutes: float
    texts: Callable[..., list[dict]] | None = None
    start: "Recipe | None" = None

    def describe(self) -> dict:
        """The parts as JSON values: each part's name and all its arguments.

        Defaults are included, but for those of other libraries: a new version of torch with one
        more keyword changes no recipe.
        """
        return {
            **self.describe_training(),
            "metrics": _describe(self.metrics),
            "texts": _describe(self.texts),
        }

    def describe_training(self) -> dict:
        """The parts that shape the trained model, those of its start included."""
        return {
            "data": _describe(self.data),
            "learner": _describe(self.learner),
            "start": None if self.start is None else self.start.describe_training(),
        }

    @cached_property
    def hash(self) -> str:
        """The first 16 hexadecimal digits of the sha256 of `describe()`."""
        return hash_of(self.describe())

    @cached_property
    def training_hash(self) -> str:
        """The hash of `describe_training()`: equal for recipes that train equal models."""
        return hash_of(self.describe_training())


class Tiers(dict[str, tuple[Recipe, ...]]):
    """A paper's recipes by tier. Raises ReplicationError for a tier that it does not have."""

    def __missing__(self, tier: str) -> tuple[Recipe, ...]:
        raise ReplicationError(
            f"This chapter has no tier {tier!r}; it has: {', '.join(self)}. Set REPLICATIONS_TIER "
            "to one of them, or unset it."
        )


def live_tier() -> str:
    """The tier at which a chapter trains live: what REPLICATIONS_TIER names, or else "smoke".

    Raises ReplicationError for another than smoke and laptop: the runs of tier gpu are too long for
    a cell.
    """
    tier = os.environ.get("REPLICATIONS_TIER", "smoke")
    if tier not in ("smoke", "laptop"):
        raise ReplicationError(
            f"REPLICATIONS_TIER is {tier!r}, and a chapter trains live at smoke or laptop. Set it "
            f"to one of them, or unset it; `replicate run PAPER --tier {tier}` makes recorded runs."
        )
    return tier


def trained_folder(name: str, training_hash: str, *, seed: int, device: str) -> Path:
    """The folder of a recipe's last checkpoint, kept for recipes that start from its model.

    The folder's name has the hashes of the recipe and of the code: a change of either gives another
    folder.
    """
    made_by = f"{training_hash}-{code_version()}"
    return cache_folder() / "trained" / f"{name}.{device}.seed{seed}-{made_by}"


def hash_of(parts: dict) -> str:
    """The first 16 hexadecimal digits of the sha256 of the parts' JSON, in a fixed order."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _describe(part: object) -> object:
    if isinstance(part, functools.partial) or inspect.isclass(part) or inspect.isfunction(part):
        return _describe_callable(part)
    if isinstance(part, Mapping):
        return {str(key): _describe(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_describe(item) for item in part]
    if part is None or isinstance(part, str | int | float | bool):
        return part
    raise ReplicationError(
        f"A recipe holds {part!r}, which has no stable description. Give numbers, texts, tuples, "
        "or functools.partial of a function or class."
    )


def _describe_callable(part: Callable) -> dict:
    # A default shapes the result too: changing it in the code makes a record stale.
    keywords: dict[str, Any] = {}
    function = part
    while isinstance(function, functools.partial):
        if function.args:
            raise ReplicationError(f"Name the arguments of {function.func.__name__} in the recipe.")
        keywords = {**function.keywords, **keywords}
        function = function.func
    if function.__name__ == "<lambda>":
        raise ReplicationError(
            "A recipe holds a lambda, which has no stable description: all have the same name. "
            "Define a function."
        )
    if function.__module__.partition(".")[0] not in _OTHERS:
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.default is not inspect.Parameter.empty:
                keywords.setdefault(name, parameter.default)
    # Not the module, so that a part may move within the package without making records stale.
    return {
        "part": function.__qualname__,
        # An argument that is itself named `part` must not take the place of the name.
        **{
            f"{name}=" if name == "part" else name: _describe(value)
            for name, value in sorted(keywords.items())
        },
    }
