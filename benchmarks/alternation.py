"""Two things timed in turn, A B A B ..., so that a machine that slows down slows down both."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from replications.training.provenance import provenance

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Comparison:
    """Speeds of ours and theirs, round by round. `unit` is what is done in a second."""

    name: str
    ours: str
    theirs: str
    unit: str
    setting: str
    our_speeds: tuple[float, ...]
    their_speeds: tuple[float, ...]
    device: str = "cpu"

    @property
    def ratios(self) -> list[float]:
        return [a / b for a, b in zip(self.our_speeds, self.their_speeds, strict=True)]

    def lines(self) -> list[str]:
        """The rounds and the medians, as text."""
        rows = [
            f"{self.name}: {self.setting}",
            f"{'round':>7}{self.ours:>24}{self.theirs:>24}  ratio",
        ]
        pairs = zip(self.our_speeds, self.their_speeds, self.ratios, strict=True)
        rows += [f"{n:>7}{a:>24,.0f}{b:>24,.0f}{r:>7.2f}" for n, (a, b, r) in enumerate(pairs, 1)]
        middle = [statistics.median(s) for s in (self.our_speeds, self.their_speeds, self.ratios)]
        rows.append(f"{'median':>7}{middle[0]:>24,.0f}{middle[1]:>24,.0f}{middle[2]:>7.2f}")
        return [*rows, f"in {self.unit} a second"]

    def save(self, folder: Path = RESULTS) -> Path:
        """Write the comparison with the machine and versions it was made on."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        median = statistics.median(self.ratios)
        tree = {**asdict(self), "median_ratio": median, **provenance(self.device)}
        path.write_text(json.dumps(tree, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        return path


def alternate(
    ours: Callable[[], float], theirs: Callable[[], float], rounds: int
) -> tuple[Sequence[float], Sequence[float]]:
    """Speeds of both, in turn, after one round that does not count."""
    our_speeds, their_speeds = take_turns((ours, theirs), rounds)
    return our_speeds, their_speeds


def take_turns(timed: Sequence[Callable[[], float]], rounds: int) -> tuple[tuple[float, ...], ...]:
    """Speeds of each of several, A B C A B C ..., after one round that does not count."""
    speeds = [tuple(run() for run in timed) for _ in range(rounds + 1)][1:]
    return tuple(zip(*speeds, strict=True))
