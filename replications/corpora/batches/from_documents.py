"""The base class of data modules that are made from documents."""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

import lightning
import torch

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.texts.documents import Documents, Texts


@runtime_checkable
class Identified(Protocol):
    """Data that identifies the corpus rows it is made of."""

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]: ...


Beside = Mapping[str, Callable[[int], Identified]]
NOTHING_BESIDE: Beside = MappingProxyType({})


class FromDocuments(lightning.LightningDataModule):
    """Documents, loaded on first use, and the vocabulary that is made for them.

    `eval_sets` are further data that the model is evaluated on, by name: each is called with the
    seed and gives an object that has the `identities` of its rows.
    """

    def __init__(
        self, seed: int, *, text: Texts, tokenizer: Any, eval_sets: Beside = NOTHING_BESIDE
    ) -> None:
        super().__init__()
        self.seed, self.text_source, self.tokenizer = seed, text, tokenizer
        self.eval_sources = eval_sets
        self.text: Documents | None = None
        self.eval_sets: dict[str, Identified] = {}

    def setup(self, stage: str = "fit") -> None:
        if self.text is None:
            self.text = self.text_source(self.seed)
            self.eval_sets = {name: load(self.seed) for name, load in self.eval_sources.items()}

    @cached_property
    def device(self) -> torch.device:
        """The device that batches are made on: the model's, or the CPU without a Trainer."""
        return self.trainer.strategy.root_device if self.trainer else torch.device("cpu")

    @cached_property
    def vocabulary(self) -> Any:
        return self.tokenizer(self.text)

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        used = (self.text, *self.eval_sets.values())
        return tuple(dict.fromkeys(each for one in used for each in one.identities))
