"""Tables: numbers from records alone, and a plain word where there are none."""

from dataclasses import replace

import pytest
from fabricated import fabricate_record

from replications.errors import ReplicationError
from replications.figures.markdown import SECONDS, quantity, scientific, stacking_table, table
from replications.figures.paper_values import paper_row
from replications.figures.source import show_source
from replications.figures.tables import (
    claims_before,
    cost_box,
    current_records,
    provenance_line,
    setting,
    verdict_count,
    verdict_table,
)
from replications.papers import word2vec
from replications.records import load_records, save_record

MAIN = word2vec.RECIPES["laptop"][0]


def record_all_seeds(folder, recipe, semantics):
    (found,) = (r for r in word2vec.RECIPES["laptop"] if r.name == recipe)
    for seed, semantic in enumerate(semantics):
        metrics = {"semantic": semantic, "syntactic": 40.0, "total": 41.0}
        save_record(fabricate_record(recipe, seed, metrics, recipe_hash=found.hash), folder=folder)


def test_without_records_a_table_says_so(tmp_path):
    assert "No records yet" in provenance_line("word2vec", folder=tmp_path).data
    numbers = ", ".join(str(number) for number in range(1, len(word2vec.CLAIMS) + 1))
    waiting = (
        f"{len(word2vec.CLAIMS)} claims have no records yet: {numbers} of the table at the top"
    )
    assert waiting in verdict_table("word2vec", folder=tmp_path).data
    assert "not recorded" in cost_box("word2vec", folder=tmp_path).data


def test_a_verdict_stands_beside_both_sides_and_the_interval(tmp_path):
    record_all_seeds(tmp_path, "skip-gram", [40.0, 41.0, 42.0])
    record_all_seeds(tmp_path, "cbow", [30.0, 31.0, 32.0])
    table = verdict_table("word2vec", folder=tmp_path).data
    first = table.splitlines()[4]
    assert "41 and 31: 10" in first and "Seed by seed" not in first
    assert (
        table.count("<span class='label' hidden>verdict: </span>") == 2
    )  # both of these two recipes
    assert f"{len(word2vec.CLAIMS) - 2} claims have no records yet: 3, 4, 5" in table
    assert "✓ **reproduced in direction**: The interval does not reach 15.5" in first
    counted = verdict_count("word2vec", folder=tmp_path).data
    assert counted.startswith(f"**{len(word2vec.CLAIMS)} claims: 1 reproduced in direction, ")
    assert "98 % interval over 3 seeds" in verdict_table("word2vec", folder=tmp_path).data


def test_both_sides_are_of_the_seeds_that_the_claim_is_judged_on(tmp_path, monkeypatch):
    record_all_seeds(tmp_path, "skip-gram", [0.0, 0.0, 40.0, 41.0, 42.0])
    record_all_seeds(tmp_path, "cbow", [90.0, 90.0, 30.0, 31.0, 32.0])
    later = replace(word2vec.CLAIMS[0], first_seed=2)
    monkeypatch.setattr(word2vec, "CLAIMS", (later, *word2vec.CLAIMS[1:]))
    assert "41 and 31: 10" in verdict_table("word2vec", folder=tmp_path).data.splitlines()[4]


def test_the_count_of_verdicts_says_that_it_leaves_controls_out(tmp_path, monkeypatch):
    first, second, *others = word2vec.CLAIMS
    assert "control" not in verdict_count("word2vec", folder=tmp_path).data
    controls = (replace(first, role="control"), replace(second, role="control"))
    monkeypatch.setattr(word2vec, "CLAIMS", (controls[0], second, *others))
    one = verdict_count("word2vec", folder=tmp_path).data
    assert one.startswith(f"**{len(others) + 1} claims: ")
    assert one.endswith("Of its rows 1 is a control, which is not counted.")
    monkeypatch.setattr(word2vec, "CLAIMS", (*controls, *others))
    two = verdict_count("word2vec", folder=tmp_path).data
    assert two.endswith("Of its rows 2 are controls, which are not counted.")


def test_both_sides_have_true_minus_signs_and_no_powers_of_ten(tmp_path):
    record_all_seeds(tmp_path, "skip-gram", [-0.30, -0.34, -0.38])
    record_all_seeds(tmp_path, "cbow", [2e-5, 3e-5, 4e-5])
    first = verdict_table("word2vec", folder=tmp_path).data.splitlines()[4]
    assert "\N{MINUS SIGN}0.34 and 0.000030: " in first


def test_borrowed_records_are_shown_and_cost_nothing_here(tmp_path, monkeypatch):
    own = tuple(r for r in word2vec.RECIPES["laptop"] if r.name != "cbow")
    (cbow,) = (r for r in word2vec.RECIPES["laptop"] if r.name == "cbow")
    monkeypatch.setitem(word2vec.RECIPES, "laptop", own)
    monkeypatch.setattr(word2vec, "BORROWED", {"earlier": (cbow,)}, raising=False)
    for recipe, paper, semantic in ((own[0], "word2vec", 40.0), (cbow, "earlier", 30.0)):
        for seed in range(3):
            metrics = {"semantic": semantic + seed, "syntactic": 40.0, "total": 41.0}
            record = fabricate_record(
                recipe.name, seed, metrics, paper=paper, recipe_hash=recipe.hash
            )
            save_record(record, folder=tmp_path)
    first = verdict_table("word2vec", folder=tmp_path).data.splitlines()[4]
    assert "41 and 31: 10" in first
    assert len(current_records("word2vec", folder=tmp_path)) == 6
    assert current_records("word2vec", "smoke", tmp_path) == []
    line = provenance_line("word2vec", folder=tmp_path).data
    assert "6 runs" in line
    assert "`data/records/earlier`, `data/records/word2vec`" in line
    assert "3, of 1 recipes" in cost_box("word2vec", folder=tmp_path).data


