"""Empty prompts for the enumerable world, whose answers can all be listed."""

import lightning
import torch
from torch.utils.data import DataLoader

from replications.corpora.batches.conversations.prompted import PromptBatch, Requests
from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.instructions.enumerable import EnumerableWorld


class Symbols:
    """Numbers as tokens; no end token, as all answers have one length. Symbol 0 starts each."""

    end, end_of_text = None, 0

    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def decode(self, ids: list[int]) -> str:
        return " ".join(map(str, ids))


class EmptyPrompts(lightning.LightningDataModule):
    """Batches of prompts that are the start symbol alone."""

    def __init__(
        self,
        seed: int,
        *,
        symbols: int = 8,
        length: int = 6,
        answers_per_batch: int = 256,
        batches_per_epoch: int = 10,
    ) -> None:
        super().__init__()
        self.seed, self.world = seed, EnumerableWorld(symbols, length)
        self.answers_per_batch, self.batches_per_epoch = answers_per_batch, batches_per_epoch

    @property
    def vocabulary(self) -> Symbols:
        return Symbols(self.world.symbols)

    @property
    def identities(self) -> tuple[CorpusIdentity, ...]:
        """Nothing is read."""
        return ()

    @property
    def tokens_per_epoch(self) -> int:
        return self.answers_per_batch * self.batches_per_epoch * (self.world.length + 1)

    def batch(self) -> PromptBatch:
        ids = torch.zeros(self.answers_per_batch, 1, dtype=torch.long)
        return PromptBatch(ids, Requests([self.world] * self.answers_per_batch))

    def train_dataloader(self) -> DataLoader:
        numbers = list(range(self.batches_per_epoch))
        return DataLoader(
            numbers, batch_size=None, shuffle=False, collate_fn=lambda number: self.batch()
        )
