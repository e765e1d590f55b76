"""Families of related sequences by shared k-mers, to keep relatives of the test out of training."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from replications.errors import ReplicationError


def related_groups(sequences: Sequence[str], *, word: int, shared: int = 1) -> list[int]:
    """The family of each sequence, as the index of the family's first member.

    Two sequences with `shared` k-mers of `word` letters in common are of one family, and so are the
    relatives of each (single linkage). K-mers that occur in a hundred sequences or more are repeats
    and link none. Raises ReplicationError for a k-mer of fewer than 3 letters.
    """
    if word < 3:
        raise ReplicationError(f"Words of {word} letters are in every sequence; give 3 or more.")
    holders: dict[str, set[int]] = defaultdict(set)
    for number, sequence in enumerate(sequences):
        for start in range(len(sequence) - word + 1):
            holders[sequence[start : start + word]].add(number)
    common: dict[tuple[int, int], int] = defaultdict(int)
    for numbers in holders.values():
        if 1 < len(numbers) < 100:
            ordered = sorted(numbers)
            for at, one in enumerate(ordered):
                for other in ordered[at + 1 :]:
                    common[one, other] += 1
    family = list(range(len(sequences)))

    def root(number: int) -> int:
        while family[number] != number:
            family[number] = family[family[number]]
            number = family[number]
        return number

    for (one, other), count in common.items():
        if count >= shared:
            first, second = sorted((root(one), root(other)))
            family[second] = first
    return [root(number) for number in range(len(sequences))]


def refuse_relatives(
    train: Mapping[str, Sequence[str]],
    test: Mapping[str, Sequence[str]],
    *,
    word: int = 7,
    share: float = 0.02,
) -> None:
    """Raises ReplicationError where a test family and a training family are related.

    A family is given by its sequences without gaps. Two are related where `share` of the k-mers of
    `word` residues of the smaller one occur in the other, too. By chance it is 0.004 at most, among
    the families of this book.
    """
    words = {
        name: {s[i : i + word] for s in sequences for i in range(len(s) - word + 1)}
        for name, sequences in {**train, **test}.items()
    }
    for name in test:
        for other in train:
            both = len(words[name] & words[other])
            if both and both >= share * min(len(words[name]), len(words[other])):
                raise ReplicationError(
                    f"{name}, which is tested, and {other}, which is trained on, have {both} words "
                    f"of {word} residues in common: they are of one family. Put both into the same "
                    "part."
                )
