"""Structures that the reader can rotate: one piece of HTML that needs no network."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
from IPython.display import HTML

from replications.errors import ReplicationError
from replications.figures.proteins.structure_page import PAGE
from replications.metrics.protein.structures import points_of


def structure_view(chains: Sequence[Mapping], *, description: str) -> HTML:
    """True and predicted alpha carbons, superposed, to be rotated by dragging or by arrow keys.

    `chains` are the rows that `shown_structures` gives: a name, the RMSD in angstrom, and the
    points of `true` and `predicted`, `written`. The first residue has a dot. A button mirrors the
    prediction. `description` is the text alternative.

    Raises ReplicationError where there is no chain.
    """
    if not chains:
        raise ReplicationError("There is no structure to show: give at least one chain.")
    shown = [_centred(chain) for chain in chains]
    # No tag can end the script early.
    payload = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    names = "".join(f"<option>{escape(chain['name'])}</option>" for chain in shown)
    return HTML(
        PAGE.substitute(
            id="structure-" + hashlib.sha256(payload.encode()).hexdigest()[:10],
            description=escape(description, quote=True),
            options=names,
            told=escape(shown[0]["told"]),
            data=payload,
        )
    )


def _centred(chain: Mapping) -> dict:
    true, predicted = (points_of(chain[name]) for name in ("true", "predicted"))
    centre = true.mean(0)
    radius = max(float(np.linalg.norm(each - centre, axis=-1).max()) for each in (true, predicted))
    return {
        "name": chain["name"],
        "radius": round(max(radius, 1.0), 1),
        "true": (true - centre).round(1).tolist(),
        "predicted": (predicted - centre).round(1).tolist(),
        "told": f"{chain['name']}: {len(true)} residues, {chain['rmsd']:.1f} Å RMSD after "
        "superposition. Drag, or use the arrow keys, to turn it.",
    }
