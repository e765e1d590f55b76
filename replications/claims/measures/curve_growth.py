"""How the best size grows with compute, by a law fitted to whole training curves.

Source: Kaplan et al. 2020, section 5.2 and appendix B: L(N, S), fitted to the curves of one
schedule after the warm-up, gives the best N at a compute.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from replications.claims.measures.accounting import CHINCHILLA, Accounting
from replications.claims.measures.metric_names import metric_name
from replications.claims.measures.power_laws import finished
from replications.fits.parametric import fit_parametric
from replications.fits.sweep import Sweep
from replications.records import Number, Record


@dataclass(frozen=True)
class CurveGrowth:
    """The exponent a of N_opt ~ C ** a, of the parametric law of all points of the curves.

    The first share `skipped` of each curve is left out, which is the warm-up and what comes before
    a network has learned more than token frequencies. Tokens stand for updates, as all batches are
    one size. Runs that failed are left out; NoValue is raised where fewer than three are left.
    """

    recipes: tuple[str, ...]
    name: str
    skipped: float = 0.2
    accounting: Accounting = CHINCHILLA
    leaves_out_failed = True

    def at(self, records: Mapping[str, Record]) -> Number:
        columns: list[np.ndarray] = []
        for course in finished(self.recipes, records, self.name, self.accounting):
            kept = course.tokens > self.skipped * course.tokens[-1]
            size = np.full(int(kept.sum()), course.parameters)
            columns.append(
                np.stack([size, course.tokens[kept], course.flops[kept], course.loss[kept]])
            )
        return fit_parametric(Sweep(*np.concatenate(columns, 1))).exponent

    def __str__(self) -> str:
        return (
            f"exponent of the best N in compute ({self.accounting}) by the parametric law of whole "
            f"curves, {metric_name(self.name)} of {len(self.recipes)} runs"
        )
