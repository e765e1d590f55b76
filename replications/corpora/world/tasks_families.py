"""Families of tasks for in-context learning: a rule is drawn for an episode, then lines of it.

A line is `input -> output`. In some families the rule is new in each episode (a dictionary, by how
far letters are shifted), so that only the lines shown can tell it. In others it is always the same
(copying, sums), and the lines shown can only tell which family it is.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

from replications.corpora.world.stories_parts import Uniform
from replications.corpora.world.stories_words import HOME, MOODS, THINGS

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
LABEL_WORDS = ("dax", "wug", "fep", "tol", "mip", "zan")
MOST_ADDED = 20
HELD_OUT = 5  # one pair of rule and input in five is kept for validation and test

_NUMBERS = 100
_NAMES = HOME.women + HOME.men
_STEPS = 5  # how far compose shifts at most, and one


class Line(NamedTuple):
    """`needs` names what must have been shown for the output to be known; None: nothing must."""

    input: str
    output: str
    needs: str | None
    held_out: bool


@runtime_checkable
class Family(Protocol):
    """Draws what holds for an episode, and lines that follow it."""

    splits: bool
    """Whether its lines are either held out or not; otherwise none is."""

    def rule(self, uniform: Uniform) -> Any: ...

    def line(self, rule: Any, uniform: Uniform) -> Line: ...

    def best(self, shots: int) -> float:
        """Share of right answers that can be reached after so many lines, the family being known.

        The lines are drawn as those of an episode are, with replacement.
        """
        ...


class RandomDictionary:
    """`lamp -> c`: a few active keys with letters of their own, new in each episode."""

    splits = False

    def __init__(self, keys: int, active: int, letters: int) -> None:
        self.keys, self.active, self.letters = THINGS[:keys], active, ALPHABET[:letters]

    def rule(self, uniform: Uniform) -> dict[str, int]:
        keys = _several(uniform, len(self.keys), self.active)
        values = _several(uniform, len(self.letters), self.active)
        return {self.keys[key]: value for key, value in zip(keys, values, strict=True)}

    def line(self, rule: dict[str, int], uniform: Uniform) -> Line:
        key = [*rule][int(uniform() * len(rule))]
        return Line(key, self.letters[rule[key]], key, False)

    def best(self, shots: int) -> float:
        # seen[j]: the probability that j different keys have been shown.
        seen = [1.0] + [0.0] * self.active
        for _ in range(shots):
            seen = [
                seen[j] * j / self.active
                + (seen[j - 1] * (self.active - j + 1) / self.active if j else 0)
                for j in range(self.active + 1)
            ]
        return sum(
            probability * (j / self.active + (1 - j / self.active) / max(len(self.letters) - j, 1))
            for j, probability in enumerate(seen)
        )


class LookUpThenShift(RandomDictionary):
    """`lamp 2 -> e`: the key's letter in this episode, shifted by the number.

    Held out are pairs of a key and a number.
    """

    splits = True

    def line(self, rule: dict[str, int], uniform: Uniform) -> Line:
        key = [*rule][int(uniform() * len(rule))]
        steps = int(uniform() * _STEPS)
        output = self.letters[(rule[key] + steps) % len(self.letters)]
        held_out = (self.keys.index(key) + steps) % HELD_OUT == 0
        return Line(f"{key} {steps}", output, key, held_out)


class SpellTwo:
    """`lamp bowl -> c f`: two of three keys, each with a letter of its own, new in each episode;
    or backwards `f c`.

    Held out are the first two keys of an episode in this order, so that the lines shown tell their
    letters, and never the answer as a whole.
    """

    splits = True
    active = 3

    def __init__(self, keys: int, letters: int, backwards: bool) -> None:
        self.dictionary = RandomDictionary(keys, self.active, letters)
        self.backwards = backwards

    def rule(self, uniform: Uniform) -> dict[str, int]:
        return self.dictionary.rule(uniform)

    def line(self, rule: dict[str, int], uniform: Uniform) -> Line:
        keys = [*rule]
        pair = _several(uniform, self.active, 2)
        output = [self.dictionary.letters[rule[keys[each]]] for each in pair]
        if self.backwards:
            output.reverse()
        # Any line of the episode tells something of it: that is all that `needs` can say here.
        asked = " ".join(keys[each] for each in pair)
        return Line(asked, " ".join(output), "two of three", pair == [0, 1])

    def best(self, shots: int) -> float:
        letters = len(self.dictionary.letters)
        if not shots:
            return 1 / (letters * (letters - 1))
        # Five pairs are shown; either key of the query is missing in two of them, never both.
        missing = 2 * (2 / 5) ** shots
        return 1 - missing + missing / (letters - 2)


class LetterShift:
    """`b a d -> d c f`: each letter moves as far as in the other lines of the episode.

    Held out are strings, under any shift.
    """

    splits = True

    def __init__(self, letters: int, length: int) -> None:
        self.letters, self.length = ALPHABET[:letters], length

    def rule(self, uniform: Uniform) -> int:
        return 1 + int(uniform() * (len(self.letters) - 1))

    def line(self, rule: int, uniform: Uniform) -> Line:
        size = len(self.letters)
        places = [int(uniform() * size) for _ in range(self.length)]
        output = [self.letters[(place + rule) % size] for place in places]
        held_out = _sum_of(places) % HELD_OUT == 0
        return Line(_spell(self.letters, places), " ".join(output), "shift", held_out)

    def best(self, shots: int) -> float:
        return 1.0 if shots else 1 / (len(self.letters) - 1)


class AddNumber:
    """`17 -> 21`: the same number from 1 to 20 is added in all lines of an episode.

    Held out are numbers to add to, in no order that their digits show.
    """

    splits = True

    def __init__(self, write: Any) -> None:
        self.write = write

    def rule(self, uniform: Uniform) -> int:
        return 1 + int(uniform() * MOST_ADDED)

    def line(self, rule: int, uniform: Uniform) -> Line:
        number = int(uniform() * _NUMBERS)
        held_out = number * 37 % 101 % HELD_OUT == 0
        return Line(self.write(number), self.write(number + rule), "number", held_out)

    def best(self, shots: int) -> float:
        return 1.0 if shots else 1 / MOST_ADDED


class CopyLetters:
    """`b a d -> b a d`, or backwards `d a b`. Held out are strings."""

    splits = True

    def __init__(self, letters: int, length: int, backwards: bool) -> None:
        self.letters, self.length, self.backwards = ALPHABET[:letters], length, backwards

    def rule(self, uniform: Uniform) -> None:
        return None

    def line(self, rule: None, uniform: Uniform) -> Line:
        places = [int(uniform() * len(self.letters)) for _ in range(self.length)]
        output = _spell(self.letters, places[::-1] if self.backwards else places)
        held_out = _sum_of(places) % HELD_OUT == 0
        return Line(_spell(self.letters, places), output, None, held_out)

    def best(self, shots: int) -> float:
        return 1.0


class MoodLabels:
    """`mara smiled all day -> wug`: the two moods have labels of their own in each episode.

    Held out are pairs of a name and what is said of it.
    """

    splits = True

    def __init__(self) -> None:
        self.told = {mood: [said.words[1:-1] for said in MOODS[mood]] for mood in MOODS}

    def rule(self, uniform: Uniform) -> dict[str, str]:
        labels = _several(uniform, len(LABEL_WORDS), len(MOODS))
        return {mood: LABEL_WORDS[n] for mood, n in zip(MOODS, labels, strict=True)}

    def line(self, rule: dict[str, str], uniform: Uniform) -> Line:
        mood, name = tuple(self.told)[int(2 * uniform())], int(uniform() * len(_NAMES))
        said = int(uniform() * len(self.told[mood]))
        words = self.told[mood][said]
        held_out = (name + said) % HELD_OUT == 0
        return Line(" ".join([_NAMES[name], *words]), rule[mood], mood, held_out)

    def best(self, shots: int) -> float:
        unseen = 0.5**shots
        left = len(LABEL_WORDS) - (1 if shots else 0)
        return 1 - unseen + unseen / left


def _several(uniform: Uniform, size: int, count: int) -> list[int]:
    """So many different numbers below `size`."""
    found: list[int] = []
    while len(found) < count:
        number = int(uniform() * size)
        if number not in found:
            found.append(number)
    return found


def _spell(letters: str, places: Sequence[int]) -> str:
    return " ".join([letters[place] for place in places])


def _sum_of(places: Sequence[int]) -> int:
    return sum((index + 1) * place for index, place in enumerate(places))
