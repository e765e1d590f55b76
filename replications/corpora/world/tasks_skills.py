"""Sums and scrambled words: tasks whose rule is always the same, so that practice can teach it.

Source: Brown et al. 2020 (GPT-3), sections 3.9.1 (arithmetic) and 3.9.2 (word scrambling).
Departure: a line is `48 plus 76 -> 124` and not `Q: What is 48 plus 76? A: 124`.
"""

from collections.abc import Callable
from functools import cache, partial

from replications.corpora.world.stories_parts import Uniform, shuffle, uniform_numbers
from replications.corpora.world.tasks_families import HELD_OUT, Line
from replications.errors import ReplicationError

OPERATIONS = ("plus", "minus")
DIGITS = (1, 2, 3)
SCRAMBLES = ("cycle", "anagram-1", "anagram-2", "insertion", "reversal")
WRITTEN = ("plain", "spaced", "reversed")
MOST_WORDS = 2_000

_CONSONANTS, _VOWELS = "bdklmnprst", "aeio"  # the toy alphabet
_MARKS = (".", "!", "/", "-", " ")
_LEXICON_SEED = 7


def write_number(number: int, written: str) -> str:
    """`124`, spaced `1 2 4`, or reversed `421`; a minus sign stays in front."""
    sign, digits = ("-" if number < 0 else ""), str(abs(number))
    if written == "reversed":
        digits = digits[::-1]
    return sign + (" ".join(digits) if written == "spaced" else digits)


class Arithmetic:
    """Two numbers of up to so many digits, uniform from 0 on, and their sum or difference.

    Held out are pairs of numbers, for sums in either order.
    """

    splits = True

    def __init__(self, operation: str, digits: int, written: str) -> None:
        self.operation, self.below = operation, 10**digits
        self.write = partial(write_number, written=written)

    def rule(self, uniform: Uniform) -> None:
        return None

    def line(self, rule: None, uniform: Uniform) -> Line:
        a, b = (int(uniform() * self.below) for _ in range(2))
        adds = self.operation == "plus"
        low, high = (min(a, b), max(a, b)) if adds else (a, b)
        result = self.write(a + b if adds else a - b)
        held_out = (low + 3 * high) % HELD_OUT == 0
        return Line(f"{self.write(a)} {self.operation} {self.write(b)}", result, None, held_out)

    def best(self, shots: int) -> float:
        return 1.0


class Scrambling:
    """A word of the lexicon with its letters moved or marks put between them, and the word.

    The five ways of section 3.9.2: letters cycled; all but the first and last scrambled; all but
    the first two and last two; a random mark or space between any two; reversed. Held out are
    words, others in each way, so that each word can be learnt from the other four.
    """

    splits = True

    def __init__(self, scramble: str, lexicon: int) -> None:
        self.words, self.number = toy_lexicon(lexicon), SCRAMBLES.index(scramble)
        self.scramble = _SCRAMBLED[scramble]

    def rule(self, uniform: Uniform) -> None:
        return None

    def line(self, rule: None, uniform: Uniform) -> Line:
        index = int(uniform() * len(self.words))
        word = self.words[index]
        held_out = (index + self.number) % HELD_OUT == 0
        return Line(self.scramble(word, uniform), word, None, held_out)

    def best(self, shots: int) -> float:
        return 1.0


@cache
def toy_lexicon(count: int) -> tuple[str, ...]:
    """Different words of six to nine letters of a toy alphabet, always the same ones first.

    No two have the same letters between the same first and last one, and none is another one or
    itself cycled; so a scrambled word has one answer.

    Raises ReplicationError for more than 2,000 words.
    """
    if not HELD_OUT <= count <= MOST_WORDS:
        raise ReplicationError(
            f"toy_lexicon: a lexicon of {count} words; give {HELD_OUT} to {MOST_WORDS}"
        )
    uniform = uniform_numbers(_LEXICON_SEED)
    words: list[str] = []
    taken: set[str] = set()
    while len(words) < count:
        syllables = 3 + int(2 * uniform())
        word = "".join(
            _CONSONANTS[int(uniform() * len(_CONSONANTS))] + _VOWELS[int(uniform() * len(_VOWELS))]
            for _ in range(syllables)
        )
        if uniform() < 0.5:
            word += _CONSONANTS[int(uniform() * len(_CONSONANTS))]
        inner = word[0] + "".join(sorted(word[1:-1])) + word[-1]
        cycled = {word[start:] + word[:start] for start in range(len(word))}
        distinct = len(cycled) == len(word) and len(set(word[2:-2])) > 1
        if distinct and not taken & {inner, *cycled}:
            taken |= {inner, word}
            words.append(word)
    return tuple(words)


def _cycle(word: str, uniform: Uniform) -> str:
    start = 1 + int(uniform() * (len(word) - 1))
    return word[start:] + word[:start]


def _anagram(word: str, uniform: Uniform, kept: int) -> str:
    while (moved := "".join(shuffle(uniform, word[kept:-kept]))) == word[kept:-kept]:
        pass
    return word[:kept] + moved + word[-kept:]


def _insertion(word: str, uniform: Uniform) -> str:
    marks = [_MARKS[int(uniform() * len(_MARKS))] for _ in word[1:]]
    return word[0] + "".join(mark + letter for mark, letter in zip(marks, word[1:], strict=True))


def _reversal(word: str, uniform: Uniform) -> str:
    return word[::-1]


_SCRAMBLED: dict[str, Callable[[str, Uniform], str]] = {
    "cycle": _cycle,
    "anagram-1": partial(_anagram, kept=1),
    "anagram-2": partial(_anagram, kept=2),
    "insertion": _insertion,
    "reversal": _reversal,
}
