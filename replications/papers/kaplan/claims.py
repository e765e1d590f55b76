"""The claims of the chapter on Kaplan et al., and criteria set before the runs."""

from replications.claims import Above, Below, Between, Claim, Difference, Informative, Ratio, Value
from replications.claims.measures.accounting import CHINCHILLA, LAYERS_ALONE, Accounting
from replications.claims.measures.curve_growth import CurveGrowth
from replications.claims.measures.early_stopping import DataLaw, GridCollapse
from replications.claims.measures.power_laws import LossLaw
from replications.claims.measures.scaling import (
    CriticalBatch,
    FrontierLaw,
    OptimalGrowth,
    RelativeSpread,
)
from replications.papers.kaplan.grids import (
    BATCH_SIZES,
    BATCHES,
    DEPTHS,
    GRID_SIZES,
    GRID_TOKENS,
    QUARTER,
    SHAPES,
    SIZE_RUNS,
)
from replications.papers.kaplan.long_schedules import LONG_SIZES
from replications.papers.kaplan.sweep import SIZES, SWEEP, weights_of

LOSS, WATCHED = "nats_per_token", "validation_nats_per_token"
SWEPT = tuple(recipe.name for recipe in SWEEP)
LARGEST_GRID = GRID_SIZES[-1]
# Losses at which the critical batch is read off, in nats: most of the networks have learned more
# than how frequent each token is at the first, and batches of 256 to 2,048 came to the second in
# pilots.
HIGHER_LOSS, LOWER_LOSS = 5.4, 5.1

_sizes = tuple(recipe.name for recipe in SIZE_RUNS)
_grid = {
    f"grid-{size}-{data}": (weights_of(SIZES[size]), GRID_TOKENS[data][0])
    for size in GRID_SIZES
    for data in GRID_TOKENS
}
_depths = tuple(f"shape-{name}" for name in DEPTHS)
_shapes = RelativeSpread(tuple(Value(f"shape-{name}", LOSS) for name in SHAPES))
_quarter = RelativeSpread(
    tuple(Value(f"shape-{name}", LOSS) for name in (next(iter(SHAPES)), QUARTER))
)


def _by_size(want: str) -> LossLaw:
    return LossLaw(_sizes, LOSS, over="parameters", want=want, accounting=LAYERS_ALONE)


def _by_data(want: str) -> DataLaw:
    recipes = tuple(f"grid-{LARGEST_GRID}-{data}" for data in GRID_TOKENS)
    return DataLaw(recipes, tuple(unique for unique, _ in GRID_TOKENS.values()), WATCHED, want)


def _collapse(exponent: float) -> GridCollapse:
    weights, tokens = zip(*_grid.values(), strict=True)
    return GridCollapse(tuple(_grid), weights, tokens, WATCHED, exponent)


def critical_batch(size: str, level: float) -> CriticalBatch:
    recipes = tuple(f"batch-{size}-{batch}" for batch in BATCHES)
    return CriticalBatch(recipes, BATCHES, WATCHED, level)


def one_schedule(warmup: str, accounting: Accounting) -> CurveGrowth:
    """The exponent of N_opt by one schedule for all runs, read off on the way."""
    recipes = tuple(f"{warmup}-{size}" for size in LONG_SIZES)
    return CurveGrowth(recipes, WATCHED, accounting=accounting)


MATCHED = OptimalGrowth(SWEPT, LOSS, accounting=CHINCHILLA)
"""The exponent of N_opt with a schedule of each run's length, all parameters and operations."""

