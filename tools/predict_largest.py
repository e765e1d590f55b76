"""Predict the loss of the sweep's largest budget from all others, before it is trained.

    python tools/predict_largest.py

Writes data/predictions/chinchilla.json. It refuses where the largest budget has a record already,
and where a prediction is there: a prediction is made once. Commit it before the largest is run.
"""

import datetime
import json
import sys
from collections.abc import Sequence

import numpy as np

from replications.claims.measures.accounting import CHINCHILLA, course_of
from replications.errors import ReplicationError
from replications.fits.bootstrap import SAMPLES, draw_runs
from replications.fits.isoflop import fit_valleys
from replications.fits.parametric import bootstrap_parametric, fit_parametric
from replications.fits.power_law import fit_power_law
from replications.fits.sweep import ends_of
from replications.papers import find_paper
from replications.papers.chinchilla.prediction import FILE
from replications.papers.kaplan.sweep import LARGEST, SIZES, SWEEP, flops_per_token
from replications.records import Record, fresh, load_records
from replications.training.provenance import commit

LOSS = "nats_per_token"


def predict(records: Sequence[Record], parameters: float, tokens: float, flops: float) -> dict:
    """An interval for the loss of `parameters` trained on `tokens` at the cost of `flops`.

    Two fits predict it: the parametric law at these parameters and tokens (Hoffmann et al. 2022,
    section 3.3), and the power law of the budgets' lowest losses at this cost (Kaplan et al. 2020,
    equation 1.3). Each has a 95 % interval of a bootstrap over runs within their budgets. The
    interval reaches from the lower of the two lower ends to the higher of the upper ones, and two
    standard deviations over seeds further on either side.
    """
    ends = ends_of([course_of(record, LOSS, CHINCHILLA) for record in records])
    counts = draw_runs(ends.budgets, samples=SAMPLES)
    law = fit_parametric(ends)
    drawn = bootstrap_parametric(ends, counts, law=law)
    parametric = [float(each.loss(parameters, tokens)) for each in drawn]
    valleys = fit_valleys(ends, over=ends.parameters)
    sampled = fit_valleys(ends, counts, over=ends.parameters)
    frontier = _frontier(np.array([v.flops for v in sampled]), np.array([v.loss for v in sampled]))
    deviation = _deviation_over_seeds(records)
    found = {
        "parametric": _interval(float(law.loss(parameters, tokens)), parametric),
        "frontier": _interval(
            float(
                _law_at(
                    np.array([v.flops[0] for v in valleys]),
                    np.array([v.loss[0] for v in valleys]),
                    flops,
                )
            ),
            [float(each.at(flops)) for each in frontier],
        ),
    }
    lows, highs = zip(*((each["low"], each["high"]) for each in found.values()), strict=True)
    return {
        "low": min(lows) - 2 * deviation,
        "high": max(highs) + 2 * deviation,
        "predicted": float(np.mean([each["predicted"] for each in found.values()])),
        "fits": found,
        "standard_deviation_over_seeds": deviation,
    }


def _law_at(flops: np.ndarray, loss: np.ndarray, at: float) -> float:
    kept = np.isfinite(loss)
    return fit_power_law(flops[kept], loss[kept]).at(at)


def _frontier(flops: np.ndarray, loss: np.ndarray) -> list:
    """A law for each sample in which three budgets or more have an inner minimum."""
    kept = np.isfinite(loss)
    return [
        fit_power_law(flops[kept[:, n], n], loss[kept[:, n], n])
        for n in range(loss.shape[1])
        if kept[:, n].sum() >= 3
    ]


def _interval(predicted: float, samples: Sequence[float]) -> dict[str, float]:
    low, high = np.percentile(samples, [2.5, 97.5])
    return {"predicted": predicted, "low": float(low), "high": float(high)}


def _deviation_over_seeds(records: Sequence[Record]) -> float:
    by_recipe: dict[str, list[float]] = {}
    for record in records:
        by_recipe.setdefault(record.recipe, []).append(float(record.metric(LOSS)))
    # Of the two largest budgets, whose losses scatter less than those of the smallest.
    largest = [values for name, values in by_recipe.items() if "1e12" in name or "3e12" in name]
    squares = [np.var(values, ddof=1) for values in largest if len(values) > 1]
    if not squares:
        raise ReplicationError("No recipe of 1e12 operations or more has two seeds: run the sweep.")
    return float(np.sqrt(np.mean(squares)))


def main() -> None:
    kaplan = find_paper("kaplan")
    names = {recipe.name for recipe in SWEEP}
    records = fresh(load_records("kaplan", "laptop"), kaplan.RECIPES)
    if FILE.exists():
        raise ReplicationError(f"{FILE} is there: a prediction is made once.")
    if any(record.recipe == LARGEST.name for record in load_records("chinchilla", "laptop")):
        raise ReplicationError(f"{LARGEST.name} is recorded: it is too late to predict it.")
    used = [record for record in records if record.recipe in names and not record.failed]
    given = LARGEST.learner.keywords["epochs"] * LARGEST.data.keywords["tokens_per_epoch"]
    shape = SIZES[LARGEST.name.rsplit("-", 1)[1]]
    parameters = _all_parameters(LARGEST)
    found = predict(used, parameters, given, given * flops_per_token(shape))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    tree = {
        "recipe": LARGEST.name,
        "recipe_hash": LARGEST.hash,
        "metric": LOSS,
        "parameters": parameters,
        "tokens": given,
        **found,
        "runs": len(used),
        "commit": commit(),
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }
    FILE.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(tree, indent=1))


def _all_parameters(recipe) -> int:
    from replications.training.costs import parameters_of

    return parameters_of(recipe)


if __name__ == "__main__":
    try:
        main()
    except ReplicationError as error:
        sys.exit(str(error))
