"""Claims of the papers, each judged on records: measure, interval, criterion, verdict."""

from replications.claims.claims import (
    NO_RECORDS,
    NOT_REPRODUCED,
    NOT_TESTABLE,
    REPRODUCED,
    REPRODUCED_AT_REDUCED_SCALE,
    VERDICTS,
    Claim,
    Verdict,
    as_json,
    check,
    check_paper,
    values_by_seed,
)
from replications.claims.criteria import Above, Below, Between, EverySeed
from replications.claims.measures import (
    Average,
    Difference,
    Magnitude,
    Measure,
    Parameters,
    Ratio,
    Value,
)
from replications.claims.trajectory import Cost, CostToReach, Last, ProcessorSeconds
from replications.claims.trends import CourseCorrelation, LogSlope, RankCorrelation

__all__ = [
    "NOT_REPRODUCED",
    "NOT_TESTABLE",
    "NO_RECORDS",
    "REPRODUCED",
    "REPRODUCED_AT_REDUCED_SCALE",
    "VERDICTS",
    "Above",
    "Average",
    "Below",
    "Between",
    "Claim",
    "Cost",
    "CostToReach",
    "CourseCorrelation",
    "Difference",
    "EverySeed",
    "Last",
    "LogSlope",
    "Magnitude",
    "Measure",
    "Parameters",
    "ProcessorSeconds",
    "RankCorrelation",
    "Ratio",
    "Value",
    "Verdict",
    "as_json",
    "check",
    "check_paper",
    "values_by_seed",
]
