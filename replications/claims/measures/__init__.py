"""Measures of claims: a number that each seed has, computed from that seed's records."""

from replications.claims.measures.values import (
    Average,
    Difference,
    DividesByZero,
    Magnitude,
    Measure,
    NotReached,
    NoValue,
    Parameters,
    Ratio,
    Value,
    describe_measures,
    leaves_out_failed,
    parts_of,
)

__all__ = [
    "Average",
    "Difference",
    "DividesByZero",
    "Magnitude",
    "Measure",
    "NotReached",
    "NoValue",
    "Parameters",
    "Ratio",
    "Value",
    "describe_measures",
    "leaves_out_failed",
    "parts_of",
]
