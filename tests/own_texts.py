"""Texts of a reader's own, made up: a folder of documents, and two parallel files."""

from pathlib import Path

from cut_down import sentences


def write_documents(folder: Path, count: int = 60) -> Path:
    """So many files of some 2,600 bytes each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        text = " ".join(sentences(40, seed=number))
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return folder


def write_pairs(folder: Path, count: int = 200) -> tuple[Path, Path]:
    """Sentences, and the same in capitals as their translations."""
    folder.mkdir(parents=True, exist_ok=True)
    source, target = folder / "mine.en", folder / "mine.up"
    lines = [line.rsplit(" ", 7)[0] for line in sentences(count, seed=1)]
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    target.write_text("\n".join(lines).upper() + "\n", encoding="utf-8")
    return source, target
