"""The claims of the chapter on Chinchilla from our own runs, and criteria set before them."""

from replications.claims import Above, Below, Between, Claim, Difference, Value
from replications.claims.measures.accounting import CHINCHILLA, LAYERS_ALONE, Accounting
from replications.claims.measures.scaling import OptimalGrowth
from replications.claims.measures.valley_edges import EdgeExcess
from replications.fits.approaches import EnvelopeApproach, ParametricApproach
from replications.papers.chinchilla.prediction import PREDICTION
from replications.papers.kaplan.claims import LOSS, MATCHED, SWEPT, WATCHED, one_schedule
from replications.papers.kaplan.long_schedules import LONG_FLOPS
from replications.papers.kaplan.sweep import BUDGETS, LARGEST

# Where the best size of 3e10 operations, some 13,000 parameters in pilots, comes to at a hundred
# times as many if it grows as C^0.5 or as C^0.73.
ALLOCATIONS = {"0.5": "isoflop-3e12-d48", "0.73": "isoflop-3e12-d80"}

_small = tuple(
    f"isoflop-{budget}-{size}"
    for budget, sizes in BUDGETS.items()
    if float(budget) <= LONG_FLOPS * 2
    for size in sizes
)


def _parametric(accounting: Accounting, recipes: tuple[str, ...] = SWEPT) -> OptimalGrowth:
    return OptimalGrowth(recipes, LOSS, ParametricApproach(), accounting=accounting)


OWN_SCHEDULES = _parametric(CHINCHILLA, _small)
"""The exponent with a schedule of each run's length, up to 3e11 operations: one long schedule of
each size ends at 2e11, between two budgets."""


def _grows_as(slug: str, approach: str, paper: float, measure: OptimalGrowth, **more) -> Claim:
    return Claim(
        slug=slug,
        statement=f"By {approach} the best size grows about as the root of compute.",
        source="Hoffmann et al. 2022, table 2",
        paper_value={"exponent": paper},
        measure=measure,
        criterion=Between(0.35, 0.65),
        **more,
    )


CLAIMS = (
    Claim(
        slug="isoflop-interior-minimum",
        statement="At five budgets of six, smaller and larger sizes are worse than the best one.",
        source="Hoffmann et al. 2022, figure 3 (left)",
        paper_value="a valley at each of nine budgets",
        measure=EdgeExcess(
            tuple(
                tuple(f"isoflop-{budget}-{size}" for size in sizes)
                for budget, sizes in BUDGETS.items()
            ),
            LOSS,
            left_out=1,
        ),
        criterion=Above(0),
        unit="nats per token",
    ),
    _grows_as("equal-scaling", "isoFLOP parabolas", 0.49, MATCHED),
    Claim(
        slug="not-as-kaplan",
        statement="The best size grows more slowly with compute than as C^0.73.",
        source="Hoffmann et al. 2022, table 2",
        paper_value={"exponent": 0.49},
        measure=MATCHED,
        criterion=Below(0.73),
        smallest=0.73,
    ),
    _grows_as(
        "equal-scaling-envelope",
        "the envelope of training curves",
        0.50,
        OptimalGrowth(SWEPT, WATCHED, EnvelopeApproach()),
        role="secondary",
    ),
    _grows_as(
        "equal-scaling-parametric",
        "the parametric law",
        0.46,
        _parametric(CHINCHILLA),
        role="secondary",
    ),
    Claim(
        slug="counting-reverses-exponent",
        statement="Without embeddings in N and C the same runs give a greater exponent.",
        source="Porian et al. 2024, figure 1",
        paper_value={"without the last layer": 0.835, "with it": 0.706},
        measure=Difference(_parametric(LAYERS_ALONE), _parametric(CHINCHILLA)),
        criterion=Above(0.05),
        comparable=False,
    ),
    Claim(
        slug="warm-up-rung",
        statement="A warm-up too long for small runs makes the best size grow faster.",
        source="Porian et al. 2024, figure 1",
        paper_value={"long warm-up": 0.706, "short": 0.602},
        measure=Difference(
            one_schedule("long-warmup", CHINCHILLA), one_schedule("short-warmup", CHINCHILLA)
        ),
        criterion=Above(0),
        comparable=False,
        not_testable="The long warm-up takes 240,000 tokens, more than the largest network reads "
        "at any of our budgets, and nearly all that the next one reads. So it is not the warm-up's "
        "length alone that is compared.",
    ),
    Claim(
        slug="schedule-rung",
        statement="Losses read off one long schedule make the best size grow faster than schedules "
        "of each run's length.",
        source="Porian et al. 2024, figure 1",
        paper_value={"one schedule": 0.602, "matched": 0.571},
        measure=Difference(one_schedule("short-warmup", CHINCHILLA), OWN_SCHEDULES),
        criterion=Above(0),
        comparable=False,
    ),
    Claim(
        slug="matched-cosine",
        statement="A cosine planned for five times the training is worse than one that ends with "
        "it.",
        source="Hoffmann et al. 2022, figure A1",
        paper_value="clearly worse above 25 % too long",
        measure=Difference(Value("cosine-5", LOSS), Value("cosine-1", LOSS)),
        criterion=Above(0),
        unit="nats per token",
    ),
    Claim(
        slug="cosine-half-too-long",
        statement="A cosine planned for twice the training is worse than one that ends with it.",
        source="Hoffmann et al. 2022, figure A1",
        paper_value="clearly worse above 25 % too long",
        measure=Difference(Value("cosine-2", LOSS), Value("cosine-1", LOSS)),
        criterion=Above(0),
        role="secondary",
        unit="nats per token",
    ),
    Claim(
        slug="smaller-longer-wins",
        statement="At equal operations the size that grew as C^0.5 from 3e10 beats the one that "
        "grew as C^0.73.",
        source="Hoffmann et al. 2022, appendix D",
        paper_value="2.80 billion parameters beat 4.74 billion at 1e21 operations",
        measure=Difference(*(Value(name, LOSS) for name in ALLOCATIONS.values())),
        criterion=Below(0),
        unit="nats per token",
    ),
    Claim(
        slug="predict-then-train",
        statement="The loss of a seventh, larger budget lies where the six smaller ones predict "
        "it.",
        source="Hoffmann et al. 2022, section 3.3",
        paper_value="Chinchilla was planned by fits to smaller runs",
        role="secondary",
        unit="nats per token",
        **(
            {
                "measure": Value(LARGEST.name, LOSS),
                "criterion": Between(PREDICTION["low"], PREDICTION["high"]),
            }
            if PREDICTION
            else {"not_testable": "The prediction is made when the smaller budgets are recorded."}
        ),
    ),
)
