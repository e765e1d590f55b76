"""The vocabulary of the toy translation language: pseudo-English words and invented ones."""

ARTICLES = ("the", "a", "an")
DEFINITE, INDEFINITE = "d", "m"  # with the vowel of the noun's gender, o, a or e: do, da, de
NO_GENDER = "u"  # the vowel of every article and adjective where nothing agrees


def _table(lines: str) -> dict[str, tuple[str, ...]]:
    return {word: tuple(rest) for word, *rest in map(str.split, lines.strip().splitlines())}


# Each noun: its translation and its gender, which the translation's form does not tell.
ANIMATE = _table(
    """
    fox fosan o
    horse lirom a
    king bas e
    girl dedus o
    dog zun a
    queen bebut e
    boy kor o
    cat rimal a
    bear dumek e
    bird lamit o
    sailor nunil a
    baker vek e
    """
)
THINGS = _table(
    """
    house lokun o
    tower por a
    bridge fomak e
    garden vumer o
    ship dakok a
    lamp sotim e
    table tarn o
    letter gelin a
    kettle pulos e
    bell zirek o
    road hamun a
    wagon jolt e
    """
)
NOUNS = ANIMATE | THINGS

# Stems; the gender's vowel follows.
ADJECTIVES = _table(
    """
    old sant
    young tikr
    red solt
    green minn
    blue lemd
    black narv
    white kelg
    small motn
    large desm
    quiet pirz
    brave mult
    happy gimm
    cold genf
    tired hekt
    clever botr
    bright filb
    """
)

# A second translation is a particle of its own: one word becomes two.
TRANSITIVE = _table(
    """
    sees fopi
    finds rule ek
    follows tura
    likes numo
    hears modo
    watches sobe ta
    carries dene
    paints dira
    guards hare po
    greets palu
    """
)
INTRANSITIVE = _table(
    """
    sleeps baze
    sings rofi
    waits lulo ni
    laughs dazo
    runs noni
    dreams jedi
    rests tine
    dances pagu
    """
)
ADVERBS = _table(
    """
    today lesh mi
    slowly tush
    often bish
    again kash vo
    here tish
    softly posh
    """
)
PREPOSITIONS = _table(
    """
    near ele
    behind umu
    under ike
    beside ute
    inside eto
    """
)
CONJUNCTIONS = _table(
    """
    and ol
    but ir
    while ul
    because per ko
    """
)
VERBS = TRANSITIVE | INTRANSITIVE

# Compounds are one or two of these before a noun: snow + moon + fox. The most frequent come first.
MODIFIERS = _table(
    """
    snow til
    moon dem
    sun gor
    river lesu
    forest ruta
    iron bok
    gold late
    silver saso
    winter veba
    night foti
    storm sinu
    salt vosa
    hill makri
    fire ferdo
    wind bemi
    rain nepo
    star zusta
    stone sirga
    wood puli
    water batu
    """
)

# With `synonyms`, the translation on the left gives way to that on the right in 40 % of its places.
SYNONYMS = {
    "fosan": "vurel",
    "bas": "keron",
    "zun": "harip",
    "rimal": "obet",
    "lokun": "stavi",
    "por": "ulgar",
    "dakok": "winam",
    "zirek": "clamu",
    "fopi": "yeva",
    "tura": "sheko",
    "baze": "womi",
    "rofi": "chula",
}

# A name is a first and a second part: mara, tovik.
NAME_FIRST = tuple(
    "ma to le ri ka no si be da fi ju ha ro mi ve pa lu ti ne go so wi ze yo".split()
)
NAME_SECOND = tuple(
    "ra vik lda na rin dor mel sa bert linn gan tes von ssi key mund win nuk zel phy".split()
)

# The letter cipher keeps vowels vowels and consonants consonants.
_PLAIN = "aeioubcdfghjklmnpqrstvwxyz"
_CIPHER = "eioua" + "dfghjklmnpqrstvwxyzbc"
CIPHER = str.maketrans(_PLAIN, _CIPHER)
