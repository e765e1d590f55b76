"""Estimates of a run's time on a device: operations over speed, corrected as runs end."""

import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import torch

from replications.records import Record
from replications.training.costs import Cost, cost_of
from replications.training.jobs import Job
from replications.training.provenance import device_name


class Speed(NamedTuple):
    """The speed of a device with a network of so many parameters.

    Large networks reach `most` operations per second; one of `half` parameters reaches half of
    that, since small products leave a device idle. `aside` are the seconds of a run that its data
    and its metrics take. `single` is reached instead of `most` by trainings in fp32, where known.
    """

    most: float
    half: float
    aside: float
    single: float | None = None

    def share(self, parameters: int | None) -> float:
        """The share of `most` that a network of so many parameters reaches, at least an eleventh.

        Of a network that is frozen but for its classifier few parameters are trained, and where
        they are not known a million are assumed.
        """
        size = 1e6 if parameters is None else max(parameters, self.half / 10)
        return size / (size + self.half) if self.half else 1.0

    def seconds(self, cost: Cost, precision: str = "bf16-mixed") -> float:
        """Of a run at Lightning's name of a precision."""
        most = self.single if self.single and precision.startswith("32") else self.most
        return self.aside + cost.operations / (most * self.share(cost.parameters))


# Assumed, not measured: 200 TFLOP/s of an H100's 790 in large bf16 products, and a quarter of that
# on a card with 24 GB; half of it at 10 and 5 million parameters.
H100 = Speed(200e12, 10e6, 15.0)
CARD_24_GB = Speed(50e12, 5e6, 15.0)

# The share of a device's rate in large products that a training reaches: see benchmarks/results.
_SHARE = {"cpu": 0.37, "cuda": 0.25}
# Where the minutes that a recipe states for a CPU predict more than its operations: they include
# the time of decoding and of metrics.
_STATED = ("minutes", "mean length")
# On a processor fitted to chapter 8's five sizes, 63 thousand to 945 thousand parameters: 31, 48,
# 65, 89 and 124 GFLOP/s. On a card assumed, as above.
_HALF = {"cpu": 0.2e6, "cuda": 10e6}


def product_rates(device: str, *, seconds: float = 0.3) -> dict[str, float]:
    """Operations per second in products of large matrices, by precision: "fp32" and "bf16"."""
    size = 1024 if device == "cpu" else 8192
    kinds = {"fp32": torch.float32, "bf16": torch.bfloat16}
    return {name: _rate(size, device, dtype, seconds) for name, dtype in kinds.items()}


def _rate(size: int, device: str, dtype: torch.dtype, seconds: float) -> float:
    a = torch.ones(size, size, device=device, dtype=dtype)
    (a @ a)[0, 0].item()
    products, begun, taken = 0, time.perf_counter(), 0.0
    while taken < seconds:
        # `item` synchronises with the device.
        (a @ a)[0, 0].item()
        products, taken = products + 1, time.perf_counter() - begun
    return 2 * size**3 * products / taken


def this_device(device: str, rates: Mapping[str, float] | None = None) -> Speed:
    """The device's speed, of the rates of `product_rates`, which are measured now unless given."""
    rates = product_rates(device) if rates is None else rates
    share = _SHARE[device]
    aside = 3.0 if device == "cpu" else 15.0
    return Speed(share * max(rates.values()), _HALF[device], aside, share * rates["fp32"])


@dataclass
class Estimates:
    """Seconds of jobs on this device, by their costs.

    A recipe that was recorded on this kind of device is expected to take as long as then, another
    of the same paper to reach the median speed of those, less or more by the networks' sizes. Then
    all of a paper are corrected by the ratio of the seconds that its ended runs took in all to
    those expected of them. Failed runs are left out: where they ended says nothing of a whole run's
    time.
    """

    speed: Speed
    device: str
    records: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    costs: dict[str, Cost] = field(default_factory=dict)
    _expected: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _measured: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        self.records = {
            slug: [record for record in records if not record.failed]
            for slug, records in self.records.items()
        }

    def cost(self, job: Job) -> Cost:
        if job.recipe.hash not in self.costs:
            records = [r for r in self.records.get(job.paper, ()) if r.recipe == job.recipe.name]
            self.costs[job.recipe.hash] = cost_of(job.recipe, records)
        return self.costs[job.recipe.hash]

    def seconds(self, job: Job) -> float:
        return self._first(job) * self.correction(job.paper)

    def correction(self, paper: str) -> float:
        """Measured over expected seconds of the paper's ended runs; 1 where there are none."""
        expected = self._expected[paper]
        return self._measured[paper] / expected if expected else 1.0

    def ended(self, job: Job, seconds: float) -> None:
        self._expected[job.paper] += self._first(job)
        self._measured[job.paper] += seconds

    def _first(self, job: Job) -> float:
        """The estimate before any correction, by the records or by the speed of this device."""
        here = [
            record
            for record in self.records.get(job.paper, ())
            if _hardware(record.device) == self._here and record.seconds > 0
        ]
        for record in here:
            if record.recipe_hash == job.recipe.hash:
                return self.speed.aside + record.seconds
        cost = self.cost(job)
        if cost.known in _STATED and self.device == "cpu":
            return self.speed.aside + 60 * job.recipe.minutes
        if rates := [self._rate_of_large(record) for record in here if record.flops > 0]:
            rate = statistics.median(rates) * self.speed.share(cost.parameters)
            return self.speed.aside + cost.operations / rate
        return self.speed.seconds(cost, precision_of(job))

    def _rate_of_large(self, record: Record) -> float:
        """What the record's rate would have been, had its network been large."""
        share = self.speed.share(sum(record.parameters.values()))
        return record.flops / record.seconds / share

    @cached_property
    def _here(self) -> str:
        return _hardware(device_name(self.device))


def precision_of(job: Job) -> str:
    """Lightning's name of the precision that the job trains in."""
    learner = getattr(job.recipe, "learner", None)
    return str(learner.keywords.get("precision", "32-true")) if learner is not None else "32-true"


def epochs_of(job: Job) -> int:
    """The number of parts of equal length after each of which a run keeps a checkpoint."""
    learner = getattr(job.recipe, "learner", None)
    return int(learner.keywords.get("epochs", 1)) if learner is not None else 1


def _hardware(device: str) -> str:
    """The device's name without the number of threads."""
    return device.split(",")[0]
