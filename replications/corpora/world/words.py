"""The vocabulary of the synthetic word world, and a text small enough to count by hand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """Pairs of words that differ by one attribute.

    Each stem is two words (without and with the attribute) and three context words that go with
    both; each of the two attributes has context words that go with all words that carry it.
    """

    name: str
    attributes: tuple[str, str]
    attribute_contexts: tuple[tuple[str, ...], tuple[str, ...]]
    stems: tuple[tuple[str, str, tuple[str, ...]], ...]


def _stems(lines: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    split = (line.split() for line in lines.strip().splitlines())
    return tuple((first, second, tuple(contexts)) for first, second, *contexts in split)


GENDER = Family(
    "gender",
    ("male", "female"),
    (("he", "his", "him", "mister", "beard"), ("she", "her", "hers", "madam", "gown")),
    _stems(
        """
        king queen throne crown palace
        man woman adult citizen stranger
        prince princess heir castle ball
        duke duchess estate manor title
        father mother parent household dinner
        son daughter child cradle lullaby
        brother sister sibling quarrel bunk
        uncle aunt relatives holiday gift
        husband wife wedding ring anniversary
        actor actress stage film script
        boy girl playground kite marbles
        nephew niece godchild postcard pony
        """
    ),
)

CAPITAL = Family(
    "capital",
    ("country", "capital"),
    (
        ("nation", "border", "army", "currency", "province"),
        ("city", "mayor", "streets", "airport", "tram"),
    ),
    _stems(
        """
        france paris wine seine baguette
        germany berlin autobahn spree bratwurst
        italy rome pasta tiber colosseum
        spain madrid flamenco siesta paella
        greece athens olive acropolis aegean
        egypt cairo nile pyramid sphinx
        japan tokyo sushi samurai sakura
        china beijing dragon silk jade
        russia moscow balalaika kremlin tundra
        norway oslo fjord ski herring
        cuba havana cigar rumba sugar
        peru lima llama andes inca
        """
    ),
)

TENSE = Family(
    "tense",
    ("present", "past"),
    (
        ("now", "today", "usually", "always", "daily"),
        ("yesterday", "ago", "once", "formerly", "earlier"),
    ),
    _stems(
        """
        walk walked path boots pavement
        play played game piano team
        cook cooked kitchen soup oven
        paint painted canvas brush easel
        jump jumped fence rope puddle
        talk talked voice gossip telephone
        climb climbed ladder cliff summit
        wash washed soap laundry basin
        plant planted seed garden spade
        open opened door lid key
        laugh laughed joke clown comedy
        call called name shout bell
        """
    ),
)

COMPARATIVE = Family(
    "comparative",
    ("plain", "compared"),
    (("very", "quite", "rather", "fairly", "so"), ("than", "much", "even", "far", "slightly")),
    _stems(
        """
        big bigger elephant giant mountain
        small smaller mouse pebble crumb
        fast faster horse train cheetah
        slow slower snail tortoise queue
        warm warmer blanket stove scarf
        old older ruin fossil antique
        young younger puppy lamb sapling
        tall taller tower giraffe tree
        short shorter pencil stub minute
        loud louder drum siren thunder
        bright brighter lamp star mirror
        cheap cheaper market bargain coin
        """
    ),
)

FAMILIES = (GENDER, CAPITAL, TENSE, COMPARATIVE)

PROBED = ("ice", "steam")

# Probe word: (P(probe | ice), P(probe | ice) / P(probe | steam)).
# The ratios of the first four are those of Pennington et al. 2014, table 1; their base rates are
# raised so that a small corpus can show them, and still differ by a factor of thirty. The other
# probes fill the range between, so that a rank correlation means something.
PROBES = {
    "solid": (0.0712, 8.9),
    "gas": (0.0068, 0.085),
    "water": (0.204, 1.36),
    "fashion": (0.048, 0.96),
    "skate": (0.048, 6.0),
    "frozen": (0.06, 4.0),
    "frost": (0.05, 2.0),
    "pressure": (0.025, 0.7),
    "cloud": (0.03, 0.5),
    "hot": (0.02, 0.25),
    "kettle": (0.008, 0.125),
}

_FUNCTION_WORDS = """
    the of and a in to is was for on as with by at from that it this which or an be are were but not
    had have has been their its they we you me my your who will would can could about into over
    after before between under through during against up down out off then there here when where
    while because if each any many some these those such only own same too
""".split()

FILLER_WORDS = 200


def filler_words() -> tuple[str, ...]:
    """Words that are independent of their neighbours: function words, then invented ones."""
    made_up = (
        first + second + third
        for first in ("ba", "di", "ko", "lu", "me", "no", "ri", "sa", "tu", "ve")
        for second in ("nd", "rt", "sk", "lm")
        for third in ("a", "el", "in", "o")
    )
    words = [*_FUNCTION_WORDS, *made_up]
    return tuple(words[:FILLER_WORDS])


def throne_room() -> list[list[str]]:
    """A dozen sentences in which the co-occurrences of six words can be counted by hand.

    The six are king, queen, man, woman, throne and crown: king and queen meet throne and crown,
    man and woman do not, and each pair shares its own words besides.
    """
    return [
        sentence.split()
        for sentence in (
            "the king sat on the throne",
            "the queen sat on the throne",
            "he was a king and he wore a crown",
            "she was a queen and she wore a crown",
            "the crown of the king lay on the throne",
            "the crown of the queen lay on the throne",
            "the man sat on a bench",
            "the woman sat on a bench",
            "he was a man and he wore a hat",
            "she was a woman and she wore a hat",
            "the man and the woman saw the king and the queen",
            "no man and no woman wore the crown",
        )
    ]
