"""The runs of a sweep as a recipe's data."""

from collections.abc import Callable, Mapping

import lightning

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.sweeps.published import PublishedSweeps
from replications.errors import ReplicationError
from replications.fits.sweep import Sweep


class SweepPoints(lightning.LightningDataModule):
    """`points` is called with the seed. A run counts as one token: nothing else is read."""

    def __init__(self, seed: int, *, points: Callable[[int], PublishedSweeps]) -> None:
        super().__init__()
        self._seed, self._points = seed, points
        self.sweeps: Mapping[str, Sweep] = {}
        self.identities: tuple[CorpusIdentity, ...] = ()

    def setup(self, stage: str) -> None:
        found = self._points(self._seed)
        self.sweeps, self.identities = found.sweeps, found.identities

    @property
    def tokens_per_epoch(self) -> int:
        return sum(map(len, self.sweeps.values()))

    def sweep(self, name: str) -> Sweep:
        """The sweep of that name. Raises ReplicationError for an unknown name."""
        if name not in self.sweeps:
            raise ReplicationError(
                f"There is no sweep {name!r}; there are {', '.join(self.sweeps)}."
            )
        return self.sweeps[name]
