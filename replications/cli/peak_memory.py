"""The most memory that recorded runs took: of a GPU, or of the machine."""

import re
from collections.abc import Iterable

from replications.records import Record

# As `provenance.device_name` names a processor; a GPU has no number of threads.
_PROCESSOR = re.compile(r", \d+ threads?$")


def peak_memory(records: Iterable[Record]) -> dict[str, dict[str, int]]:
    """The most bytes that a run took, by tier and by device: "cpu" or "cuda".

    On a GPU that is the GPU's memory, on a processor the machine's. Of a device without a record
    there is no entry.
    """
    peaks: dict[str, dict[str, int]] = {}
    for record in records:
        device = "cpu" if _PROCESSOR.search(record.device) else "cuda"
        of_tier = peaks.setdefault(record.tier, {})
        of_tier[device] = max(of_tier.get(device, 0), record.peak_memory_bytes)
    return peaks
