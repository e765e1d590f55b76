"""A reader's own texts as documents, with a part of them held out."""

from pathlib import Path

from replications.corpora.store.fingerprint import CorpusIdentity, fingerprint_rows
from replications.corpora.texts.documents import Documents
from replications.corpora.yours.files import are_large, documents_of, own_files
from replications.corpora.yours.kept_documents import kept_documents
from replications.corpora.yours.parts import (
    ENOUGH_DOCUMENTS,
    KIND,
    PARTS,
    in_parts,
    with_ends_held_out,
)
from replications.errors import ReplicationError


def own_documents(seed: int, *, path: str, a_line: bool = False) -> Documents:
    """The texts of a file, or of all .txt and .gz files below a folder in the order of their names.

    A file is a document, or with `a_line` each of its lines; blank ones are none. Large texts are
    divided once, kept in the cache and read from there, small ones are held in memory. Of 40
    documents or more a twentieth is held out for validation, and another one for the test: those
    whose sha256 comes first, so that the choice is the same in every run, and equal documents are
    in one part. Of fewer documents each one's last twentieth is for the test and the twentieth
    before it for validation, cut where a line ends. The seed changes nothing.

    Raises ReplicationError where there is no such file or folder, for a file that is damaged, not
    UTF-8 (naming the line), binary, or has a line of over 10 MB, and where there is too little text
    to hold something out.
    """
    files = own_files(Path(path))
    if are_large(files):
        parts, fingerprints = kept_documents(files, a_line)
    else:
        documents = list(documents_of(files, a_line))
        many = len(documents) >= ENOUGH_DOCUMENTS
        parts = in_parts(documents, str.encode) if many else with_ends_held_out(documents)
        fingerprints = [
            fingerprint_rows(({"text": text} for text in part), ["text"]) for part in parts
        ]
    if not any(map(len, parts)):
        raise ReplicationError(f"{path} holds no text: its {len(files)} file(s) are empty.")
    if lacking := [name for name, part in zip(PARTS, parts, strict=True) if not len(part)]:
        raise ReplicationError(
            f"{path} has too little text: nothing is left for {lacking[0]}. Give {ENOUGH_DOCUMENTS}"
            " documents or more, or longer ones of several lines."
        )
    name = Path(path).name or "texts"
    identities = tuple(
        CorpusIdentity(
            name, split, KIND, sha256, len(part), f"{len(files)} file(s) of your own", True
        )
        for split, part, sha256 in zip(PARTS, parts, fingerprints, strict=True)
    )
    return Documents(*parts, identities=identities, key=f"yours-{identities[0].sha256[:16]}")
