"""Reward over-optimisation: gold and proxy rewards against the root of the KL divergence."""

from collections.abc import Iterable, Mapping, Sequence

import seaborn as sns
from matplotlib.figure import Figure

from replications.claims.measures.trajectory import trajectory
from replications.figures.paper_and_ours import axes, finish
from replications.figures.tables import current_records
from replications.metrics.preference.best_of_n import kl_of_best
from replications.records import Number, Record

Curve = Mapping[str, Sequence[Number]]
"""`distance`, the root of KL; `gold` and `proxy`, gains over the point where it is 0."""


def draw_instructgpt_first() -> Figure:
    """Chapter 12's first picture: PPO and best-of-n against a reward model of few comparisons."""
    from replications.papers import instructgpt

    records = current_records("instructgpt")
    few = instructgpt.reward_recipe_name(instructgpt.PROMPTS_COMPARED[1])
    return draw_pushed(
        {
            "best-of-n": best_of_n_curves(records, few, instructgpt.COUNTS),
            "PPO": policy_curves(records, "ppo-few-comparisons"),
        }
    )


def draw_pushed(methods: Mapping[str, Sequence[Curve]]) -> Figure:
    """Gold solid and proxy dashed, a colour for each method and a line for each seed."""
    colours = sns.color_palette("colorblind", len(methods))
    with axes() as ax:
        for (name, curves), colour in zip(methods.items(), colours, strict=True):
            for number, curve in enumerate(curves):
                for kind, style in (("gold", "-"), ("proxy", "--")):
                    label = f"{name}: {kind}" if number == 0 else None
                    ax.plot(curve["distance"], curve[kind], style, color=colour, label=label)
        ax.axhline(0, color="0.7", lw=1)
        x_label = "distance from the SFT model: √KL, with KL in nats"
        finish(ax, x_label, "gain in reward", recorded=any(map(len, methods.values())))
    return ax.figure


def draw_gold_frontier(runs: Mapping[str, Sequence[Curve]]) -> Figure:
    """Gold along the training of several policies, a line for each seed."""
    colours = sns.color_palette("viridis", len(runs))
    with axes() as ax:
        for (name, curves), colour in zip(runs.items(), colours, strict=True):
            for number, curve in enumerate(curves):
                label = name if number == 0 else None
                ax.plot(curve["distance"], curve["gold"], "o-", ms=3, color=colour, label=label)
        x_label = "distance from the SFT model: √KL, with KL in nats"
        finish(ax, x_label, "gain in gold reward", recorded=any(map(len, runs.values())))
    return ax.figure


def policy_curves(records: Iterable[Record], recipe: str) -> list[Curve]:
    """Each seed's trajectory, from the point where its policy was the reference."""
    found = []
    for record in records:
        if record.recipe == recipe:
            gold, proxy, kl = (trajectory(record, name) for name in ("gold", "proxy", "kl"))
            found.append(
                {
                    "distance": [max(value, 0.0) ** 0.5 for value in kl],
                    "gold": [value - gold[0] for value in gold],
                    "proxy": [value - proxy[0] for value in proxy],
                }
            )
    return found


def best_of_n_curves(records: Iterable[Record], recipe: str, counts: Sequence[int]) -> list[Curve]:
    """Each seed's best-of-n."""
    found = []
    for record in records:
        if record.recipe == recipe:
            series = {
                kind: [record.metric(f"best_of:{kind}:{n}") for n in counts]
                for kind in ("gold", "proxy")
            }
            found.append(
                {
                    "distance": [kl_of_best(n) ** 0.5 for n in counts],
                    **{kind: [v - values[0] for v in values] for kind, values in series.items()},
                }
            )
    return found
