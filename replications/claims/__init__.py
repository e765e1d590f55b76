"""Claims of the papers, each judged on records: measure, criterion, interval, verdict."""

from replications.claims.check import check, check_paper, records_by_seed, values_by_seed
from replications.claims.claim import Claim, Informative, Role, at_gpu, half_in_nats
from replications.claims.criteria import Above, Below, Between
from replications.claims.measures import (
    Average,
    Difference,
    Magnitude,
    Measure,
    Parameters,
    Ratio,
    Value,
)
from replications.claims.measures.trajectory import (
    Cost,
    CostToReach,
    FallFromPeak,
    FinalValue,
    ProcessorSeconds,
)
from replications.claims.measures.trends import LogSlope, RankCorrelation, TrajectoryCorrelation
from replications.claims.measures.tuned import Tuned, TunedEpoch
from replications.claims.verdicts import (
    CONTRADICTED,
    IN_DIRECTION,
    MET,
    NO_RECORDS,
    NOT_MET,
    NOT_TESTABLE,
    REPRODUCED,
    SMALLER,
    UNDECIDED,
    VERDICTS,
    Verdict,
    as_json,
    outcome,
)

__all__ = [
    "Above",
    "Average",
    "Below",
    "Between",
    "CONTRADICTED",
    "Claim",
    "Cost",
    "CostToReach",
    "TrajectoryCorrelation",
    "Difference",
    "IN_DIRECTION",
    "Informative",
    "FallFromPeak",
    "FinalValue",
    "LogSlope",
    "MET",
    "Magnitude",
    "Measure",
    "NOT_MET",
    "NOT_TESTABLE",
    "NO_RECORDS",
    "Parameters",
    "ProcessorSeconds",
    "REPRODUCED",
    "RankCorrelation",
    "Ratio",
    "Role",
    "SMALLER",
    "Tuned",
    "TunedEpoch",
    "UNDECIDED",
    "VERDICTS",
    "Value",
    "Verdict",
    "as_json",
    "at_gpu",
    "check",
    "check_paper",
    "half_in_nats",
    "outcome",
    "records_by_seed",
    "values_by_seed",
]
