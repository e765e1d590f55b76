"""Labels beside points that hide neither each other nor a point, and are not cut."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

# Pixels at 100 to the inch; scaled to the figure's.
_POINT, _NEAR, _FURTHER, _BETWEEN = 4.0, 7.0, 12.0, 3.0
_RINGS, _DIRECTIONS = 14, 16

# A label this close to another point might be taken for that point's; given up where it is crowded.
_CLEAR, _CLEAR_RINGS = 9.0, 3


def label_points(
    ax: Axes,
    coordinates: Float[np.ndarray, "point 2"],
    labels: Sequence[str],
    colours: Sequence[object],
    *,
    fontsize: float = 9,
) -> None:
    """Each label as near to its point as there is room, joined to it by a thin line.

    Call it last: the limits and the layout of the axes must stand. A point whose label finds no
    room within the axes has it right beside it.
    """
    figure = ax.figure
    # Where the points are is known only once the axes have their place.
    figure.draw_without_rendering()
    scale = figure.dpi / 100
    inside = ax.get_window_extent().frozen()
    points = ax.transData.transform(coordinates)
    dots = [Bbox([point, point]).padded(_POINT * scale) for point in points]
    written: list[Bbox] = []
    for number, (point, label, colour) in enumerate(zip(points, labels, colours, strict=True)):
        text = ax.annotate(
            label,
            coordinates[number],
            (0, 0),
            textcoords="offset pixels",
            fontsize=fontsize,
            color=colour,
            ha="center",
            va="center",
            linespacing=1.05,
        )
        size = text.get_window_extent()
        others = [*dots[:number], *dots[number + 1 :]]
        offset, box = _room(point, (size.width, size.height), others, written, inside, scale)
        text.set_position(tuple(offset))
        written.append(box.padded(_BETWEEN * scale))
        half = np.array(box.size) / 2
        ax.annotate(
            "",
            coordinates[number],
            tuple(np.clip(0, offset - half, offset + half)),
            textcoords="offset pixels",
            arrowprops={"arrowstyle": "-", "color": "0.6", "lw": 0.7, "shrinkA": 1, "shrinkB": 3},
        )


def _room(
    point: Float[np.ndarray, " 2"],
    size: tuple[float, float],
    dots: Sequence[Bbox],
    written: Sequence[Bbox],
    inside: Bbox,
    scale: float,
) -> tuple[Float[np.ndarray, " 2"], Bbox]:
    """Where a box of that size is free: its middle from the point, and the box, in pixels."""
    tries = []
    for ring, turn in itertools.product(range(_RINGS), range(_DIRECTIONS)):
        angle = 2 * math.pi * turn / _DIRECTIONS
        direction = np.array([math.cos(angle), math.sin(angle)])
        # The nearer edge of the box stands as far from the point in each direction.
        edge = np.array(size) / 2 + scale * (_NEAR + ring * _FURTHER)
        offset = direction * edge / max(abs(direction))
        tries.append((offset, Bbox.from_bounds(*(point + offset - np.array(size) / 2), *size)))
    for clear, rings in ((_CLEAR * scale, _CLEAR_RINGS), (0.0, _RINGS)):
        taken = [*(dot.padded(clear) for dot in dots), *written]
        for offset, box in tries[: rings * _DIRECTIONS]:
            if _lies_in(box, inside) and not any(box.overlaps(other) for other in taken):
                return offset, box
    return tries[0]


def _lies_in(box: Bbox, outer: Bbox) -> bool:
    across = outer.x0 <= box.x0 and box.x1 <= outer.x1
    return bool(across and outer.y0 <= box.y0 and box.y1 <= outer.y1)
