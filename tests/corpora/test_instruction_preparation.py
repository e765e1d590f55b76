"""Instructions out of published files: lists that are joined, and tasks with instances."""

import json

import pytest

from replications.corpora.raw.instructions import instruction_list_rows, instruction_task_rows
from replications.errors import ReplicationError


def entry(instruction, output, given=""):
    return {"instruction": instruction, "input": given, "output": output}


def written(folder, **files):
    found = {}
    for name, content in files.items():
        file = folder / name
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        found[name] = file
    return found


def test_lists_are_joined_the_first_of_equal_instructions_kept_and_empty_answers_dropped(tmp_path):
    files = written(
        tmp_path,
        one=[entry("Add.", "3", "1 2"), entry("Sing.", "")],
        two=[entry("Add.", "four", "1 2"), entry("Add.", "5", "2 3"), entry("Sing.", "la")],
    )
    rows = list(instruction_list_rows(files))
    assert [row["output"] for row in rows] == ["3", "5", "la"]
    assert rows[0] == entry("Add.", "3", "1 2")


def test_a_task_gives_its_first_instance(tmp_path):
    task = {
        "id": "seed_task_0",
        "instruction": "Add.",
        "instances": [{"input": "1 2", "output": "3"}, {"input": "2 3", "output": "5"}],
    }
    (row,) = instruction_task_rows(written(tmp_path, tasks=f"{json.dumps(task)}\n"))
    assert row == entry("Add.", "3", "1 2")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot be read as JSON"),
        ({"instruction": "Add."}, "holds no list"),
        ([{"instruction": "Add.", "output": 3, "input": ""}], "entry 1 is not an object with text"),
        (["Add."], "entry 1 is not an object with text"),
    ],
)
def test_a_list_of_something_else_is_refused(content, words, tmp_path):
    with pytest.raises(ReplicationError, match=words):
        list(instruction_list_rows(written(tmp_path, one=content)))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 1 is not JSON"),
        ('{"instruction": "Add."}', "line 1 has no instances"),
        ('{"instruction": "Add.", "instances": [3]}', "line 1 is not an object with text"),
    ],
)
def test_a_task_without_an_answer_is_refused(line, words, tmp_path):
    with pytest.raises(ReplicationError, match=words):
        list(instruction_task_rows(written(tmp_path, tasks=f"{line}\n")))
