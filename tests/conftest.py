import pytest


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch):
    """A test sees no tier that the person who runs it has chosen for their own work."""
    monkeypatch.delenv("REPLICATIONS_TIER", raising=False)
