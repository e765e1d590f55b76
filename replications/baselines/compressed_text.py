"""Bits per byte of a general-purpose compressor, the baseline of language models."""

import lzma
from collections.abc import Sequence
from typing import Any

from replications.errors import ReplicationError

_END = b"\0"
_LARGEST = 1 << 30


def xz_bits_per_byte(
    model: Any, data: Any, *, part: str = "test", prefix: str = "xz_"
) -> dict[str, float]:
    """`xz_bits_per_byte` of a part of the data's text by itself, whatever the model is.

    The texts are concatenated, each with a byte for its end, in xz's strongest setting.
    Raises ReplicationError where there is no text.
    """
    text, size = _joined(getattr(data.text, part))
    return {f"{prefix}bits_per_byte": 8 * len(_packed(text)) / size}


def primed_xz_bits_per_byte(
    model: Any, data: Any, *, part: str = "test", prefix: str = "primed_xz_"
) -> dict[str, float]:
    """`primed_xz_bits_per_byte`: the same with the training part as context.

    It is by how much the packed training part grows when the other is appended, with a dictionary
    as large as both; some minutes for 100 megabytes.
    """
    text, size = _joined(getattr(data.text, part))
    train, _ = _joined(data.text.train)
    grown = len(_packed(train + text)) - len(_packed(train))
    return {f"{prefix}bits_per_byte": 8 * grown / size}


def _joined(texts: Sequence[str]) -> tuple[bytes, int]:
    """The texts with their ends, and how many bytes they have without."""
    encoded = [text.encode() for text in texts]
    size = sum(map(len, encoded))
    if not size:
        raise ReplicationError("There is no text to measure: give at least one that is not empty.")
    return b"".join(text + _END for text in encoded), size


def _packed(text: bytes) -> bytes:
    dictionary = min(max(len(text), 1 << 16), _LARGEST)
    filters = [
        {
            "id": lzma.FILTER_LZMA2,
            "preset": 9 | lzma.PRESET_EXTREME,
            "dict_size": dictionary,
        }
    ]
    return lzma.compress(text, format=lzma.FORMAT_XZ, check=lzma.CHECK_NONE, filters=filters)
