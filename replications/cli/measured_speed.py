"""`replicate doctor --measure`: the devices' rates, and how long a seed of each chapter takes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from replications.cli.terminal import console, duration
from replications.records import load_records

# On a processor, runs that are sized for a GPU would take days.
_NOT_FOR = {"cpu": ("gpu",)}


def measure(papers: Mapping[str, Any], devices: Mapping[str, str], records: Path) -> dict[str, Any]:
    """Operations per second by device and precision, and seconds of a seed by chapter and tier.

    A device's seconds are those of one run after the other, by earlier runs on such a device, or by
    the rate that is measured now.
    """
    from replications.training.estimates import Estimates, product_rates, this_device
    from replications.training.jobs import Job

    rates = {device: product_rates(device) for device in devices}
    seconds: dict[str, Any] = {}
    for device in devices:
        speed = this_device(device, rates[device])
        found = {slug: load_records(slug, folder=records) for slug in papers}
        estimates = Estimates(speed, device, found)
        for slug, paper in papers.items():
            for tier, recipes in paper.RECIPES.items():
                if tier in _NOT_FOR.get(device, ()):
                    continue
                whole = sum(estimates.seconds(Job(slug, tier, recipe, 0)) for recipe in recipes)
                seconds.setdefault(slug, {}).setdefault(tier, {})[device] = whole
    return {"operations_per_second": rates, "seconds_a_seed": seconds}


def show(measured: Mapping[str, Any]) -> None:
    """The same for a person to read."""
    for device, rates in measured["operations_per_second"].items():
        told = ", ".join(f"{name} {rate / 1e9:,.0f}" for name, rate in rates.items())
        console.print(f"{device:<8} {told} billion operations a second in large products")
    console.print("A seed of each chapter, all recipes one after the other, takes about:")
    for slug, tiers in measured["seconds_a_seed"].items():
        told = "; ".join(
            f"{tier} "
            + ", ".join(
                f"{duration(taken / 60)} on {device}" for device, taken in by_device.items()
            )
            for tier, by_device in tiers.items()
        )
        console.print(f"   {slug:<18} {told}")
