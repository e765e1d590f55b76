"""Claims on what others measured: Hoffmann et al.'s own points, and Porian et al.'s ladder.

Intervals are over the runs, or the sizes, that were drawn: see `replications.fits.bootstrap`.
"""

from replications.claims import Above, Between, Claim, Difference, Value

# Besiroglu et al. 2024, table 1: value and standard error.
BESIROGLU = {
    "E": (1.8172, 0.026),
    "A": (482.01, 124.5),
    "B": (2085.43, 1293.3),
    "alpha": (0.3478, 0.015),
    "beta": (0.3658, 0.021),
}


def _same_as_theirs(symbol: str) -> Claim:
    value, error = BESIROGLU[symbol]
    return Claim(
        slug=f"refit-{symbol.lower()}",
        statement=f"The paper's points, fitted as the paper says, give the {symbol} of Besiroglu "
        "et al.: our interval lies within three of their standard errors.",
        source="Besiroglu et al. 2024, table 1",
        paper_value={symbol: value, "standard error": error},
        measure=Value("refit", symbol),
        criterion=Between(round(value - 3 * error, 4), round(value + 3 * error, 4)),
        role="secondary",
        spread="items",
        comparable=False,
        unit="nats per token" if symbol == "E" else "",
    )


def _lower(
    slug: str, statement: str, dataset: str, before: str, after: str, *, was: float, now: float
) -> Claim:
    return Claim(
        slug=slug,
        statement=statement,
        source="Porian et al. 2024, figure 1",
        paper_value={"before": was, "after": now},
        measure=Difference(
            Value("porian-ladder", f"{dataset}:{before}"),
            Value("porian-ladder", f"{dataset}:{after}"),
        ),
        criterion=Above(0),
        spread="items",
    )


PUBLISHED_CLAIMS = (
    *map(_same_as_theirs, BESIROGLU),
    Claim(
        slug="refit-exponent",
        statement="Fitted as the paper says, its own points give approach 3 the exponent of "
        "approaches 1 and 2, and not its printed 0.46.",
        source="Hoffmann et al. 2022, table 2; Besiroglu et al. 2024, section 4",
        paper_value={"Besiroglu et al.": 0.513},
        measure=Value("refit", "exponent"),
        criterion=Above(0.455),
        spread="items",
    ),
    Claim(
        slug="refit-excludes-printed-beta",
        statement="The beta of the paper's own fit, 0.285 (printed as 0.28), lies outside of what "
        "the points allow.",
        source="Hoffmann et al. 2022, equation 10; Besiroglu et al. 2024, section 3",
        paper_value={"Besiroglu et al.": 0.3658},
        measure=Value("refit", "beta"),
        criterion=Above(0.285),
        spread="items",
    ),
    Claim(
        slug="rounded-constants-fail",
        statement="The constants as printed, with two digits, fit the paper's points at least "
        "three times worse than the best law does.",
        source="Besiroglu et al. 2024, section 3",
        paper_value="visibly off the points (figure 2)",
        measure=Value("refit", "rounded:objective_ratio"),
        criterion=Above(3),
        spread="items",
        unit="Huber's loss, times that of the fit",
    ),
    _lower(
        "ladder-output-layer",
        "Counting the output layer lowers the exponent.",
        "rw",
        "kaplan",
        "output-layer",
        was=0.835,
        now=0.706,
    ),
    _lower(
        "ladder-warm-up",
        "A warm-up no longer than the model's size in tokens lowers the exponent, too.",
        "rw",
        "output-layer",
        "warm-up",
        was=0.706,
        now=0.602,
    ),
    _lower(
        "ladder-cosine",
        "A decay that ends where the training ends lowers the exponent a little.",
        "rw",
        "warm-up",
        "cosine",
        was=0.602,
        now=0.571,
    ),
    _lower(
        "ladder-tuned",
        "Tuned to each size, with a constant rate, the exponent falls to Chinchilla's.",
        "rw",
        "cosine",
        "tuned",
        was=0.571,
        now=0.497,
    ),
    _lower(
        "ladder-second-corpus",
        "On another corpus the whole ladder leads from Kaplan's exponent to Chinchilla's.",
        "owt2",
        "kaplan",
        "tuned",
        was=0.864,
        now=0.518,
    ),
)
