"""What is missing, in which order, and what one failure costs the others."""

import pytest
from fabricated import FabricatedRecipe, fabricate_record
from quick_runs import paper_of

from replications.errors import ReplicationError
from replications.papers import PAPERS
from replications.records import save_record
from replications.training.jobs import kept_start
from replications.training.queue import Queue, missing_jobs, started_from


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))


def recipe(name, start=None, hash="0123456789abcdef"):
    return FabricatedRecipe(name, start=start, training_hash=f"training-of-{name}", hash=hash)


A, B, C = map(recipe, "abc")


def plan_of(papers, tier, **options):
    """What is missing where there are no other papers than these."""
    return missing_jobs(papers, tier, started=started_from(papers), **options)


def order(papers, tmp_path, **options):
    options = {"seeds": range(2), "records": tmp_path / "records", **options}
    plan = plan_of(papers, "laptop", **options)
    return [(job.paper, job.recipe.name, job.seed) for job in plan.jobs]


def test_each_recipe_has_one_run_before_any_has_two(tmp_path):
    papers = {"first": paper_of(A, B), "second": paper_of(C)}
    once = [("first", "a"), ("first", "b"), ("second", "c")]
    assert order(papers, tmp_path) == [(*each, seed) for seed in (0, 1) for each in once]


def test_what_is_worth_more_comes_first_over_all_papers_with_all_its_seeds(tmp_path):
    papers = {
        "first": paper_of(A, B, PRIORITY={"laptop": {"b": 1}}),
        "second": paper_of(C, PRIORITY={"laptop": {"c": 2}}),
    }
    assert [name for _, name, _ in order(papers, tmp_path)] == list("ccbbaa")


def test_a_start_comes_before_what_begins_with_it_and_is_worth_as_much(tmp_path):
    begun = recipe("begun", start=C)
    papers = {
        "first": paper_of(A),
        "second": paper_of(begun, C, PRIORITY={"laptop": {"begun": 5}}),
    }
    jobs = plan_of(papers, "laptop", seeds=[0], records=tmp_path).jobs
    assert [job.recipe.name for job in jobs] == ["c", "begun", "a"]
    assert [job.priority for job in jobs] == [5, 5, 0]
    assert [job.kept for job in jobs] == [True, False, False]
    assert jobs[1].start == jobs[0].trained


def test_a_priority_of_a_recipe_that_is_not_there_is_an_error(tmp_path):
    papers = {"first": paper_of(A, PRIORITY={"laptop": {"aa": 1}})}
    with pytest.raises(ReplicationError, match=r"first: PRIORITY\['laptop'\] names aa"):
        order(papers, tmp_path)


def test_what_is_recorded_is_not_missing_and_an_older_recipe_s_record_is_left_alone(tmp_path):
    folder = tmp_path / "records"
    for name in "ab":
        save_record(fabricate_record(name, 0, paper="first"), folder)
    papers = {"first": paper_of(A, recipe("b", hash="fedcba9876543210"))}
    plan = plan_of(papers, "laptop", seeds=range(2), records=folder)
    assert [(job.recipe.name, job.seed) for job in plan.jobs] == [("a", 1), ("b", 1)]
    assert plan.recorded == 1
    assert [path.name for path in plan.stale] == ["b.laptop.seed0.json"]
    replaced = order(papers, tmp_path, replace_stale=True)
    assert replaced == [("first", "b", 0), ("first", "a", 1), ("first", "b", 1)]


def test_a_start_that_was_recorded_elsewhere_is_trained_again_without_a_record(tmp_path):
    records = tmp_path / "records"
    save_record(fabricate_record("c", 0, paper="first"), records)
    papers = {"first": paper_of(C, recipe("x", start=C), recipe("y", start=C))}
    jobs = plan_of(papers, "laptop", seeds=[0], records=records).jobs
    assert [(job.recipe.name, job.recorded) for job in jobs] == [
        ("c", False),
        ("x", True),
        ("y", True),
    ]
    assert jobs[0].kept
    kept = kept_start(C, 0, "cpu")
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"weights")
    jobs = plan_of(papers, "laptop", seeds=[0], records=records).jobs
    assert [(job.recipe.name, job.start) for job in jobs] == [("x", None), ("y", None)]


