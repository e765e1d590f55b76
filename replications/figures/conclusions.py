"""What the verdicts of all chapters say together, for the book's last page."""

from collections import Counter
from collections.abc import Collection, Iterable

from replications.claims import NO_RECORDS, UNDECIDED
from replications.claims.scoreboard import Score


def beside_the_papers_numbers(scores: Iterable[Score]) -> Counter[str]:
    """Verdicts on the claims whose paper has an effect on our scale, and that have records.

    Controls, which are no claims of a paper, are left out.
    """
    return Counter(
        verdict.verdict
        for _, _, verdicts in scores
        for verdict in verdicts
        if verdict.claim.role != "control"
        and verdict.verdict != NO_RECORDS
        and verdict.measured is not None
        and verdict.claim.papers_effect is not None
    )


def open_at_three_seeds(scores: Iterable[Score], chapters: Collection[int]) -> tuple[int, int]:
    """Of some chapters: how many undecided claims rest on three seeds, and how many there are."""
    still_open = [
        verdict.look
        for _, paper, verdicts in scores
        if paper.NUMBER in chapters
        for verdict in verdicts
        if verdict.claim.role != "control" and verdict.verdict == UNDECIDED
    ]
    return still_open.count(3), len(still_open)
