import pytest
from fabricated import FabricatedRecipe, fabricate_claim, fabricate_paper, fabricate_records

from replications.claims import Ratio, Value, Verdict, check, check_paper, scoreboard
from replications.errors import ReplicationError
from replications.papers import PAPERS
from replications.paths import RECORDS, REPOSITORY
from replications.records import stale_records

RECIPES = {"laptop": (FabricatedRecipe("skip-gram"),)}
GOOD = fabricate_claim()
LARGE = fabricate_claim(
    "large",
    statement="More words | more sense.",
    source="Section 4",
    paper_value="a day on a cluster",
    not_testable="It takes the cluster.",
)


def scores_of(records):
    paper = fabricate_paper(GOOD, LARGE, **RECIPES)
    return [("word2vec", paper, [check(claim, records, RECIPES) for claim in paper.CLAIMS])]


def test_the_table_has_one_row_a_claim_with_both_numbers_and_the_verdict():
    scores = scores_of(fabricate_records("skip-gram", [10.0, 11.0, 12.0]))
    assert scoreboard.by_claim(scores).splitlines() == [
        "| chapter | claim | paper | ours, mean [98 % interval] | interval over | verdict |",
        "| --- | --- | --- | --- | --- | --- |",
        "| 1 word2vec | Skip-gram is good. | accuracy: 55.5 % (Table 3) | 11.0 [7.0, 15.0] % "
        "| 3 seeds | reproduced |",
        "| 1 word2vec | More words \\| more sense. | a day on a cluster (Section 4) | – |  "
        "| not testable here |",
    ]


def test_the_chapters_have_a_row_each_with_a_count_of_each_verdict():
    scores = scores_of(fabricate_records("skip-gram", [10.0, 11.0, 12.0]))
    assert scoreboard.by_chapter(scores).splitlines() == [
        "2 claims: 1 reproduced, 1 not testable here."
        " Of those reproduced, in direction or in full, 1 of 1 stand beside a number of a paper "
        "that can be compared with ours; the others beside a statement in words, a number of "
        "another kind, or a question that we added.",
        "",
        "| chapter | reproduced | not testable here |",
        "| --- | ---: | ---: |",
        "| 1 word2vec | 1 | 1 |",
    ]


def test_reproduced_claims_are_counted_by_whether_the_paper_has_a_number_to_compare():
    words = fabricate_claim("words", paper_value="better")
    other = fabricate_claim("other", comparable=False)
    met = [Verdict(claim, "reproduced") for claim in (GOOD, words, other)]
    assert " 1 of 3 stand beside a number" in scoreboard.beside_numbers(met)
    assert scoreboard.beside_numbers([Verdict(GOOD, "undecided")]) == ""


def test_a_failing_record_changes_the_tables():
    scores = scores_of(fabricate_records("skip-gram", [10.0, 11.0, -12.0]))
    assert "1 undecided, 1 not testable here" in scoreboard.by_chapter(scores)
    assert scoreboard.by_claim(scores).splitlines()[-2].endswith("| undecided |")


def test_a_control_is_shown_and_counted_nowhere():
    paper = fabricate_paper(GOOD, fabricate_claim("control", role="control"), **RECIPES)
    records = fabricate_records("skip-gram", [10.0, 11.0, 12.0])
    scores = [("word2vec", paper, [check(claim, records, RECIPES) for claim in paper.CLAIMS])]
    assert scoreboard.by_chapter(scores).startswith("1 claim: 1 reproduced. Of ")
    assert scoreboard.by_claim(scores).endswith("| reproduced (a control, counted nowhere) |")
    assert scoreboard.after_multiplicity(scores).startswith("Of 1 claim tested, ")


def test_the_scoreboard_says_what_a_stricter_rule_drops():
    paper = fabricate_paper(GOOD, LARGE, **RECIPES)
    weak = [fabricate_claim(f"weak-{number}") for number in range(9)]
    verdicts = [Verdict(GOOD, "reproduced", 11, 7, 15, p=0.02)]
    assert scoreboard.after_multiplicity([("word2vec", paper, verdicts)]) == (
        "Of 1 claim tested, about 0 would be met by chance if none were true. By Benjamini and "
        "Hochberg's procedure, which holds the expected share of false ones at 2.5 % if their "
        "p-values are independent or rise together, all 1 reproduced claims stay."
    )
    verdicts += [Verdict(claim, "undecided", 1, -1, 3, p=0.6) for claim in weak]
    scores = [("word2vec", paper, verdicts)]
    assert scoreboard.after_multiplicity(scores).endswith(
        "0 of 1 reproduced claims stay, without those marked † (word2vec: good)."
    )
    assert scoreboard.by_claim(scores).splitlines()[2].endswith("| reproduced † |")
    assert scoreboard.after_multiplicity([]) == "No claim has been tested yet."


