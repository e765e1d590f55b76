"""Claims on policies that pay four times the price for leaving SL-CAI, judged on other seeds.

At the price of the first runs, policies of three seeds forget how to answer harmless requests. The
price of the "close" ones was seen to be the better one on those seeds.
"""

from dataclasses import replace

from replications.claims import Claim, Difference, Value
from replications.papers.constitutional_ai import claims
from replications.papers.constitutional_ai.recipes import close_name

_first = {claim.slug: claim for claim in claims.CLAIMS}


def _close(slug: str, metric: str, other: str, statement: str) -> Claim:
    """The claim with the close policies in place of those it is about."""
    return replace(
        _first[slug],
        slug=f"{slug}-close",
        statement=statement,
        measure=Difference(Value(close_name("rl-cai"), metric), Value(other, metric)),
        first_seed=3,
    )


CLAIMS = (
    _close(
        "rl-cai-is-less-harmful-still",
        "harmless",
        "sl-cai",
        "Kept closer to SL-CAI, at a price that other seeds chose, RL-CAI is more harmless still.",
    ),
    _close(
        "at-no-cost-of-help",
        "helpful",
        "sl-cai",
        "Kept closer to SL-CAI, RL-CAI is not less helpful than it: no help is paid for less harm.",
    ),
    _close(
        "rl-cai-is-better-in-all",
        "gold",
        close_name("rl-people"),
        "Kept closer to SL-CAI, RL-CAI is a better assistant than the policy of people's labels, "
        "counting help, harm and evasion together.",
    ),
)
