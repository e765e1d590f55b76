"""Byte-pair encoding: merge the most frequent pair of neighbours, and do so again and again."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import islice, pairwise
from math import inf
from typing import TypeVar

from replications.errors import ReplicationError

Pair = tuple[int, int]
Symbol = TypeVar("Symbol", int, str)


class PairIndex:
    """Words as lists of symbols, how often each pair of neighbours occurs, and in which words.

    A merge changes only the words that hold its pair, so that learning takes a time that grows
    with the text's distinct words and not with their product with the number of merges. Symbols
    are numbered in the order of their names, results of merges after them.
    """

    def __init__(self, counts: Mapping[tuple[str, ...], int]) -> None:
        self.names = sorted({name for word in counts for name in word})
        self.ids = {name: number for number, name in enumerate(self.names)}
        self.words = [[self.ids[name] for name in word] for word in counts]
        self.counts = list(counts.values())
        self.frequency: Counter[Pair] = Counter()
        # Also words that held the pair before a merge.
        self.where: defaultdict[Pair, set[int]] = defaultdict(set)
        for number in range(len(self.words)):
            self._enter(number)

    def _enter(self, number: int) -> None:
        count = self.counts[number]
        for pair in pairwise(self.words[number]):
            self.frequency[pair] += count
            self.where[pair].add(number)

    def merge(self, pair: Pair) -> set[Pair]:
        """Make one symbol of each occurrence; returns the pairs that the result is part of."""
        name = self.names[pair[0]] + self.names[pair[1]]
        result = self.ids.setdefault(name, len(self.names))
        if result == len(self.names):
            self.names.append(name)
        born = set()
        for number in self.where.pop(pair):
            before = self.words[number]
            after = merge_pair(before, pair, result)
            if len(after) == len(before):
                continue
            count = self.counts[number]
            for old in pairwise(before):
                self.frequency[old] -= count
            self.words[number] = after
            self._enter(number)
            born.update(new for new in pairwise(after) if result in new)
        return born


TieRule = Callable[[PairIndex, Pair], tuple[int, int]]


def oldest_symbols(index: PairIndex, pair: Pair) -> tuple[int, int]:
    """Of pairs equally frequent, the one whose left symbol is oldest, then whose right one is.

    Source: BpeTrainer of Hugging Face's `tokenizers`. The order of the text plays no part.
    """
    return pair


def first_in_text(index: PairIndex, pair: Pair) -> tuple[int, int]:
    """Of pairs equally frequent, the one that is met first, reading word after word.

    Source: Sennrich et al. 2016, algorithm 1, where Python's `max` returns the first maximum.
    """
    for number in sorted(index.where[pair]):
        position = 0
        for found in pairwise(index.words[number]):
            if found == pair:
                return number, position
            position += len(index.names[found[0]])
    raise ValueError(f"no word holds the pair {pair}")


def learn_merges(
    counts: Mapping[tuple[str, ...], int],
    merges: int,
    min_count: int = 2,
    *,
    ties: TieRule = oldest_symbols,
) -> list[tuple[str, str]]:
    """The first `merges` pairs of symbols to merge; `counts` says how often each word occurs.

    Source: Sennrich et al. 2016, section 3.2 and algorithm 1. Merges do not cross words.
    Departure: pairs that occur fewer than `min_count` times are not merged, as in the authors'
    subword-nmt, so that fewer merges than asked for may be found; `ties` is a stated rule.
    Raises ReplicationError for a negative number of merges, or a `min_count` below 1.
    """
    if merges < 0:
        raise ReplicationError(f"merges is {merges}. Give 0, for single characters, or more.")
    return list(islice(find_merges(counts, min_count, ties=ties), merges))


def find_merges(
    counts: Mapping[tuple[str, ...], int], min_count: int = 2, *, ties: TieRule = oldest_symbols
) -> Iterator[tuple[str, str]]:
    """All that `learn_merges` could learn, each found when it is asked for.

    Raises ReplicationError for a `min_count` below 1.
    """
    if min_count < 1:
        raise ReplicationError(f"min_count is {min_count}. Give 1, which merges all, or more.")
    return _found(PairIndex(counts), min_count, ties)


def _found(index: PairIndex, min_count: int, ties: TieRule) -> Iterator[tuple[str, str]]:
    frequency = index.frequency
    queue = [(-n, ties(index, pair), pair) for pair, n in frequency.items() if n >= min_count]
    heapify(queue)
    while queue:
        entry = heappop(queue)
        pair = entry[-1]
        if frequency[pair] < min_count:
            continue
        # A pair's count falls when a neighbour is merged: its entry in the queue is updated only
        # when it reaches the front.
        if entry != (now := (-frequency[pair], ties(index, pair), pair)):
            heappush(queue, now)
            continue
        yield index.names[pair[0]], index.names[pair[1]]
        for new in index.merge(pair):
            if frequency[new] >= min_count:
                heappush(queue, (-frequency[new], ties(index, new), new))


def merge_pair(
    symbols: Sequence[Symbol], pair: tuple[Symbol, Symbol], result: Symbol
) -> list[Symbol]:
    """The symbols with `result` in place of each occurrence of the pair, from left to right."""
    first, second = pair
    merged, position, last = [], 0, len(symbols) - 1
    while position <= last:
        if position < last and symbols[position] == first and symbols[position + 1] == second:
            merged.append(result)
            position += 2
        else:
            merged.append(symbols[position])
            position += 1
    return merged


def merge_steps(
    symbols: Sequence[str], ranks: Mapping[tuple[str, str], int]
) -> Iterator[list[str]]:
    """A word as it is, and after each merge that applies to it, the first learned one first.

    Source: Sennrich et al. 2016, section 3.2: "we first split the word into characters, then apply
    the learned operations".
    """
    current = list(symbols)
    yield current
    while len(current) > 1:
        best = min(pairwise(current), key=lambda pair: ranks.get(pair, inf))
        if best not in ranks:
            return
        current = merge_pair(current, best, best[0] + best[1])
        yield current


def merge_all(symbols: Sequence[str], ranks: Mapping[tuple[str, str], int]) -> list[str]:
    """The last of `merge_steps`, also for words of a million symbols.

    The positions of mergeable pairs are kept in a heap: n symbols take about n log n operations,
    where `merge_steps` reads the whole word at each of up to n steps.
    """
    merged = list(symbols)
    end = len(merged)
    before, after = list(range(-1, end - 1)), list(range(1, end + 1))
    waiting = [(ranks[p], position) for position, p in enumerate(pairwise(merged)) if p in ranks]
    heapify(waiting)
    while waiting:
        rank, places = waiting[0][0], []
        # All occurrences are merged before the new pairs that they make, which may rank lower.
        while waiting and waiting[0][0] == rank:
            places.append(heappop(waiting)[1])
        for position in places:
            right = after[position]
            if right == end or ranks.get((merged[position], merged[right])) != rank:
                continue
            merged[position] += merged[right]
            # No pair holds the empty symbol: heap entries of this position are skipped.
            merged[right] = ""
            after[position] = after[right]
            if after[position] < end:
                before[after[position]] = position
            for left in (before[position], position):
                if left >= 0 and after[left] < end:
                    new = ranks.get((merged[left], merged[after[left]]))
                    if new is not None:
                        heappush(waiting, (new, left))
    return [symbol for symbol in merged if symbol]
