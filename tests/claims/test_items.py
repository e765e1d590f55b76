"""Errors that come from test items, on fabricated ones."""

from dataclasses import dataclass

import numpy as np
import pytest
from fabricated import FabricatedRecipe, fabricate_paper, fabricate_record

from replications.claims import (
    Above,
    Claim,
    Difference,
    FinalValue,
    Ratio,
    Value,
    check,
    check_paper,
)
from replications.claims.items import Resampled, metrics_of
from replications.claims.measures import Average, NoValue
from replications.errors import ReplicationError
from replications.items import FromItems
from replications.records import save_record

RECIPES = {"laptop": (FabricatedRecipe("a"), FabricatedRecipe("b"))}
BETTER = Difference(Value("a", "accuracy"), Value("b", "accuracy"))


@dataclass
class Right:
    """Whether each item was right; the metric is their share."""

    values: np.ndarray

    def statistic(self, values):
        return float(np.mean(values[:, 0]))


def runs(chances, count=400, seeds=3, noise=0):
    """Records of recipes by name with the items of each; `chances` has each item's by recipe."""
    rng = np.random.default_rng(noise)
    records, items = [], {}
    for name, chance in chances.items():
        for seed in range(seeds):
            right = (rng.random(count) < chance).astype(float)[:, None]
            record = fabricate_record(name, seed, {"accuracy": float(right.mean())})
            records.append(record)
            items[record.filename] = {"accuracy": Right(right)}
    return records, Resampled(lambda record: items.get(record.filename, {}))


def claim(measure=BETTER, **changed):
    return Claim("better", "It is better.", "table 1", "better", measure, Above(0), **changed)


def grouped(records):
    return [{r.recipe: r for r in records if r.seed == seed} for seed in range(3)]


def test_the_error_of_a_share_over_its_items_is_the_binomial_one():
    records, resampled = runs({"a": 0.5}, count=900, seeds=1)
    error, count = resampled.error(Value("a", "accuracy"), [{"a": records[0]}])
    assert count == 900
    assert error == pytest.approx(0.5 / 30, rel=0.12)


def test_runs_with_as_many_items_draw_the_same_so_that_what_is_hard_for_both_cancels():
    hard = np.repeat([0.0, 1.0], 200)
    records, resampled = runs({"a": hard, "b": hard})
    error, _ = resampled.error(BETTER, grouped(records))
    assert error == 0
    alone, _ = resampled.error(Value("a", "accuracy"), grouped(records))
    assert alone == pytest.approx(0.5 / 20, rel=0.12)


def test_without_items_of_each_metric_there_is_no_such_error():
    records, resampled = runs({"a": 0.5})
    records += [fabricate_record("b", seed, {"accuracy": 0.5}) for seed in range(3)]
    assert resampled.error(BETTER, grouped(records)) is None


def test_a_side_that_is_read_along_its_trajectory_leaves_the_other_side_no_error_of_its_own():
    records, resampled = runs({"a": 0.6, "b": 0.5})
    mixed = Difference(FinalValue("a", "accuracy"), Value("b", "accuracy"))
    assert resampled.error(mixed, grouped(records)) is None
    assert resampled.error(Value("b", "accuracy"), grouped(records)) is not None


def test_a_part_that_is_read_in_another_way_from_the_same_recipe_leaves_no_error_either():
    records, resampled = runs({"a": 0.6})
    mixed = Difference(Value("a", "accuracy"), FinalValue("a", "accuracy"))
    assert resampled.error(mixed, grouped(records)) is None


def test_a_single_item_has_no_error():
    records, resampled = runs({"a": 0.6}, count=1)
    assert resampled.error(Value("a", "accuracy"), grouped(records)) is None


