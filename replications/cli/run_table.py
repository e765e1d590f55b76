"""What a queue would take, as a table: `replicate run --dry-run`."""

from collections.abc import Iterable, Sequence
from typing import Any

from replications.cli.terminal import console, duration
from replications.training.jobs import Job

_HEAD = (
    "run", "seed", "value", "tokens", "parameters", "operations", "memory",
    "here", "H100", "24 GB card", "known from",
)  # fmt: skip
_UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def print_table(jobs: Sequence[Job], estimates: Any, workers: int) -> None:
    """A row a run in the order of the queue, and the sums."""
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
        "the corpus's mean length; minutes, what the recipe states."
    )


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
