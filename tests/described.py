"""Descriptions of recipes, compared: for tests of what tells two recipes apart."""


def differences(one: object, other: object, place: str = "") -> dict[str, tuple]:
    """Where two descriptions differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict):
        found = {}
        for key in one.keys() | other.keys():
            found |= differences(one.get(key), other.get(key), f"{place}.{key}".lstrip("."))
        return found
    return {} if one == other else {place: (one, other)}
