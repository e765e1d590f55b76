"""The record of one training run: its recipe, its cost and its metrics."""

from dataclasses import dataclass, field

from replications.errors import ReplicationError

Number = int | float


class FailedRun(ReplicationError):
    """A failed run has no metrics. The message is a clause that says which, and why."""


@dataclass(frozen=True)
class Record:
    """One recipe trained once, with one seed.

    Units: `seconds` is training alone, without the preparation of data and without evaluation;
    `flops` are floating-point operations of training; `parameters` are counted by kind.
    `texts` are what a recipe keeps of its model to be read, such as translations with their scores.
    `items` names the file of the metrics' items by its sha256, and the statistic and the array of
    each metric that has items: see `load_items`.

    `commit` and `device` are those of the run's end. Where it was interrupted and resumed with
    other code or elsewhere, `resumed_from` says where it was trained before, up to which epoch.

    A run of a sweep that came to no result is recorded, too: `failed` then says `how`, "diverged"
    where numbers were not finite and "raised" where an error ended it, and `why`. Its trajectory is
    in the record, the metrics are not.

    A record that was read is in today's names (see `renames.py`); `stored_as` is then what its
    recipe was called when it was made, after which its file is named, and `stored_in` the file of
    the sweep where it has none of its own.
    """

    paper: str
    recipe: str
    tier: str
    seed: int
    recipe_hash: str
    recipe_parts: dict
    commit: str
    command: str
    device: str
    date: str
    versions: dict[str, str]
    corpora: list[dict]
    parameters: dict[str, int]
    tokens_seen: int
    flops: Number
    seconds: Number
    peak_memory_bytes: int
    trajectory: list[dict[str, Number]]
    metrics: dict[str, Number]
    texts: list[dict[str, str | Number]] = field(default_factory=list)
    items: dict = field(default_factory=dict)
    resumed_from: list[dict] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    stored_as: str = field(default="", compare=False)
    stored_in: str = field(default="", compare=False)

    @property
    def devices(self) -> tuple[str, ...]:
        """Where it was trained, one after the other, and where it was measured."""
        earlier = (str(leg["device"]) for leg in self.resumed_from)
        return tuple(dict.fromkeys((*earlier, self.device)))

    @property
    def filename(self) -> str:
        """Its file; in a sweep's file it has the place `#<recipe>.seed<seed>`."""
        name = self.stored_as or self.recipe
        if self.stored_in:
            return f"{self.stored_in}#{name}.seed{self.seed}"
        return record_filename(name, self.tier, self.seed)

    @property
    def items_filename(self) -> str:
        return items_file_of(record_filename(self.stored_as or self.recipe, self.tier, self.seed))

    @property
    def failure(self) -> str:
        """ "the run `size-3`, seed 0, diverged (the loss is nan ...)"; "" where it did not fail."""
        if not self.failed:
            return ""
        how, why = self.failed["how"], self.failed["why"]
        did = "diverged" if how == "diverged" else "ended with an error"
        return f"the run `{self.recipe}`, seed {self.seed}, {did} ({why})"

    def metric(self, name: str) -> Number:
        """The measured value.

        Raises FailedRun where the run failed, and ReplicationError where it did not measure it.
        """
        if self.failed:
            raise FailedRun(self.failure)
        if name not in self.metrics:
            raise ReplicationError(
                f"The record {self.paper}/{self.filename} has no metric {name!r}. It has: "
                f"{', '.join(sorted(self.metrics)) or 'none'}. Correct the name, or run the recipe "
                "again with that metric."
            )
        return self.metrics[name]


def items_file_of(filename: str) -> str:
    return filename.removesuffix(".json") + ".items.npz"


def record_filename(recipe: str, tier: str, seed: int) -> str:
    return f"{recipe}.{tier}.seed{seed}.json"
