"""The verdicts of a paper, judged once for a page, whose cells ask for them several times."""

from pathlib import Path

from replications.claims import Verdict, check_paper
from replications.papers import find_paper
from replications.paths import RECORDS

# The last verdicts of each paper and folder, with what they were judged on.
_JUDGED: dict[tuple[str, Path], tuple[tuple[object, ...], list[Verdict]]] = {}


def verdicts_of(slug: str, folder: Path = RECORDS) -> list[Verdict]:
    """As `check_paper` gives them; again only where a file of records or the claims have changed.

    Some claims are fits to hundreds of runs, which take seconds.
    """
    paper = find_paper(slug)
    files = sorted(
        (str(path), found.st_mtime_ns, found.st_size)
        for path in folder.rglob("*")
        for found in [path.stat()]
    )
    basis = (paper, paper.CLAIMS, paper.RECIPES, files)
    known = _JUDGED.get((slug, folder))
    if known is None or not _same(known[0], basis):
        known = _JUDGED[slug, folder] = (basis, check_paper(slug, paper, folder))
    return list(known[1])


def _same(known: tuple[object, ...], basis: tuple[object, ...]) -> bool:
    """Claims and recipes by identity, as comparing their values is slow; the files by content."""
    return all(a is b for a, b in zip(known[:3], basis[:3], strict=True)) and known[3] == basis[3]
