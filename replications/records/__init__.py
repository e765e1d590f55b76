"""A record: what one training run was, what it cost and what it measured, as a JSON file.

Records lie in `data/records/<paper>/<recipe>.<tier>.seed<seed>.json`, are written by runs alone
and are committed. `data/records/schema.json` says what they hold, to this module and to other
programs. Beside a record may lie `<recipe>.<tier>.seed<seed>.items.npz`: see `load_items`. The
records of a sweep lie in one file a tier, see `compact.py`, and are read and judged as all
others.
"""

from replications.records.freshness import Hashed, fresh, is_stale, stale_records
from replications.records.reading import load_items, load_record, load_records
from replications.records.record import FailedRun, Number, Record, record_filename
from replications.records.writing import record_path, require_writable, save_record

__all__ = [
    "FailedRun",
    "Hashed",
    "Number",
    "Record",
    "fresh",
    "is_stale",
    "load_items",
    "load_record",
    "load_records",
    "record_filename",
    "record_path",
    "require_writable",
    "save_record",
    "stale_records",
]
