"""Episodes for in-context learning: a few lines `input -> output`, then an input to be answered.

Source: Brown et al. 2020 (GPT-3), sections 2 (zero, one and few shots) and 3.9 (arithmetic, word
scrambling, novel words). What is random in an episode cannot be learnt from other episodes, so the
best accuracy without examples is known, and the gain from each further one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from replications.corpora.store.fingerprint import CorpusIdentity
from replications.corpora.world.stories_parts import (
    PARTS,
    Uniform,
    check_choice,
    check_span,
    draw_parts,
    identify,
)
from replications.corpora.world.stories_words import THINGS
from replications.corpora.world.tasks_families import (
    ALPHABET,
    HELD_OUT,
    AddNumber,
    CopyLetters,
    Family,
    LetterShift,
    Line,
    LookUpThenShift,
    MoodLabels,
    RandomDictionary,
    SpellTwo,
)
from replications.corpora.world.tasks_skills import (
    DIGITS,
    MOST_WORDS,
    OPERATIONS,
    SCRAMBLES,
    WRITTEN,
    Arithmetic,
    Scrambling,
    write_number,
)
from replications.errors import ReplicationError

CORPUS = "world-episodes"
COLUMNS = ("family", "prompt", "answer")
IN_CONTEXT = ("dictionary", "shift", "add", "copy", "reverse", "compose", "labels")
ARITHMETIC = tuple(f"{operation}-{digits}" for operation in OPERATIONS for digits in DIGITS)
SCRAMBLING = SCRAMBLES
DEMONSTRATIONS = ("true", "shuffled")
DEFAULT_SEED = 0
DEFAULT_EPISODES = 4_000
MOST_SHOTS = 100


@dataclass(frozen=True)
class Episode:
    """Lines with their outputs, and an input whose output is the answer.

    `told` says whether the lines shown decide the answer; where they do not, the best is a guess.
    `held_out` says that the family occurs in no training episode.
    """

    family: str
    demonstrations: tuple[tuple[str, str], ...]
    query: str
    answer: str
    told: bool
    held_out: bool
    header: str = ""

    @property
    def shots(self) -> int:
        """How many lines are shown."""
        return len(self.demonstrations)

    @property
    def prompt(self) -> str:
        """The text before the answer; a space and the answer follow."""
        lines = [f"{given} -> {output}" for given, output in self.demonstrations]
        return "\n".join([*([self.header] if self.header else []), *lines, f"{self.query} ->"])

    @property
    def text(self) -> str:
        """The whole episode, answer included."""
        return f"{self.prompt} {self.answer}"


@dataclass(frozen=True)
class EpisodeWorld:
    """Episodes by part, and the families they were drawn from.

    Validation and test are the same for every seed. Where a family has inputs that can be held out,
    their queries are such: no line of training has them, nor any that is shown. No episode with a
    line shown is in two parts. In test, families and numbers of shots take turns.
    """

    train: tuple[Episode, ...]
    validation: tuple[Episode, ...]
    test: tuple[Episode, ...]
    families: dict[str, Family]
    identities: tuple[CorpusIdentity, ...]

    def best_accuracy(self, family: str, shots: int) -> float:
        """The highest expected accuracy where the family is known.

        For true demonstrations; shuffled ones carry no information, and the best is that for no
        shots.
        """
        return self.families[family].best(shots)


def make_episodes(
    seed: int,
    episodes: int,
    *,
    validation_episodes: int = 500,
    test_episodes: int = 1_000,
    families: Sequence[str] = IN_CONTEXT,
    held_out: Sequence[str] = (),
    shots: tuple[int, int] = (0, 8),
    active: int = 4,
    keys: int = 16,
    letters: int = 16,
    length: int = 3,
    lexicon: int = 200,
    written: str = "plain",
    named: bool = False,
    demonstrations: str = "true",
) -> EpisodeWorld:
    """Draw episodes of the families, with as many shots as asked for.

    Knobs:

    - `families`: of `IN_CONTEXT`, `ARITHMETIC` (such as plus-2, of two digits) and `SCRAMBLING`,
      or "spell" and "spell-backwards": spelling by a dictionary, and the same backwards, which is
      two skills in one where the other two are known.
    - `held_out`: which of them occur in test alone.
    - `shots`: fewest and most lines before the query, uniform in training.
    - `active`, `keys`: how many keys a dictionary has in an episode, and of how many in all.
    - `letters`: of the alphabet: values of dictionaries, and what strings are made of.
    - `length`: of the strings to shift, copy and reverse.
    - `lexicon`: how many words there are to be scrambled.
    - `written`: numbers "plain", "spaced" digit by digit, or "reversed".
    - `named`: the family's name stands above the lines, so that it is known without examples.
    - `demonstrations`: "true", or "shuffled" for the control: each line shown has the output of
      another input under another rule. Queries and answers stay the same, so any gain from the
      lines that is left comes from the format.

    Raises ReplicationError for a knob out of its range.
    """
    maker = "make_episodes"
    check_choice(maker, "demonstrations", demonstrations, DEMONSTRATIONS)
    check_choice(maker, "written", written, WRITTEN)
    check_span(maker, "shots", shots, 0, MOST_SHOTS)
    for knob, value, least, most in (
        ("keys", keys, 2, len(THINGS)),
        ("letters", letters, 5, len(ALPHABET)),
        ("active", active, 1, min(keys, letters)),
        ("length", length, 2, 12),
    ):
        if not least <= value <= most:
            raise ReplicationError(f"{maker}: {knob} is {value}; give {least} to {most}")
    if not HELD_OUT <= lexicon <= MOST_WORDS:
        raise ReplicationError(f"{maker}: lexicon is {lexicon}; give {HELD_OUT} to {MOST_WORDS}")
    known = _all_families(active, keys, letters, length, lexicon, written)
    for name in families:
        check_choice(maker, "families", name, known)
    for name in held_out:
        check_choice(maker, "held_out", name, families)
    trained = [name for name in families if name not in held_out]
    if not trained:
        raise ReplicationError(f"{maker}: held_out leaves no family to train on; give fewer")
    counts = (episodes, validation_episodes, test_episodes)
    sizes = dict(zip(PARTS, counts, strict=True))
    span = shots[1] - shots[0] + 1

    def draw(part: str, number: int, uniform: Uniform) -> Episode:
        if part == "test":
            name, many = families[number // span % len(families)], shots[0] + number % span
        else:
            name = trained[int(uniform() * len(trained))]
            many = shots[0] + int(uniform() * span)
        family = known[name]
        rule = family.rule(uniform)
        lines = [_line(family, rule, uniform, False) for _ in range(many)]
        query = _line(family, rule, uniform, part != "train")
        foils = [_line(family, family.rule(uniform), uniform, False) for _ in range(many)]
        shuffled = demonstrations == "shuffled"
        shown = foils if shuffled else lines
        told = query.needs is None or (
            not shuffled and any(line.needs == query.needs for line in lines)
        )
        return Episode(
            family=name,
            demonstrations=tuple(
                (line.input, other.output) for line, other in zip(lines, shown, strict=True)
            ),
            query=query.input,
            answer=query.output,
            told=told,
            held_out=name in held_out,
            header=f"{name}:" if named else "",
        )

    parts = draw_parts(maker, seed, sizes, draw, lambda it: it.text if it.shots else None)
    identities = tuple(
        identify(CORPUS, part, rows_of(parts[part]), COLUMNS, sizes[part]) for part in PARTS
    )
    found = {name: known[name] for name in families}
    return EpisodeWorld(**parts, families=found, identities=identities)


def _line(family: Family, rule: object, uniform: Uniform, held_out: bool) -> Line:
    line = family.line(rule, uniform)
    while family.splits and line.held_out != held_out:
        line = family.line(rule, uniform)
    return line


def _all_families(
    active: int, keys: int, letters: int, length: int, lexicon: int, written: str
) -> dict[str, Family]:
    return {
        "dictionary": RandomDictionary(keys, active, letters),
        "shift": LetterShift(letters, length),
        "add": AddNumber(lambda number: write_number(number, written)),
        "copy": CopyLetters(letters, length, backwards=False),
        "reverse": CopyLetters(letters, length, backwards=True),
        "compose": LookUpThenShift(keys, active, letters),
        "labels": MoodLabels(),
        "spell": SpellTwo(keys, letters, backwards=False),
        "spell-backwards": SpellTwo(keys, letters, backwards=True),
        **{
            f"{operation}-{digits}": Arithmetic(operation, digits, written)
            for operation in OPERATIONS
            for digits in DIGITS
        },
        **{scramble: Scrambling(scramble, lexicon) for scramble in SCRAMBLES},
    }


def rows_of(episodes: Sequence[Episode]) -> Iterator[dict[str, object]]:
    """The episodes as rows; the lines of `prompt` are set apart by newlines."""
    for episode in episodes:
        yield {"family": episode.family, "prompt": episode.prompt, "answer": episode.answer}
