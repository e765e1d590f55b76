"""Short stories, split from a stream of text without separators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from replications.corpora.raw.word_questions import read_text

# What a paragraph that opens a story starts with. A story that opens otherwise stays with the one
# before it.
_OPENING = re.compile(
    r"\n\n(?=(?:Once upon a time|Once there was an?\b"
    r"|One day, (?:a|the) (?:little|small|big|girl|boy)\b))"
)
_BLANK_LINES = re.compile(r"\n{3,}")
_SHORTEST_STORY = 190  # characters
_SOURCE = "TinyStories-valid (cut from a stream)"


def story_stream_rows(files: Mapping[str, Path]) -> Iterator[dict[str, object]]:
    """Stories of the validation part of TinyStories, cut before paragraphs that open like one.

    The first and the last piece of a file, which may be parts of stories, and pieces shorter than
    190 characters are left out.
    """
    for file in files.values():
        pieces = _OPENING.split(_BLANK_LINES.sub("\n\n", read_text(file)))
        for piece in pieces[1:-1]:
            if len(story := piece.strip()) >= _SHORTEST_STORY:
                yield {"text": story, "source": _SOURCE}
