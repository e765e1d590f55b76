"""Text as words and punctuation marks, with a joiner character so that it can be restored."""

import re
from collections.abc import Iterable

from replications.errors import ReplicationError

# U+FFED, as in OpenNMT's tokenizer.
JOINER = "￭"

# A run of letters and digits of any script, or one character that is neither.
_PART = re.compile(r"[^\W_]+|.", re.DOTALL)
_JOINT = re.compile(f" ?{JOINER} ?")


def split_words(text: str) -> list[str]:
    """Words and single punctuation marks; JOINER is written where a mark touches its neighbour.

    `a man's hat.` gives `a`, `man`, `￭'￭`, `s`, `hat`, `￭.`: words are the same wherever they
    occur. Where two marks touch, the second one carries the JOINER. Case is kept.
    Raises ReplicationError for a text that contains the JOINER itself.
    """
    if JOINER in text:
        raise ReplicationError(
            f"The text contains {JOINER!r} (U+FFED) at character {text.index(JOINER) + 1}. It "
            "marks where words were joined: replace it by another character."
        )
    words = []
    for chunk in text.split():
        if chunk.isalnum():
            words.append(chunk)
            continue
        parts = ["", *_PART.findall(chunk), ""]
        for before, part, after in zip(parts, parts[1:], parts[2:], strict=False):
            if not part.isalnum():
                part = JOINER * bool(before) + part + JOINER * after.isalnum()
            words.append(part)
    return words


def join_words(words: Iterable[str]) -> str:
    """The text of words with joiners: the inverse of `split_words` up to white space.

    Words that no text is split into, such as a model's, are joined wherever there is a JOINER.
    """
    return _JOINT.sub("", " ".join(words))
