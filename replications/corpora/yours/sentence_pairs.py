"""A reader's own translations: two files with one sentence a line, with a part of them held out."""

from pathlib import Path

from replications.corpora.raw.parallel_lines import check_line_counts
from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.corpora.texts.parallel_text import Pairs, ParallelText
from replications.corpora.yours.files import text_lines
from replications.corpora.yours.parts import ENOUGH_DOCUMENTS, KIND, PARTS, in_parts
from replications.errors import ReplicationError

MOST_HELD_OUT = 1_000
"""Pairs for validation and for the test, each: translating more would take longer than training."""


def own_pairs(seed: int, *, source: str, target: str) -> ParallelText:
    """Line n of one file is the translation of line n of the other; both are UTF-8, plain or gzip.

    Lines that are blank in both files are left out. A twentieth of the pairs is held out for
    validation and another one for the test, 1,000 at most: those whose sha256 comes first, so that
    equal pairs are in one part. The seed changes nothing.

    Raises ReplicationError, naming the file, for what `own_documents` refuses of a file, different
    numbers of lines, a line that is blank in one file alone, and fewer than 40 pairs.
    """
    files = [Path(source), Path(target)]
    for file in files:
        if not file.is_file():
            raise ReplicationError(f"{file}: there is no such file; parallel text is two files.")
    if files[0].samefile(files[1]):
        raise ReplicationError(f"{source} is given as both files: parallel text is two files.")
    lines = {file: [line.strip() for line in text_lines(file)] for file in files}
    check_line_counts({file: len(there) for file, there in lines.items()})
    pairs = []
    for number, pair in enumerate(zip(*lines.values(), strict=True), 1):
        if all(pair):
            pairs.append(pair)
        elif any(pair):
            blank = files[pair.index("")]
            raise ReplicationError(
                f"{blank}: line {number} is empty, and that of the other file is not: take the "
                "line out of both."
            )
    if len(pairs) < ENOUGH_DOCUMENTS:
        raise ReplicationError(
            f"{source} and {target} have too little text: {len(pairs)} pairs. Give "
            f"{ENOUGH_DOCUMENTS} or more; a model that translates takes tens of thousands."
        )
    parts = in_parts(pairs, lambda pair: "\n".join(pair).encode(), most=MOST_HELD_OUT)
    if not parts[0] or not parts[2]:
        raise ReplicationError(
            f"{source} and {target} have too little text: nearly all of their pairs are equal."
        )
    identities = tuple(
        CorpusIdentity(
            f"{files[0].name} and {files[1].name}",
            split,
            KIND,
            fingerprint_rows(
                ({"source": one, "target": other} for one, other in part), ["source", "target"]
            ),
            len(part),
            "2 files of your own",
            True,
        )
        for split, part in zip(PARTS, parts, strict=True)
    )
    made = (Pairs(*map(tuple, zip(*part, strict=True))) for part in parts)
    return ParallelText(*made, identities=identities)
