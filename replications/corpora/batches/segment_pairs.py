"""Pairs of segments cut from a stream of ids, a whole batch at a time, where the model trains."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Int32, Int64
from torch import Tensor
from torch.utils.data import DataLoader

from replications.corpora.batches.from_documents import NOTHING_BESIDE, Beside, FromDocuments
from replications.corpora.batches.text_pairs import IS_NEXT, NOT_NEXT
from replications.corpora.texts.documents import Texts
from replications.corpora.texts.token_ids import token_ids
from replications.errors import ReplicationError
from replications.tokens.wordpiece import WordPiece

_SPECIAL_TOKENS = 3  # [CLS] and two [SEP]
_SHORTEST = 16


class SegmentBatch(NamedTuple):
    """Sequences of two segments, none of them padded, with as many targets in each."""

    ids: Int64[Tensor, "batch time"]
    segments: Int64[Tensor, "batch time"]
    masked_positions: Int64[Tensor, "batch target"]
    labels: Int64[Tensor, "batch target"]
    next_sentence_label: Int64[Tensor, " batch"]

    @property
    def may_be_padded(self) -> bool:
        """Whether some ids may be padding."""
        return False

    @property
    def targets(self) -> Int64[Tensor, " target"]:
        """What is to be predicted at the positions in `masked_positions`, sequence by sequence."""
        return self.labels.flatten()


class Targets(NamedTuple):
    """Ids as they are read, the positions of the targets, and the tokens to predict there."""

    ids: Int64[Tensor, "batch time"]
    positions: Int64[Tensor, "batch target"]
    labels: Int64[Tensor, "batch target"]


MakeTargets = Callable[
    [Int64[Tensor, "batch time"], Int64[Tensor, " batch"], WordPiece, torch.Generator], Targets
]
"""Called with sequences, the position of the first [SEP] of each, the vocabulary, a generator."""


def mask_tokens(
    ids: Int64[Tensor, "batch time"],
    separators: Int64[Tensor, " batch"],
    vocabulary: WordPiece,
    generator: torch.Generator,
    *,
    probability: float = 0.15,
    mask: float = 0.8,
    random: float = 0.1,
) -> Targets:
    """A fraction of the tokens, the same number in each sequence, is to be predicted.

    Of these a fraction `mask` reads [MASK], a fraction `random` any token, the rest stays as it
    is; special tokens are never chosen. Source: Devlin et al. 2019, section 3.1, task 1, and
    appendix A.1; so many in each sequence as in the code beside the paper
    (create_pretraining_data.py, which rounds the product). Departure: drawn anew at each reading.
    """
    batch, time = ids.shape
    device = ids.device
    count = max(1, round(probability * (time - _SPECIAL_TOKENS)))
    order = torch.rand(batch, time, generator=generator, device=device)
    order.masked_fill_(_special(batch, time, separators), -1.0)
    positions = order.topk(count, dim=1).indices
    labels = ids.gather(1, positions)
    fate = torch.rand(batch, count, generator=generator, device=device)
    ordinary = torch.from_numpy(vocabulary.ordinary).to(device)
    drawn = ordinary[
        torch.randint(len(ordinary), (batch, count), generator=generator, device=device)
    ]
    read = torch.where(fate < mask, vocabulary.mask, labels)
    read = torch.where((fate >= mask) & (fate < mask + random), drawn, read)
    return Targets(ids.scatter(1, positions, read), positions, labels)


def predict_next(
    ids: Int64[Tensor, "batch time"],
    separators: Int64[Tensor, " batch"],
    vocabulary: WordPiece,
    generator: torch.Generator,
) -> Targets:
    """Nothing is masked; each position predicts the token after it, special tokens left out.

    For a causal network. Source: Devlin et al. 2019, section 5.1, "LTR & No NSP".
    """
    batch, time = ids.shape
    before = torch.arange(time - 2, device=ids.device).expand(batch, -1)
    # The position before a [SEP] predicts nothing: all after it move on by one.
    positions = before[:, : time - _SPECIAL_TOKENS]
    positions = positions + (positions >= separators[:, None] - 1)
    return Targets(ids, positions, ids.gather(1, positions + 1))


def _special(
    batch: int, time: int, separators: Int64[Tensor, " batch"]
) -> Bool[Tensor, "batch time"]:
    position = torch.arange(time, device=separators.device).expand(batch, -1)
    return (position == 0) | (position == time - 1) | (position == separators[:, None])


class SegmentPairs(FromDocuments):
    """Sequences of exactly `length` ids: [CLS], a segment, [SEP], another, [SEP].

    Source: Devlin et al. 2019, section 3.1, task 2, and appendix A.2. The first segment begins
    anywhere in a document and takes a quarter to three quarters of the sequence; the second is
    what follows it, or in a fraction `random` of the sequences begins anywhere in another
    document. `targets` says what is to be predicted.

    A batch is drawn at once, on the device that trains, from the seed, the epoch and its number.
    Sequences of the first epochs may be shorter: `length_schedule` has a length for each, which
    divides `length`; a batch then has more of them and as many ids. Source: appendix A.2 (most
    steps at a quarter of the final length).

    Departures: segments do not begin where sentences do. Documents are drawn as often as they are
    long, and only those that fill a sequence, so that nothing is padded.

    Raises ReplicationError where fewer than two documents fill a sequence, and for scheduled
    lengths below 16, or that do not divide `length`.
    """

    fixed_shapes = True

    def __init__(
        self,
        seed: int,
        *,
        text: Texts,
        tokenizer: object,
        length: int = 128,
        sequences_per_batch: int = 256,
        tokens_per_epoch: int = 1 << 22,
        random: float = 0.5,
        targets: MakeTargets = mask_tokens,
        length_schedule: Sequence[int] = (),
        eval_sets: Beside = NOTHING_BESIDE,
    ) -> None:
        super().__init__(seed, text=text, tokenizer=tokenizer, eval_sets=eval_sets)
        if any(short < _SHORTEST or length % short for short in length_schedule):
            raise ReplicationError(
                f"SegmentPairs: length_schedule {tuple(length_schedule)}: give lengths of "
                f"{_SHORTEST} or more that divide {length}, the length of the last sequences."
            )
        self.length, self.sequences_per_batch = length, sequences_per_batch
        self.length_schedule, self.tokens_asked_for = tuple(length_schedule), tokens_per_epoch
        self.random, self.make_targets = random, targets
        self._streams: dict[str, tuple[Tensor, Tensor]] = {}

    @property
    def batches_per_epoch(self) -> int:
        return max(1, self.tokens_asked_for // (self.length * self.sequences_per_batch))

    @property
    def tokens_per_epoch(self) -> int:
        """Ids read in an epoch, special tokens included."""
        return self.batches_per_epoch * self.sequences_per_batch * self.length

    def stream(self, part: str) -> tuple[Int32[Tensor, " position"], Int64[Tensor, " bound"]]:
        """All documents of a part one after the other as ids, and where each begins and ends."""
        if part not in self._streams:
            tokens = token_ids(self.text, self.vocabulary, part=part)
            self._streams[part] = tokens.on(self.device)
        return self._streams[part]

    def batches(self, epoch: int) -> Iterator[SegmentBatch]:
        """An epoch's batches: a function of seed, epoch and device alone."""
        scheduled = epoch < len(self.length_schedule)
        length = self.length_schedule[epoch] if scheduled else self.length
        yield from self.draw("train", self.batches_per_epoch, (self.seed, epoch), length)

    def batches_of(self, part: str, batches: int = 20) -> Iterator[SegmentBatch]:
        """Batches for evaluation: the same for every seed, but others on a GPU than on the CPU."""
        yield from self.draw(part, batches, (1 << 20, 3), self.length)

    def draw(
        self, part: str, batches: int, seeds: tuple[int, int], length: int
    ) -> Iterator[SegmentBatch]:
        """So many batches of sequences of that length from the documents of a part."""
        ids, bounds = self.stream(part)
        starts = _Starts(bounds, length - _SPECIAL_TOKENS, part)
        sequences = self.sequences_per_batch * self.length // length
        (seed,) = np.random.SeedSequence(seeds).generate_state(1, np.uint64)
        generator = torch.Generator(self.device).manual_seed(int(seed >> 1))
        for _ in range(batches):
            yield self._batch(ids, starts, sequences, length, generator)

    def train_dataloader(self) -> DataLoader:
        epoch = self.trainer.current_epoch if self.trainer else 0
        return DataLoader(_Drawn(self, epoch), batch_size=None)

    def _batch(
        self,
        ids: Int32[Tensor, " position"],
        starts: "_Starts",
        sequences: int,
        length: int,
        generator: torch.Generator,
    ) -> SegmentBatch:
        device, room = ids.device, length - _SPECIAL_TOKENS
        document, first = starts.draw(sequences, generator)
        cut = torch.randint(
            room // 4, 3 * room // 4 + 1, (sequences,), generator=generator, device=device
        )
        other = starts.draw_elsewhere(document, generator)
        replaced = torch.rand(sequences, generator=generator, device=device) < self.random
        second = torch.where(replaced, other, first + cut)
        position = torch.arange(length, device=device)[None]
        in_first = position <= cut[:, None]
        source = torch.where(
            in_first,
            first[:, None] + position - 1,
            second[:, None] + position - 2 - cut[:, None],
        )
        tokens = ids[source.clamp(0, len(ids) - 1)].long()
        separators = cut + 1
        tokens.masked_fill_(_special(sequences, length, separators), self.vocabulary.separator)
        tokens[:, 0] = self.vocabulary.start
        segments = (position > separators[:, None]).long()
        made = self.make_targets(tokens, separators, self.vocabulary, generator)
        next_sentence_label = torch.where(replaced, NOT_NEXT, IS_NEXT)
        return SegmentBatch(made.ids, segments, made.positions, made.labels, next_sentence_label)


