import os

import pytest

# As a hook, git names the repository that it works on. A test that commits into a folder of its own
# would commit into that one.
for name in [name for name in os.environ if name.startswith("GIT_")]:
    del os.environ[name]

# The tensors of the tests are tiny. Threads would spend their time waiting for each other: on a
# busy machine a hundred times as much. To be set before torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch):
    """A test sees no tier that the person who runs it has chosen for their own work."""
    monkeypatch.delenv("REPLICATIONS_TIER", raising=False)


@pytest.fixture(scope="session")
def unbroken():
    """The record and the vectors of a short run from beginning to end."""
    # Not above: torch reads the number of threads when it is first imported.
    from world_runs import run

    record, model, _ = run()
    return record, model.vectors.clone()
