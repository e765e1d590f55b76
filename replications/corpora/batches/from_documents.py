"""What all data modules have that are cut from documents."""

from functools import cached_property
from typing import Any

import lightning
import torch

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Documents, Texts


class FromDocuments(lightning.LightningDataModule):
    """Documents, read when they are first needed, and the vocabulary that is made for them."""

    def __init__(self, seed: int, *, text: Texts, tokenizer: Any) -> None:
        super().__init__()
        self.seed, self.text_source, self.tokenizer = seed, text, tokenizer
        self.text: Documents | None = None

    def setup(self, stage: str = "fit") -> None:
        if self.text is None:
            self.text = self.text_source(self.seed)

    @cached_property
    def device(self) -> torch.device:
        """Where batches are made: where the model trains, or without a Trainer the processor."""
        return self.trainer.strategy.root_device if self.trainer else torch.device("cpu")

    @cached_property
    def vocabulary(self) -> Any:
        return self.tokenizer(self.text)

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        return self.text.identities