class _Drawn(torch.utils.data.IterableDataset):
    """The batches of an epoch, drawn on demand."""

    def __init__(self, data: SegmentPairs, epoch: int) -> None:
        self.data, self.epoch = data, epoch

    def __len__(self) -> int:
        return self.data.batches_per_epoch

    def __iter__(self) -> Iterator[SegmentBatch]:
        return self.data.batches(self.epoch)


class _Starts:
    """Where a stretch of `room` ids may begin so that it ends within its document."""

    def __init__(self, bounds: Int64[Tensor, " bound"], room: int, part: str) -> None:
        spare = (bounds.diff() - room + 1).clamp(min=0)
        if int((spare > 0).sum()) < 2:
            raise ReplicationError(
                f"Fewer than two documents of the part {part!r} have {room} tokens or more: give "
                "longer documents, or a shorter `length`."
            )
        self.begins, self.ends = bounds[:-1], spare.cumsum(0)
        self.spare, self.total = spare, int(spare.sum())

    def draw(
        self, count: int, generator: torch.Generator
    ) -> tuple[Int64[Tensor, " sequence"], Int64[Tensor, " sequence"]]:
        """Documents, and a start in each, all starts being equally likely."""
        device = self.ends.device
        return self._at(torch.randint(self.total, (count,), generator=generator, device=device))

    def draw_elsewhere(
        self, document: Int64[Tensor, " sequence"], generator: torch.Generator
    ) -> Int64[Tensor, " sequence"]:
        """A start in any other document than that of each sequence."""
        drawn = torch.rand(len(document), generator=generator, device=document.device)
        own, before = self.spare[document], self.ends[document] - self.spare[document]
        # The own document's starts are taken out, and those after it move up.
        number = (drawn.double() * (self.total - own)).long()
        return self._at(number + torch.where(number >= before, own, 0))[1]

    def _at(
        self, number: Int64[Tensor, " sequence"]
    ) -> tuple[Int64[Tensor, " sequence"], Int64[Tensor, " sequence"]]:
        document = torch.searchsorted(self.ends, number, right=True)
        within = number - (self.ends[document] - self.spare[document])
        return document, self.begins[document] + within
