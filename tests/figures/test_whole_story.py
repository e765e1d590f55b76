"""The last chapter's table over all chapters."""

from __future__ import annotations

from replications.figures.whole_story import PARTS, story_table
from replications.papers import PAPERS


def test_each_chapter_has_a_row_with_what_was_new_and_how_its_claims_came_out(tmp_path):
    text = story_table(tmp_path).data
    for slug, paper in PAPERS.items():
        (row,) = [line for line in text.splitlines() if line.startswith(f"| {paper.NUMBER} ")]
        assert PARTS[slug] in row
        # Without records nothing is met.
        own = [claim for claim in paper.CLAIMS if claim.role != "control"]
        assert f"0 met, 0 not met, {len(own)} open" in row