def test_parts_of_one_whole_are_drawn_together_and_are_no_more_certain_than_it():
    right = np.repeat([[0.0], [1.0]], 50, axis=0)
    items = {"structure_lddt": Right(right), "confidence_correlation": Right(right.repeat(24, 0))}
    record = fabricate_record("a", 0, dict.fromkeys(items, 0.5))
    resampled = Resampled(lambda _: items)
    wholes, parts = (resampled.error(Value("a", name), [{"a": record}]) for name in items)
    assert wholes[1] == parts[1] == 100
    assert parts[0] == pytest.approx(wholes[0])
    assert parts[0] == pytest.approx(0.5 / 10, rel=0.12)


def test_parts_that_do_not_make_up_the_wholes_are_an_error_that_names_the_record():
    items = {"structure_lddt": Right(np.ones((5, 1)))}
    items["confidence_correlation"] = Right(np.ones((12, 1)))
    record = fabricate_record("a", 0, dict.fromkeys(items, 1.0))
    with pytest.raises(ReplicationError, match=r"a\.laptop\.seed0\.json has 12 items .* of 5"):
        Resampled(lambda _: items).error(Value("a", "confidence_correlation"), [{"a": record}])


def test_where_a_sample_has_no_value_there_is_no_error():
    @dataclass(frozen=True)
    class Reached:
        of: Value

        @property
        def recipes(self):
            return self.of.recipes

        def at(self, records):
            if self.of.at(records) < 60:
                raise NoValue("the level was not reached")
            return self.of.at(records)

    records, resampled = runs({"a": 0.6})
    assert resampled.error(Reached(Value("a", "accuracy")), grouped(records)) is None


def test_where_a_sample_divides_by_zero_there_is_no_error():
    """Of a hundred items three are right: some sample draws none of them."""
    records, items = [], {}
    for name, right in {"a": 50, "b": 3}.items():
        for seed in range(3):
            record = fabricate_record(name, seed, {"accuracy": right / 100})
            records.append(record)
            drawn = (np.arange(100) < right).astype(float)[:, None]
            items[record.filename] = {"accuracy": Right(drawn)}
    resampled = Resampled(lambda record: items[record.filename])
    assert resampled.error(Ratio(BETTER.left, BETTER.right), grouped(records)) is None


def test_the_metrics_of_a_measure_are_found_however_deep_they_stand():
    nested = Ratio(Average((BETTER, Value("c", "nll"))), Value("a", "nll"))
    assert metrics_of(nested) == {("a", "accuracy"), ("b", "accuracy"), ("c", "nll"), ("a", "nll")}


def test_an_interval_says_that_it_covers_both_and_is_wider_for_it():
    records, resampled = runs({"a": 0.6, "b": 0.5})
    both = check(claim(), records, RECIPES, resampled)
    seeds = check(claim(), records, RECIPES)
    assert (both.covers, seeds.covers) == ("both", "seeds")
    assert both.half_width > 0
    assert both.measured == seeds.measured
    wide = (both.half_width, both.detectable_effect, both.p)
    assert all(isinstance(number, float) for number in wide)


def test_no_added_error_makes_an_interval_narrower():
    """Three seeds that scatter much, and items that add little and have many degrees of freedom."""
    shares, items = (0.4, 0.5, 0.7), {}
    for seed, share in enumerate(shares):
        right = np.arange(1_000) < 1_000 * share
        items[f"a.laptop.seed{seed}.json"] = {"accuracy": Right(right.astype(float)[:, None])}
    records = [fabricate_record("a", s, {"accuracy": share}) for s, share in enumerate(shares)]
    measure = claim(Value("a", "accuracy"))
    both = check(measure, records, RECIPES, Resampled(lambda record: items[record.filename]))
    seeds = check(measure, records, RECIPES)
    assert (both.covers, seeds.covers) == ("both", "seeds")
    assert both.half_width >= seeds.half_width
    assert both.detectable_effect >= seeds.detectable_effect
    assert both.p >= seeds.p > 0


def save_runs(folder, paper, name, chance, kept=True):
    rng = np.random.default_rng(len(name))
    for seed in range(3):
        right = rng.random(400) < chance
        share = 100 * float(right.mean())
        number = FromItems(share, "percent", right) if kept else share
        save_record(fabricate_record(name, seed, {"accuracy": number}, paper=paper), folder)


