"""What runs would take, as a table: `replicate run --dry-run`."""

import heapq
from collections.abc import Iterable, Sequence
from typing import Any

from replications.cli.run_options import RunOptions
from replications.cli.terminal import console, duration
from replications.paths import RECORDS
from replications.records import load_records
from replications.training.jobs import Job

_HEAD = (
    "run", "seed", "value", "tokens", "parameters", "operations", "memory",
    "here", "H100", "24 GB card", "known from",
)  # fmt: skip
_UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def estimates_of(jobs: Sequence[Job], options: RunOptions) -> Any:
    """What the runs take on the device of the options, by their records and the book's."""
    import torch

    from replications.training.estimates import H100, Estimates, this_device

    if options.device == "cuda" and not torch.cuda.is_available():
        # The GPUs are those of a cluster, and nothing is known of them.
        return Estimates(H100, options.device)
    slugs = {job.paper for job in jobs}
    folders = dict.fromkeys((options.records, RECORDS))
    records = {
        slug: [each for folder in folders for each in load_records(slug, options.tier, folder)]
        for slug in slugs
    }
    return Estimates(this_device(options.device), options.device, records)


def print_table(
    jobs: Sequence[Job], estimates: Any, workers: int, within: float | None = None
) -> None:
    """A row a run in their order, the sums, and how many runs end within so many seconds."""
    from replications.training.estimates import CARD_24_GB, H100

    rows, sums = [], [0.0, 0.0, 0.0]
    for job in jobs:
        cost = estimates.cost(job)
        times = (estimates.seconds(job), H100.seconds(cost), CARD_24_GB.seconds(cost))
        sums = [whole + part for whole, part in zip(sums, times, strict=True)]
        again = "" if job.recorded else " (start, again)"
        rows.append(
            (
                f"{job.paper} {job.recipe.name}{again}",
                str(job.seed),
                f"{job.priority:g}",
                _short(cost.tokens),
                _short(cost.parameters),
                f"{cost.operations:.1e}",
                _short(cost.memory, "B"),
                *(duration(seconds / 60) for seconds in times),
                cost.known,
            )
        )
    total = ("all", "", "", "", "", "", "", *(duration(each / 60) for each in sums), "")
    for line in _aligned([_HEAD, *rows, total]):
        console.print(line)
    single = estimates.speed.single
    in_fp32 = f", and {single / 1e9:.3g} in fp32" if single else ""
    console.print(
        f"Times are of one worker; {workers} side by side take about "
        f"{duration(sums[0] / workers / 60)} here. Assumed: {H100.most / 1e12:.0f} TFLOP/s on an "
        f"H100 and {CARD_24_GB.most / 1e12:.0f} on a 24 GB card for large networks, half of it at "
        f"{H100.half / 1e6:.0f} and {CARD_24_GB.half / 1e6:.0f} million parameters, and "
        f"{H100.aside:.0f} s a run for data and measures. Here: {estimates.speed.most / 1e9:.3g} "
        f"GFLOP/s{in_fp32}, measured, or what an earlier run took. Known from: record, an earlier "
        "run; counted, the network without its corpus; mean length, the same with all sequences of "
        "the corpus's mean length; minutes, what the recipe states. Value: what a run is worth to "
        "the book, by which a queue of several chapters is ordered."
    )
    if within is not None:
        ended = ending_within(within, [estimates.seconds(job) for job in jobs], workers)
        console.print(
            f"About {ended} of these {len(jobs)} runs end within {duration(within / 60)} here."
        )


def ending_within(limit: float, seconds: Iterable[float], workers: int) -> int:
    """How many of the runs, in their order, workers side by side finish within the limit.

    One that would end later makes way for the next that does not. (The queue may begin it at the
    end all the same, where it can be resumed.)
    """
    free, ended = [0.0] * workers, 0
    for taken in seconds:
        if free[0] + taken <= limit:
            heapq.heapreplace(free, free[0] + taken)
            ended += 1
    return ended


def _aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if number in (0, len(row) - 1) else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _short(number: int | None, unit: str = "") -> str:
    if number is None:
        return "-"
    for size, letter in _UNITS:
        if number >= 0.9995 * size:
            return f"{number / size:.3g}{' ' if unit else ''}{letter}{unit}"
    return f"{number}{unit and ' ' + unit}"
