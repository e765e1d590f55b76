"""`replicate claims`: what each paper claims, what was measured here, and the verdict."""

import json
from pathlib import Path
from typing import Annotated

import typer

from replications.claims import (
    MET,
    NO_RECORDS,
    NOT_MET,
    NOT_TESTABLE,
    UNDECIDED,
    Verdict,
    as_json,
    check_paper,
)
from replications.claims.scoreboard import (
    after_multiplicity,
    count_verdicts,
    ours,
    over,
    papers_value,
    write_readme,
)
from replications.cli.environment import current
from replications.cli.terminal import choose, console
from replications.errors import ReplicationError

COLOURS = {
    **dict.fromkeys(MET, "green"),
    **dict.fromkeys(NOT_MET, "red"),
    UNDECIDED: "yellow",
    NOT_TESTABLE: "yellow",
    NO_RECORDS: "dim",
}


def claims(
    paper: Annotated[
        str | None,
        typer.Argument(
            metavar="[PAPER]", help="One paper, by its name in `replicate list`; else all."
        ),
    ] = None,
    as_json_lines: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a claim, one a line.")
    ] = False,
    readme: Annotated[
        bool, typer.Option("--write-readme", help="Write the scoreboard into README.md as well.")
    ] = False,
    records: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Judge the records there, and not data/records."),
    ] = None,
) -> None:
    """Judge the papers' claims on the records in data/records, or on yours with --records.

    A claim that is contradicted is a result, not a failure: the exit status is 0 all the same.
    """
    surroundings = current()
    papers = surroundings.listed()
    if readme and records:
        raise typer.BadParameter("the scoreboard shows data/records: leave --records out")
    folder = surroundings.records if records is None else records.expanduser().absolute()
    if records is not None and not folder.is_dir():
        raise ReplicationError(f"There is no folder of records {folder}.")
    chosen = {paper: choose("paper", paper, papers)} if paper else papers
    scores = [(slug, module, check_paper(slug, module, folder)) for slug, module in chosen.items()]
    if readme:
        if paper:
            raise typer.BadParameter("the scoreboard shows all papers: leave PAPER out")
        write_readme(surroundings.readme, scores)
    if as_json_lines:
        for slug, _, verdicts in scores:
            for verdict in verdicts:
                typer.echo(json.dumps(as_json(slug, verdict), ensure_ascii=False, allow_nan=False))
        return
    for slug, module, verdicts in scores:
        console.print(f"{module.NUMBER}. {slug}: {module.TITLE}", style="bold")
        for verdict in verdicts:
            _show(verdict)
    console.print(count_verdicts(verdict for _, _, verdicts in scores for verdict in verdicts))
    if not paper:
        console.print(after_multiplicity(scores))
    if readme:
        console.print(f"The scoreboard in {surroundings.readme.name} is up to date: commit it.")
    else:
        console.print("Make the missing records with `replicate run`; see `replicate list`.")


def _show(verdict: Verdict) -> None:
    claim = verdict.claim
    console.print(f"  {claim.slug}: ", end="")
    console.print(verdict.verdict, style=COLOURS[verdict.verdict])
    console.print(f"    {claim.statement}")
    console.print(f"    paper: {papers_value(claim)} ({claim.source})")
    if claim.measure is not None:
        judged = verdict.measured is not None
        without = "not measured yet" if verdict.verdict == NO_RECORDS else "no value"
        measured = f"{ours(verdict)}, {over(verdict)}" if judged else without
        console.print(f"    ours:  {measured}, tier {claim.tier}: {claim.measure}")
        console.print(f"    asked: {claim.criterion}")
    if verdict.note:
        console.print(f"    note:  {verdict.note}")