def test_a_paper_is_judged_with_the_items_that_lie_beside_its_records(tmp_path):
    save_runs(tmp_path, "word2vec", "a", 0.6)
    save_runs(tmp_path, "word2vec", "b", 0.5)
    paper = fabricate_paper(claim(), laptop=RECIPES["laptop"])
    (verdict,) = check_paper("word2vec", paper, tmp_path)
    assert verdict.covers == "both"
    (seeds,) = check_paper("word2vec", paper, tmp_path, items_of=lambda record: {})
    assert (seeds.covers, seeds.measured) == ("seeds", verdict.measured)
    (tmp_path / "word2vec" / "a.laptop.seed1.items.npz").unlink()
    with pytest.raises(ReplicationError, match=r"a\.laptop\.seed1\.items\.npz does not hold"):
        check_paper("word2vec", paper, tmp_path)


def test_borrowed_records_bring_their_items_and_one_run_without_leaves_the_seeds(tmp_path):
    save_runs(tmp_path, "word2vec", "a", 0.6)
    save_runs(tmp_path, "glove", "b", 0.5)
    borrower = fabricate_paper(claim(), laptop=(FabricatedRecipe("b"),))
    borrower.BORROWED = {"word2vec": (FabricatedRecipe("a"),)}
    assert check_paper("glove", borrower, tmp_path)[0].covers == "both"
    save_runs(tmp_path, "glove", "b", 0.5, kept=False)
    assert check_paper("glove", borrower, tmp_path)[0].covers == "seeds"


def test_a_count_without_a_seed_is_judged_on_its_items():
    rng = np.random.default_rng(0)
    right = (rng.random(400) < 0.3).astype(float)[:, None]
    records = [fabricate_record("a", seed, {"accuracy": float(right.mean())}) for seed in range(3)]
    counted = claim(Value("a", "accuracy"), spread="none")
    verdict = check(counted, records, RECIPES, Resampled(lambda _: {"accuracy": Right(right)}))
    assert (verdict.verdict, verdict.covers) == ("reproduced", "items")
    assert verdict.half_width == pytest.approx(2.336 * (0.21 / 400) ** 0.5, rel=0.15)


def test_a_count_without_seed_and_items_is_no_certainty():
    records = [fabricate_record("a", seed, {"accuracy": 0.3}) for seed in range(3)]
    verdict = check(claim(Value("a", "accuracy"), spread="none"), records, RECIPES)
    assert (verdict.verdict, verdict.covers, verdict.measured) == ("undecided", "nothing", 0.3)
    assert verdict.low is verdict.high is verdict.p is None
    assert "no items to resample" in verdict.note


def test_seeds_and_items_together_cover_the_truth_as_often_as_they_say():
    """Items of unlike difficulty, seeds of unlike strength, the same items for every run."""
    rng = np.random.default_rng(8)
    covered = covered_by_seeds = 0
    tries = 50
    for _ in range(tries):
        difficulty = rng.normal(0, 1, 120)
        values = difficulty + rng.normal(0, 0.1, (3, 1)) + rng.normal(0, 0.3, (3, 120))
        items = {
            f"a.laptop.seed{s}.json": {"accuracy": Right(v[:, None])} for s, v in enumerate(values)
        }
        records = [
            fabricate_record("a", s, {"accuracy": float(v.mean())}) for s, v in enumerate(values)
        ]
        resampled = Resampled(lambda record, items=items: items[record.filename])
        measure = claim(Value("a", "accuracy"))
        both = check(measure, records, RECIPES, resampled)
        seeds = check(measure, records, RECIPES)
        covered += both.low <= 0 <= both.high
        covered_by_seeds += seeds.low <= 0 <= seeds.high
    assert covered / tries > 0.93
    assert covered > covered_by_seeds