@pytest.mark.parametrize(
    ("measured", "said"), [({"processor_seconds": 7200.0}, "2 h"), ({}, "5 h")]
)
def test_a_pause_of_a_run_is_no_cost_where_processor_time_is_known(tmp_path, measured, said):
    course = [{"seconds": 18_000.0, "tokens": 100, "loss": 2.5, **measured}]
    record = fabricate_record(MAIN.name, recipe_hash=MAIN.hash, seconds=18_000.0, trajectory=course)
    save_record(record, folder=tmp_path)
    assert f"{said} ({MAIN.name})" in cost_box("word2vec", folder=tmp_path).data


def test_a_run_that_went_on_elsewhere_names_every_machine(tmp_path):
    legs = [{"commit": "0" * 40, "device": "NVIDIA H200", "epochs": 3}]
    record = fabricate_record(MAIN.name, recipe_hash=MAIN.hash, device="a laptop")
    save_record(replace(record, resumed_from=legs), folder=tmp_path)
    assert "on NVIDIA H200 and a laptop" in provenance_line("word2vec", folder=tmp_path).data
    assert "NVIDIA H200; a laptop" in cost_box("word2vec", folder=tmp_path).data


def test_a_claim_that_fails_is_marked(tmp_path):
    record_all_seeds(tmp_path, "skip-gram", [20.0, 21.0, 22.0])
    record_all_seeds(tmp_path, "cbow", [30.0, 31.0, 32.0])
    first = verdict_table("word2vec", folder=tmp_path).data.splitlines()[4]
    assert "✗ **contradicted at this scale**" in first


def test_what_three_seeds_leave_open_says_how_much_they_could_have_shown(tmp_path):
    record_all_seeds(tmp_path, "skip-gram", [10.0, 31.0, 52.0])
    record_all_seeds(tmp_path, "cbow", [30.0, 31.0, 32.0])
    first = verdict_table("word2vec", folder=tmp_path).data.splitlines()[4]
    assert "? **undecided**: Known to ± " in first
    assert "Seed by seed: 10, 31, 52; and 30, 31, 32. (`laptop`)" in first


def test_a_stale_record_counts_nowhere(tmp_path):
    save_record(fabricate_record("skip-gram", 0, {"total": 1.0}), folder=tmp_path)
    assert "No records yet" in provenance_line("word2vec", folder=tmp_path).data


def test_every_claim_is_listed_with_its_criterion_before_the_runs():
    text = claims_before("word2vec").data
    for claim in word2vec.CLAIMS:
        assert claim.statement in text
        assert str(claim.criterion) in text


def test_a_setting_is_read_from_the_recipe_and_an_unknown_one_is_an_error():
    assert setting(MAIN, "output.exponent") == "0.75"
    with pytest.raises(KeyError):
        setting(MAIN, "momentum")


def test_a_row_that_nobody_transcribed_is_an_error_that_lists_the_known_ones():
    with pytest.raises(ReplicationError, match=r"table 3: CBOW"):
        paper_row("word2vec", "Mikolov et al. 2013a, table 9", "CBOW")


def test_source_names_its_file():
    text = show_source(setting).data
    assert text.startswith("```python\n# replications/figures/tables.py, line ")
    assert "def setting(recipe: Recipe, name: str) -> str:" in text


def test_html_in_a_cell_is_shown_and_not_run():
    cells = ["<script>x</script>", "a <b onmouseover=x> & b", "`<unk>`", "one<br>*two*"]
    shown = table(["text"], [[cell] for cell in cells]).data.splitlines()[2:]
    assert shown == [
        "| &lt;script&gt;x&lt;/script&gt; |",
        "| a &lt;b onmouseover=x&gt; &amp; b |",
        "| `<unk>` |",
        "| one<br>*two* |",
    ]


def test_an_open_backtick_hides_no_html():
    (_, _, shown) = table(["text"], [["` <script> ``"]]).data.splitlines()
    assert "<script>" not in shown


def test_a_stacking_tables_cells_carry_their_headings_for_narrow_screens():
    shown = stacking_table(["", "paper", "`ours`"], [["a | b", 1, "<b>"]], "A note.").data
    assert shown.startswith("<div class='stacking'>\n\n|  | paper | `ours` |")
    assert "| a \\| b | <span class='label' hidden>paper: </span>1 |" in shown
    assert "<span class='label' hidden>`ours`: </span>&lt;b&gt; |" in shown
    assert shown.endswith("</div>\n\nA note.")


def test_a_gpus_cost_is_the_time_on_the_clock_and_no_processors_estimate(tmp_path):
    unrecorded = cost_box("bert", folder=tmp_path).data
    assert "one GPU" in unrecorded and "30 recipes, not recorded" in unrecorded
    (longest,) = [r for r in load_records("gpt2", "gpu") if r.filename == "size-30.gpu.seed0.json"]
    assert longest.seconds > 150
    assert f"{quantity(longest.seconds, SECONDS)} (size-30)" in cost_box("gpt2").data


def test_a_corpus_that_two_lists_name_stands_in_the_cost_box_once(tmp_path):
    lines = cost_box("bert", folder=tmp_path).data.splitlines()
    (row,) = (line for line in lines if line.startswith("| corpora |"))
    for cell in row.strip("| ").split(" | ")[1:]:
        names = cell.split("</span>")[-1].split(", ")
        assert len(names) == len(set(names))


def test_small_numbers_are_written_with_a_power_of_ten():
    assert scientific(0.00019) == r"$1.9 \times 10^{-4}$"
    assert scientific(0.003) == r"$3.0 \times 10^{-3}$"