CLAIMS = (
    Claim(
        slug="power-law-in-n",
        statement="Where data is no limit the loss falls as a small power of the parameters.",
        source="Kaplan et al. 2020, equation 1.1",
        paper_value={"exponent": 0.076},
        measure=_by_size("exponent"),
        criterion=Between(0.04, 0.20),
    ),
    Claim(
        slug="straight-in-n",
        statement="With both axes logarithmic, loss against parameters is a straight line.",
        source="Kaplan et al. 2020, figure 1",
        paper_value="a straight line over six orders of magnitude",
        measure=_by_size("r_squared"),
        criterion=Above(0.97),
        role="secondary",
        unit="R² of the line",
    ),
    Claim(
        slug="power-law-in-d",
        statement="With early stopping the loss is a power of the number of different tokens.",
        source="Kaplan et al. 2020, equation 1.2",
        paper_value="a straight line over two orders of magnitude, exponent 0.095",
        measure=_by_data("r_squared"),
        criterion=Above(0.95),
        unit="R² of the line",
    ),
    Claim(
        slug="data-exponent-above-size",
        statement="The loss falls faster with data than with parameters.",
        source="Kaplan et al. 2020, section 1.2",
        paper_value={"data": 0.095, "parameters": 0.076},
        measure=Difference(_by_data("exponent"), _by_size("exponent")),
        criterion=Above(0),
        comparable=False,
        informative=Informative(
            _by_data("r_squared"), Above(0.95), "an exponent belongs to a power law that fits"
        ),
        unit="(the paper's as exponents; ours between the exponents)",
    ),
    Claim(
        slug="overfit-depends-on-n074-over-d",
        statement="How much a network overfits depends on N^0.74/D alone.",
        source="Kaplan et al. 2020, section 4.2",
        paper_value="one curve for all sizes",
        measure=_collapse(0.74),
        criterion=Above(0.9),
        unit="rank correlation",
    ),
    Claim(
        slug="overfit-not-on-d-alone",
        statement="N^0.74/D orders the networks by overfitting better than 1/D does.",
        source="Kaplan et al. 2020, section 4.2",
        paper_value="one curve for all sizes",
        measure=Difference(_collapse(0.74), _collapse(0.0)),
        criterion=Above(0),
        role="secondary",
        unit="rank correlation",
    ),
    Claim(
        slug="compute-frontier",
        statement="Counted without embeddings and read off one long schedule, the best size grows "
        "faster with compute than with all counted and schedules of each run's length.",
        source="Kaplan et al. 2020, table 6",
        paper_value="0.73, and 0.88 at a fixed batch; Hoffmann et al. 2022: 0.50",
        measure=Difference(one_schedule("long-warmup", LAYERS_ALONE), MATCHED),
        criterion=Above(0),
        unit="between the exponents",
    ),
    Claim(
        slug="frontier-is-a-power-law",
        statement="The least loss that a budget buys falls as a small power of compute.",
        source="Kaplan et al. 2020, equation 1.3",
        paper_value={"exponent": 0.050},
        measure=FrontierLaw(SWEPT, LOSS, "exponent"),
        criterion=Between(0.025, 0.15),
    ),
    Claim(
        slug="shape-independence",
        statement="At equal parameters the shape of a network hardly matters.",
        source="Kaplan et al. 2020, figure 5",
        paper_value={"loss of (6, 4288) over that of (48, 1600)": 0.03},
        measure=_shapes,
        criterion=Below(0.04),
        smallest=0.04,
        unit="of the loss",
    ),
    Claim(
        slug="shape-less-than-size",
        statement="Shapes differ by less than a network differs from one of a quarter of its size.",
        source="Kaplan et al. 2020, figure 5",
        paper_value="a few per cent over a 40-fold range of aspect ratios",
        measure=Difference(_shapes, _quarter),
        criterion=Below(0),
        unit="of the loss",
    ),
    Claim(
        slug="nonembedding-collapse",
        statement="Networks of several depths lie on one curve if embeddings are not counted.",
        source="Kaplan et al. 2020, figure 6",
        paper_value="one curve without embeddings, one for each depth with them",
        measure=Ratio(
            *(
                LossLaw(_depths, LOSS, over="parameters", want="residual", accounting=counted)
                for counted in (LAYERS_ALONE, CHINCHILLA)
            )
        ),
        criterion=Below(0.7),
        unit="times the residual with embeddings",
    ),
    Claim(
        slug="critical-batch-grows",
        statement="The critical batch grows as the loss falls.",
        source="Kaplan et al. 2020, figure 10",
        paper_value="it doubles for every 13 % that the loss falls",
        measure=Ratio(
            critical_batch(BATCH_SIZES[1], LOWER_LOSS), critical_batch(BATCH_SIZES[1], HIGHER_LOSS)
        ),
        criterion=Above(1),
        unit="times that at the higher loss",
    ),
    Claim(
        slug="critical-batch-by-loss-alone",
        statement="At one loss, networks of two sizes have the same critical batch.",
        source="Kaplan et al. 2020, section 5.1",
        paper_value="no dependence on size",
        measure=Ratio(*(critical_batch(size, LOWER_LOSS) for size in BATCH_SIZES)),
        criterion=Between(0.5, 2.0),
        unit="times that of the larger network",
    ),
    Claim(
        slug="larger-needs-fewer-tokens",
        statement="After equally many tokens the larger network has the lower loss.",
        source="Kaplan et al. 2020, figure 2",
        paper_value="fewer samples to the same loss at every size",
        measure=Difference(Value("size-d32", LOSS), Value("size-d16", LOSS)),
        criterion=Below(0),
        role="secondary",
        unit="nats per token",
    ),
)
