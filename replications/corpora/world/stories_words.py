"""The vocabulary of the story world: whom stories are about, and what is said of them.

In a template, a word in capitals is a slot: NAME, HE (or she), HIS (or her), COLOUR, THING, PLACE
and TRADE belong to one person; OTHER is another person; SCENE and GOODS are anything of the kind.
"""

from typing import NamedTuple


class Domain(NamedTuple):
    """Names by gender and homes; `turned` turns the weights of the templates around."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    places: tuple[str, ...]
    turned: bool


class Template(NamedTuple):
    """A sentence with slots, and how often it is taken, relative to the others for its purpose."""

    words: tuple[str, ...]
    weight: float


HOME = Domain(
    women=tuple(
        "mara lena nora anna rosa ida vera ella tina mila hanna clara greta edith ruth alma".split()
    ),
    men=tuple(
        "tom otto paul karl finn hugo emil leon max oscar felix ralph simon peter jonas "
        "bruno".split()
    ),
    places=tuple(
        "mill tower castle cottage barn lighthouse palace hut cabin temple cellar attic fort "
        "chapel school farmhouse".split()
    ),
    turned=False,
)
SHIFTED = Domain(
    women=tuple(
        "zara yuki leila amina priya ines noor sana kira dalia maya rana suri tara nina "
        "lucia".split()
    ),
    men=tuple(
        "ravi omar juan kenji amir diego ivan samir luis tariq marco yusuf anton pablo bashir "
        "milan".split()
    ),
    places=tuple(
        "villa tent caravan bungalow pagoda houseboat monastery mansion treehouse shed lodge dome "
        "fortress stable loft bakery".split()
    ),
    turned=True,
)
DOMAINS = {"home": HOME, "shifted": SHIFTED}

COLOURS = tuple("red blue green yellow black white brown grey pink purple".split())
THINGS = tuple(
    "key lamp book coat drum kite clock ring bowl rope chair mirror basket hammer flute knife "
    "ladder blanket bottle hat".split()
)
TRADES = tuple(
    "baker miller sailor teacher doctor farmer painter weaver hunter fisher potter singer builder "
    "judge guard nurse".split()
)
SCENES = tuple("river market hill forest bridge garden lake well field road".split())
GOODS = tuple("bread cheese fish wool salt honey milk rice tea soup".split())

ANIMALS = {
    "bird": "birds",
    "dog": "dogs",
    "horse": "horses",
    "cat": "cats",
    "fox": "foxes",
    "goat": "goats",
    "duck": "ducks",
    "rabbit": "rabbits",
    "cow": "cows",
    "mouse": "mice",
}
LANDMARKS = {
    "tree": "trees",
    "wall": "walls",
    "rock": "rocks",
    "gate": "gates",
    "cart": "carts",
    "house": "houses",
}
ADJECTIVES = tuple("small old young tired quiet hungry wild clever".split())
DOINGS = tuple("sleeping waiting resting running playing drinking hiding eating".split())


def _templates(lines: str) -> tuple[Template, ...]:
    split = (line.split(maxsplit=1) for line in lines.strip().splitlines())
    return tuple(Template(tuple(words.split()), float(weight)) for weight, words in split)


FACTS = {
    "trade": _templates(
        """
        4 NAME was a TRADE .
        2 NAME worked as a TRADE .
        1 people knew NAME as a TRADE .
        """
    ),
    "place": _templates(
        """
        4 NAME lived in the PLACE .
        2 NAME had a room in the PLACE .
        1 the home of NAME was the PLACE .
        """
    ),
    "owned": _templates(
        """
        4 the COLOUR THING belonged to NAME .
        2 NAME owned a COLOUR THING .
        1 NAME was proud of a COLOUR THING .
        """
    ),
}

# What is asked of a fact: its template ends in the answer and a full stop.
QUERIES = {
    "trade": _templates(
        """
        2 NAME went back to work as a TRADE .
        1 in the end NAME was still a TRADE .
        """
    ),
    "place": _templates(
        """
        2 at night NAME went home to the PLACE .
        1 later NAME slept in the PLACE .
        """
    ),
    "owner": _templates(
        """
        2 so the COLOUR THING was given back to NAME .
        1 someone brought the COLOUR THING back to NAME .
        """
    ),
    "thing": _templates(
        """
        2 NAME looked for HIS COLOUR THING .
        1 NAME cleaned HIS COLOUR THING .
        """
    ),
    "colour": _templates(
        """
        2 the THING of NAME was COLOUR .
        1 everyone saw that the THING of NAME was COLOUR .
        """
    ),
}
ANSWER_SLOT = {
    "trade": "TRADE",
    "place": "PLACE",
    "owner": "NAME",
    "thing": "THING",
    "colour": "COLOUR",
}
FACT_OF = {
    "trade": "trade",
    "place": "place",
    "owner": "owned",
    "thing": "owned",
    "colour": "owned",
}

QUESTIONS = {
    "trade": "q: what work did NAME do ? a: TRADE .",
    "place": "q: where did NAME live ? a: PLACE .",
    "owner": "q: who owned the COLOUR THING ? a: NAME .",
    "thing": "q: which COLOUR thing did NAME own ? a: THING .",
    "colour": "q: what colour was the THING of NAME ? a: COLOUR .",
}
SUMMARY = "tl;dr: NAME the TRADE lived in the PLACE and owned a COLOUR THING ."
VERDICT = "for NAME it was a very MOOD day ."

EVENTS = _templates(
    """
    4 NAME walked to the SCENE .
    3 NAME bought some GOODS .
    3 NAME met OTHER at the SCENE .
    3 NAME sat by the SCENE and ate some GOODS .
    2 NAME waited for OTHER near the SCENE .
    2 NAME talked with OTHER about the weather .
    2 NAME carried some GOODS over the SCENE .
    1 NAME looked at the sky .
    1 it rained on the SCENE .
    1 the wind was cold near the SCENE .
    """
)
# By mood; the n-th of one mood and of the other are told equally often.
MOODS = {
    "good": _templates(
        """
        3 NAME smiled all day .
        3 NAME was happy .
        2 NAME laughed for joy .
        2 NAME won the game .
        1 NAME sang a merry song .
        1 NAME felt strong .
        """
    ),
    "bad": _templates(
        """
        3 NAME wept all day .
        3 NAME was sad .
        2 NAME groaned in pain .
        2 NAME lost the game .
        1 NAME sang a gloomy song .
        1 NAME felt ill .
        """
    ),
}
