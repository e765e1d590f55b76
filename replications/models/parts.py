"""The parts of a network as text, so that two networks can be compared part by part."""

import functools
import inspect
from collections.abc import Callable, Mapping


def parts_of(assembly: Callable) -> dict[str, str]:
    """Each argument of a network by name, in the order of its signature, with defaults.

    `assembly` is a class or a functools.partial of one. Arguments without a value are left out.
    """
    given, network = {}, assembly
    while isinstance(network, functools.partial):
        given, network = {**network.keywords, **given}, network.func
    parts = {"network": network.__name__}
    for name, parameter in inspect.signature(network).parameters.items():
        value = given.get(name, parameter.default)
        if value is not inspect.Parameter.empty:
            parts[name] = _in_words(value)
    return parts


def changed_parts(before: Callable, after: Callable) -> dict[str, tuple[str, str]]:
    """The parts that differ, before and after; "" where there is none."""
    old, new = parts_of(before), parts_of(after)
    return {
        name: (old.get(name, ""), new.get(name, ""))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    }


def _in_words(value: object) -> str:
    if isinstance(value, functools.partial):
        arguments = [f"{name}={_in_words(part)}" for name, part in value.keywords.items()]
        return f"{_in_words(value.func)}({', '.join(arguments)})"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_in_words(part)}" for name, part in value.items())
    return getattr(value, "__name__", None) or str(value)
