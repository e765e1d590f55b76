"""The paper's own answers and principles as data of a recipe that trains nothing."""

import lightning

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.constitution.published import (
    Constitution,
    PublishedAnswer,
    published_answers,
    published_constitution,
)


class PublishedAnswers(lightning.LightningDataModule):
    """Read when it is set up. The seed changes nothing."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.answers: list[PublishedAnswer] = []
        self.constitution: Constitution | None = None
        self.identities: tuple[CorpusIdentity, ...] = ()

    def setup(self, stage: str = "fit") -> None:
        if self.constitution is None:
            self.answers, identity = published_answers()
            self.constitution = published_constitution()
            self.identities = (identity, *self.constitution.identities)

    @property
    def tokens_per_epoch(self) -> int:
        """Words of the answers."""
        return sum(len(each.answer.split()) for each in self.answers)
