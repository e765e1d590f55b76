"""`replicate data`: the corpora, where they are, and whether they are the registered ones."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from replications import paths
from replications.cli.environment import current
from replications.cli.list_papers import NOT_HERE
from replications.cli.terminal import choose, choose_tier, console
from replications.errors import ReplicationError

app = typer.Typer(help="List, fetch, verify and export the corpora.", no_args_is_help=True)

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[CORPUS]...", help="Corpora by name; else all.")
]


@app.command("list")
def list_corpora() -> None:
    """Show every corpus: kind, licence, size, splits, caveats, and where it would be taken from."""
    listed = current().corpora().list_corpora()
    for corpus in listed:
        console.print(f"{corpus.name}: {corpus.available}", style="bold")
        console.print(f"   {corpus.description}")
        console.print(
            f"   {corpus.kind}; {corpus.licence}; {_sizes(corpus)}; splits: "
            f"{', '.join(corpus.splits)}"
        )
        for caveat in corpus.caveats:
            console.print(f"   caveat: {caveat}")
    absent = [corpus.name for corpus in listed if corpus.available == NOT_HERE]
    if absent:
        console.print(f"To download what is not here: `replicate data fetch {' '.join(absent)}`.")
    else:
        console.print("Nothing needs a download.")


@app.command()
def fetch(
    names: Names = None,
    different: Annotated[
        bool,
        typer.Option(
            "--allow-different-data", help="Accept rows that are not the registered ones."
        ),
    ] = False,
) -> None:
    """Bring corpora into the cache, from the mirror (REPLICATIONS_MIRROR) or the public origins.

    What is in the cache already is checked and kept. CORPUS:SPLIT brings one split alone.
    """
    # Not above: `replicate --help` must not wait for it.
    from replications.corpora.loading import different_data_allowed

    corpora = current().corpora()
    chosen = _chosen(names, corpora.list_corpora())
    failures = []
    for name in chosen:
        try:
            with different_data_allowed(different):
                fetched = corpora.fetch_corpus(name)
            for split in fetched:
                rows = f"{split.rows} rows from {split.origin}"
                as_it_should = "" if split.expected else ": NOT the registered rows"
                console.print(f"{name}, {split.split}: {rows}{as_it_should}")
        except ReplicationError as error:
            failures.append(str(error))
    _end(failures, f"{_counted(chosen)} here.")


@app.command()
def verify(names: Names = None) -> None:
    """Recompute the fingerprints of the corpora that are here. Downloads nothing."""
    corpora = current().corpora()
    listed = corpora.list_corpora()
    # Asked for nothing in particular, what is not on this machine is no failure.
    chosen = _chosen(names, [c for c in listed if names or c.available != NOT_HERE])
    failures = []
    for name in chosen:
        try:
            for split, expected, actual, equal in corpora.verify_corpus(name):
                console.print(f"{name}, {split}: {'as registered' if equal else 'DIFFERENT'}")
                if not equal:
                    failures.append(
                        f"{name}, split {split}: fingerprint {actual}, registered is {expected}. "
                        f"`replicate data fetch {name}` says which file to delete."
                    )
        except ReplicationError as error:
            failures.append(str(error))
    _end(failures, f"{_counted(chosen)} as registered.")


def _sizes(corpus: Any) -> str:
    prepared = f"{corpus.megabytes:g} MB prepared"
    if not corpus.download_megabytes:
        return prepared
    return f"{prepared}, {corpus.download_megabytes:.3g} MB to download"


@app.command()
def export(
    papers: Annotated[
        list[str],
        typer.Argument(metavar="PAPER...", help="Chapters, as `replicate list` has them."),
    ],
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where to put the mirror.")],
    tier: Annotated[
        str, typer.Option(envvar="REPLICATIONS_TIER", help="What the chapters are to be run at.")
    ] = "gpu",
    part_size: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE", help="Cut it into parts of this size, such as 60MB, to carry by hand."
        ),
    ] = None,
) -> None:
    """Pack what chapters read at a tier into a folder, for a machine without a network.

    There, set REPLICATIONS_MIRROR to the folder. The commit of this code lies beside the data, so
    that records name it where there is no git.
    """
    surroundings = current()
    chapters = {name: choose("paper", name, surroundings.papers()) for name in papers}
    names = [
        corpus
        for paper, chapter in chapters.items()
        for corpus in choose_tier(tier, paper, chapter.CORPORA)
    ]
    part_bytes = None if part_size is None else _bytes(part_size)
    corpora = surroundings.corpora()
    if part_bytes is not None:
        corpora.require_part_size(part_bytes)
    total = 0
    for each in corpora.export_corpora(names, to):
        needs = f"{each.bytes / 1e6:.1f} MB" if each.bytes else f"is {each.kind}: nothing to carry"
        console.print(f"{each.name}: {each.rows} rows, {needs}")
        total += each.bytes
    to.mkdir(parents=True, exist_ok=True)
    _write_commit(to)
    if part_bytes is None:
        console.print(f"{total / 1e6:.1f} MB in {to}. There, set REPLICATIONS_MIRROR to it.")
        return
    parts = corpora.split_into_parts(to, part_bytes)
    console.print(
        f"{total / 1e6:.1f} MB in {len(parts)} parts in {to}. There, in their folder: `sha256sum "
        f"--check SHA256SUMS && cat {parts[0].stem}.* | tar --extract --directory MIRROR`, and set "
        "REPLICATIONS_MIRROR to that MIRROR."
    )


def _write_commit(folder: Path) -> None:
    # Only this command needs it: `replicate --help` must not wait for what it imports.
    from replications.training import provenance

    provenance.write_commit_file(folder, copied=paths.REPOSITORY)


def _bytes(size: str) -> int:
    """A size such as "60MB" in bytes."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) *([KMG]?)B?", size.strip().upper())
    if not found:
        raise ReplicationError(f"--part-size {size}: give a number and a unit, such as 60MB.")
    return int(float(found[1]) * {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}[found[2]])


def _chosen(names: list[str] | None, listed: list) -> list[str]:
    """The names that are asked for; "multi30k:train" asks for one split of a corpus."""
    known = {corpus.name: corpus for corpus in listed}
    asked = list(dict.fromkeys(names or known))
    for name in asked:
        choose("corpus", name.partition(":")[0], known)
    return asked


def _counted(names: list[str]) -> str:
    return "1 corpus is" if len(names) == 1 else f"{len(names)} corpora are"


def _end(failures: list[str], good: str) -> None:
    if failures:
        raise ReplicationError("\n".join(failures))
    console.print(good)
