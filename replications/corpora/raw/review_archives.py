"""Film reviews out of the archive of the Large Movie Review Dataset, without unpacking it."""

from __future__ import annotations

import re
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.errors import ReplicationError

_REVIEW = re.compile(r"(?:.*/)?(?P<split>\w+)/(?P<kind>neg|pos)/(?P<number>\d+)_\d+\.txt")
_LABELS = {"neg": 0, "pos": 1}


def review_archive_rows(files: Mapping[str, Path], split: str) -> Iterator[dict[str, object]]:
    """The reviews of a split with their labels: the negative ones (0) first, each by its number.

    Source: Maas et al. 2011; a review is a file `train/neg/0_3.txt`, with its number and its stars.
    """
    for file in files.values():
        found = {}
        try:
            with tarfile.open(file, "r:gz") as archive:
                for member in archive:
                    review = _REVIEW.fullmatch(member.name)
                    if member.isfile() and review and review["split"] == split:
                        content = archive.extractfile(member).read()
                        place = _LABELS[review["kind"]], int(review["number"])
                        found[place] = content.decode("utf-8")
        except (OSError, EOFError, tarfile.TarError, zlib.error, UnicodeDecodeError) as error:
            raise ReplicationError(
                f"{file}: is no whole archive of reviews in UTF-8 ({error}); fetch it again"
            ) from error
        for label, number in sorted(found):
            yield {"text": found[label, number], "label": label}
