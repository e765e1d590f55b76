from fabricated import fabricate_record

from replications.figures.task_scores import task_scores

TASKS = {"SST-2": "sst2", "CoLA": "cola"}
MODELS = {"BERT": "bert", "GPT-1": "pretrained"}


def record(name, seed, score):
    return fabricate_record(name, seed, {"score": score})


def rows(records):
    lines = task_scores(records, TASKS, MODELS).data.splitlines()[2:5]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_without_records_each_cell_is_an_ellipsis():
    assert [row[1:] for row in rows([])] == [["…", "…"]] * 3


def test_the_mean_over_the_tasks_counts_the_seeds_that_have_all():
    records = [record("sst2-bert", seed, 80.0 + 2 * seed) for seed in range(4)]
    records += [record("cola-bert", seed, 10.0 + 2 * seed) for seed in range(3)]
    (sst2, cola, mean) = rows(records)
    assert sst2[1].startswith("83.0\u00a0±") and cola[1].startswith("12.0\u00a0±")
    assert mean[1].startswith("47.0\u00a0±")
    assert [row[2] for row in (sst2, cola, mean)] == ["…"] * 3


def test_fewer_than_three_seeds_have_neither_an_interval_nor_a_mean_over_the_tasks():
    records = [record("sst2-bert", seed, 80.0 + 2 * seed) for seed in range(3)]
    records += [record("cola-bert", seed, 10.0 + 2 * seed) for seed in range(2)]
    (_, cola, mean) = rows(records)
    assert (cola[1], mean[1]) == ("11.0 (two seeds)", "…")


def test_records_of_other_recipes_do_not_count():
    (sst2, _, mean) = rows([record("sst2-bert-more", 0, 1.0), record("sst2-pretrained", 0, 70.0)])
    assert sst2[1:] == ["…", "70.0 (one seed)"]
    assert mean[1:] == ["…", "…"]
