import json

from tools.strip_outputs import main


def test_a_notebook_keeps_its_cells_and_loses_outputs_and_the_kernel_of_one_machine(tmp_path):
    cell = {
        "cell_type": "code",
        "execution_count": 3,
        "metadata": {"tags": ["hide-input"], "execution": {"iopub": "now"}},
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}],
        "source": ["print(1)"],
    }
    kernel = {"display_name": "My own", "language": "python", "name": "my-env"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python", "version": "3.11.2"}}
    file = tmp_path / "chapter.ipynb"
    file.write_text(
        json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    )
    assert main([str(file)]) == 1
    stripped = json.loads(file.read_text())
    assert stripped["cells"][0] == {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": ["hide-input"]},
        "outputs": [],
        "source": ["print(1)"],
    }
    assert stripped["metadata"]["kernelspec"]["name"] == "python3"
    assert stripped["metadata"]["language_info"] == {"name": "python"}
    assert main([str(file)]) == 0