def test_without_records_the_scoreboard_says_so():
    paper = fabricate_paper(GOOD, **RECIPES)
    scores = [("word2vec", paper, [check(GOOD, [], RECIPES)])]
    assert scoreboard.by_chapter(scores).startswith("1 claim: no records yet.\n")
    assert scoreboard.by_chapter([]).startswith("0 claims: no records yet.\n")


@pytest.mark.parametrize(
    ("measured", "low", "high", "shown"),
    [
        (10.123, 7.6, 12.646, "10.1 [7.6, 12.6] %"),
        (0.12345, 0.1229, 0.124, "0.12345 [0.12290, 0.12400] %"),
        (15432.1, 15000.0, 15864.2, "15432 [15000, 15864] %"),
        (0.5, 0.4001, 0.5999, "0.50 [0.40, 0.60] %"),
        (55.0, None, None, "55 [no interval] %"),
        (-1.0, -1.5, -0.5, "-1.00 [-1.50, -0.50] %"),
        (-0.03, -1.045, 0.987, "0.0 [-1.0, 1.0] %"),
        (None, None, None, "–"),
        # The criterion asks for more than 0: neither end may read as 0.
        (42.9, 0.23, 85.5, "42.9 [0.2, 85.5] %"),
        (-42.9, -85.5, -0.04, "-42.90 [-85.50, -0.04] %"),
        (42.9, 0.0, 85.8, "43 [0, 86] %"),
        (42.9, 0.0001, 85.8, "43 [0, 86] %"),
    ],
)
def test_decimals_leave_the_half_width_two_significant_digits(measured, low, high, shown):
    assert scoreboard.ours(Verdict(GOOD, "undecided", measured, low, high)) == shown


@pytest.mark.parametrize(
    ("unit", "papers"),
    [
        ("(the paper's minutes; ours times)", "without: 38, with: 14 minutes"),
        ("times", "without: 38, with: 14"),
    ],
)
def test_the_two_sides_of_a_ratio_never_have_the_ratios_unit(unit, papers):
    ratio = fabricate_claim(
        measure=Ratio(Value("skip-gram", "seconds"), Value("cbow", "seconds")),
        paper_value={"without": 38, "with": 14},
        unit=unit,
    )
    assert scoreboard.papers_value(ratio) == papers
    assert scoreboard.ours(Verdict(ratio, "undecided", 1.6)) == "1.6 [no interval] times"


def test_a_readme_is_written_between_its_markers_and_changes_with_the_scores_alone(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"# Title\n\n{scoreboard.BEGIN}\n{scoreboard.END}\n\nend\n", encoding="utf-8")
    scoreboard.write_readme(readme, scores_of([]))
    text = readme.read_text(encoding="utf-8")
    assert text.startswith(f"# Title\n\n{scoreboard.BEGIN}\n2 claims")
    assert text.endswith(f"|\n\n</details>\n{scoreboard.END}\n\nend\n")
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]

    scoreboard.write_readme(readme, scores_of([]))
    assert readme.read_text(encoding="utf-8") == text
    scoreboard.write_readme(readme, scores_of(fabricate_records("skip-gram", [10.0, 11.0, 12.0])))
    assert readme.read_text(encoding="utf-8") != text


@pytest.mark.parametrize("text", ["# Title\n", f"{scoreboard.BEGIN}\n", f"{scoreboard.END}\n"])
def test_a_readme_without_both_markers_is_an_error_that_shows_them(tmp_path, text):
    readme = tmp_path / "README.md"
    readme.write_text(text, encoding="utf-8")
    with pytest.raises(ReplicationError, match="Put these two lines where it belongs"):
        scoreboard.write_readme(readme, [])
    assert readme.read_text(encoding="utf-8") == text


def test_the_committed_readme_shows_what_the_committed_records_say(tmp_path):
    scores = [(slug, paper, check_paper(slug, paper)) for slug, paper in PAPERS.items()]
    committed = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    renewed = tmp_path / "README.md"
    renewed.write_text(committed, encoding="utf-8")
    scoreboard.write_readme(renewed, scores)
    assert renewed.read_text(encoding="utf-8") == committed, (
        "README.md is behind the records: run `replicate claims --write-readme`"
    )


def test_no_committed_record_is_stale_or_of_an_unknown_paper():
    stale = [
        f"{slug}/{record.filename}"
        for slug, paper in PAPERS.items()
        for record in stale_records(slug, paper.RECIPES)
    ]
    assert stale == [], "run these again: `replicate run PAPER --tier TIER --resume`"
    assert {path.name for path in RECORDS.iterdir() if path.is_dir()} <= set(PAPERS)
