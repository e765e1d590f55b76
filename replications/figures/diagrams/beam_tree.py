"""A beam search as the tree of the partial hypotheses that it considered."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from replications.decoding.search import Candidate
from replications.figures.diagrams.boxes import EMBEDDING, INK, OUTPUT, Point, arrow, box, drawing
from replications.tokens.bpe import END_OF_WORD
from replications.tokens.special import END

_APART, _LEVEL = 2.3, 1.45
_WIDTH, _HEIGHT = 2.1, 0.86
_DROPPED, _BEST = "0.93", "#b35900"
_OPEN = "#cfe6f5"

_Ids = tuple[int, ...]


def draw_beam_tree(
    steps: Sequence[Sequence[Candidate]], best: Sequence[int], symbols: Sequence[str]
) -> Figure:
    """A row a step, from the start downwards: what was kept, what has ended, and what was dropped.

    `steps` are what `beam_search` gives its `watch` for one sentence, and `best` the ids of the
    hypothesis that it found, without END: the thick path. `symbols` are the tokenizer's. Below each
    token is the log probability of all tokens so far, in nats. What the search left open at its end
    is drawn as dropped.
    """
    # The children of a box that stands further left stand further left, the likelier first.
    rows: list[list[Candidate]] = []
    order: dict[_Ids, int] = {(): 0}
    for step in steps:
        row = sorted(step, key=lambda one: (order[tuple(one.ids[:-1])], -one.log_probability))
        order = {tuple(one.ids): n for n, one in enumerate(row)}
        rows.append(row)
    path = [*best, END]
    width = _APART * max(map(len, rows)) + 0.2
    height = _LEVEL * len(rows) + 1.0
    with drawing(width, height, inches=4.6) as ax:
        start = Point(width / 2, height - 0.45)
        box(ax, start, "START", EMBEDDING, width=1.6, height=0.6, size=9)
        places: dict[_Ids, Point] = {(): start}
        for level, row in enumerate(rows):
            left = width / 2 - _APART * (len(row) - 1) / 2
            for n, one in enumerate(row):
                place = Point(left + _APART * n, height - 0.6 - _LEVEL * (level + 1) + 0.2)
                places[tuple(one.ids)] = place
                last = level == len(rows) - 1
                kept = one.fate == "finished" or (one.fate == "open" and not last)
                ours = one.ids == path[: len(one.ids)]
                above = places[tuple(one.ids[:-1])]
                down = 0.3 if not level else _HEIGHT / 2
                arrow(
                    ax,
                    (above.x, above.y - down),
                    (place.x, place.y + _HEIGHT / 2),
                    colour=_BEST if ours else INK if kept else "0.6",
                    width=2.2 if ours else 1.0 if kept else 0.8,
                )
                fill = OUTPUT if one.fate == "finished" else _OPEN if kept else _DROPPED
                box(
                    ax,
                    place,
                    f"{_shown(one.ids[-1], symbols)}\n{_nats(one.log_probability)}",
                    fill,
                    width=_WIDTH,
                    height=_HEIGHT,
                    edge=_BEST if ours else INK if kept else "0.6",
                    line=1.6 if ours else 0.8,
                )
        return ax.figure


def _shown(token: int, symbols: Sequence[str]) -> str:
    # A dollar sign would begin a formula.
    return "END" if token == END else symbols[token].removesuffix(END_OF_WORD).replace("$", r"\$")


def _nats(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