def queue_of(tmp_path, *recipes):
    papers = {"first": paper_of(*recipes)}
    jobs = plan_of(papers, "laptop", seeds=[0], records=tmp_path).jobs
    return Queue(list(jobs)), {job.recipe.name: job for job in jobs}


def test_what_begins_with_a_running_start_waits_and_others_do_not(tmp_path):
    queue, jobs = queue_of(tmp_path, A, recipe("x", start=A), B)
    taken = [queue.take(lambda job: True) for _ in range(3)]
    assert taken == [jobs["a"], jobs["b"], None]
    queue.end(jobs["a"])
    assert queue.take(lambda job: True) == jobs["x"]


def test_what_may_not_start_is_passed_over(tmp_path):
    queue, jobs = queue_of(tmp_path, A, B)
    assert queue.take(lambda job: job.recipe.name == "b") == jobs["b"]
    assert queue.waiting == [jobs["a"]]


def test_a_failed_start_takes_with_it_all_that_would_have_begun_with_it(tmp_path):
    x = recipe("x", start=A)
    queue, jobs = queue_of(tmp_path, A, x, recipe("y", start=x), B)
    queue.fail(queue.take(lambda job: True), "out of memory")
    assert queue.waiting == [jobs["b"]]
    assert queue.failed == {
        "first a, seed 0": "out of memory",
        "first x, seed 0": "it begins with a, which failed",
        "first y, seed 0": "it begins with x, which failed",
    }


def test_what_was_stopped_is_the_next_to_be_taken(tmp_path):
    queue, jobs = queue_of(tmp_path, A, B)
    queue.put_back(queue.take(lambda job: True))
    assert queue.take(lambda job: True) == jobs["a"]


@pytest.mark.parametrize("tier", ["smoke", "laptop", "gpu"])
def test_every_run_of_the_book_has_its_place_and_no_start_comes_late(tier, tmp_path):
    papers = {slug: paper for slug, paper in PAPERS.items() if tier in paper.RECIPES}
    jobs = plan_of(papers, tier, seeds=range(3), records=tmp_path).jobs
    recipes = sum(len(paper.RECIPES[tier]) for paper in papers.values())
    assert len([job for job in jobs if job.recorded]) == 3 * recipes
    seen = set()
    for job in jobs:
        assert job.start is None or job.start in seen
        seen.add(job.trained)


def test_the_runs_of_a_sweep_are_compact_and_only_these(tmp_path):
    papers = {"first": paper_of(A, B, SWEEPS={"laptop": (B,), "gpu": (A,)})}
    with pytest.raises(ReplicationError, match=r"first: SWEEPS\['gpu'\] has a, which is no"):
        plan_of(papers, "gpu", seeds=[0], records=tmp_path)
    jobs = plan_of(papers, "laptop", seeds=[0], records=tmp_path).jobs
    assert [(job.recipe.name, job.compact) for job in jobs] == [("a", False), ("b", True)]


def test_a_run_that_diverged_is_done_and_one_that_an_error_ended_is_tried_again(tmp_path):
    for name, how in (("a", "diverged"), ("b", "raised")):
        failed = {"how": how, "why": "so"}
        record = fabricate_record(name, 0, {}, paper="first", failed=failed)
        save_record(record, tmp_path, compact=True)
    papers = {"first": paper_of(A, B, C, SWEEPS={"laptop": (A, B)})}
    plan = plan_of(papers, "laptop", seeds=[0], records=tmp_path)
    assert [job.recipe.name for job in plan.jobs] == ["b", "c"]
    assert (plan.recorded, plan.stale) == (1, ())


def test_a_stale_run_of_a_sweep_is_named_with_its_place_in_the_file(tmp_path):
    record = fabricate_record("a", 0, paper="first", recipe_hash="fedcba9876543210")
    save_record(record, tmp_path, compact=True)
    papers = {"first": paper_of(A, SWEEPS={"laptop": (A,)})}
    plan = plan_of(papers, "laptop", seeds=[0], records=tmp_path)
    assert plan.stale == (tmp_path / "first" / "sweep.laptop.jsonl#a.seed0",)
