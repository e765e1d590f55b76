"""Attention to step through by layer and head: one piece of HTML that needs no network."""

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import torch
from IPython.display import HTML
from jaxtyping import Float
from torch import Tensor

from replications.decoding.inference import device_of
from replications.decoding.translation import translate
from replications.errors import ReplicationError
from replications.figures.attention.stepper_page import CELL, LETTER, PAGE
from replications.models.attention_maps import AttentionMaps, record_attention
from replications.models.transformer import Transformer
from replications.tokens.bpe import END_OF_WORD
from replications.tokens.languages import Languages
from replications.tokens.marked_words import JOINER
from replications.tokens.special import END, SPECIAL

# As in the tables of merges.
_END_SHOWN, _JOINER_SHOWN = "·", "▪"


@dataclass(frozen=True)
class _Kind:
    """One of the three kinds of attention. `following` is what comes after each row's token."""

    name: str
    weights: Float[Tensor, "layer head row column"]
    rows: Sequence[str]
    columns: Sequence[str]
    following: Sequence[str] | None = None
    causal: bool = False


def step_through_translation(
    model: Transformer,
    languages: Languages,
    source: str,
    target: str | None = None,
    *,
    description: str = "",
) -> HTML:
    """`step_through_attention` for a text and its translation: the model's own by default.

    Unknown words are allowed. Raises ReplicationError for a translation without words.
    """
    if target is None:
        (target,) = translate(model, languages, [source], unknown_allowed=True)
    if not target.strip():
        raise ReplicationError(f"The model's translation of {source!r} has no words.")
    read = languages.encode_source(source, unknown_allowed=True)
    written = languages.encode_target(target, unknown_allowed=True)[:-1]
    device = device_of(model)
    maps = record_attention(
        model, torch.tensor(read, device=device), torch.tensor(written, device=device)
    )
    return step_through_attention(
        maps,
        [languages.source.symbols[number] for number in read],
        [languages.target.symbols[number] for number in written],
        description=description or f"Attention while “{source}” is translated as “{target}”.",
    )


def step_through_attention(
    maps: AttentionMaps, source: Sequence[str], target: Sequence[str], *, description: str
) -> HTML:
    """Maps of weights with buttons for the kind of attention, the layer and the head.

    `target` are the tokens that the decoder reads, of which BEGIN is the first. `description` is
    the text alternative; below the map stands as text what each token attends to most. Before any
    script has run, the last layer's attention to the source is drawn, heads averaged.

    Raises ReplicationError where weights and tokens do not fit.
    """
    source, target = _shown(source), _shown(target)
    following = [*target[1:], SPECIAL[END]]
    kinds = (
        _Kind("decoder to source", maps.cross, target, source, following),
        _Kind("within encoder", maps.encoder, source, source),
        _Kind("within decoder", maps.decoder_self, target, target, following, causal=True),
    )
    for kind in kinds:
        expected = (len(kind.rows), len(kind.columns))
        if kind.weights.shape[2:] != expected:
            raise ReplicationError(
                f"Attention {kind.name} has weights of shape {tuple(kind.weights.shape[2:])}, but "
                f"there are {expected[0]} by {expected[1]} tokens."
            )
    # No tag can end the script early.
    payload = json.dumps([_payload(kind) for kind in kinds], ensure_ascii=False)
    payload = payload.replace("<", "\\u003c")
    identity = "attention-" + hashlib.sha256(payload.encode()).hexdigest()[:10]
    drawn = kinds[0]
    top, side = _room(drawn.columns), _room(drawn.rows)
    height = top + CELL * len(drawn.rows) + 2
    return HTML(
        PAGE.substitute(
            id=identity,
            description=escape(description, quote=True),
            choices=_choices(identity, kinds),
            names=_names(drawn.rows, top, side),
            names_size=f'width="{side}" height="{height}"',
            cells=_cells(drawn, top),
            cells_size=f'width="{CELL * len(drawn.columns) + 2}" height="{height}"',
            note=_note([*source, *target]),
            text=_as_text(kinds),
            data=payload,
            cell=CELL,
            letter=LETTER,
        )
    )


def _shown(symbols: Iterable[str]) -> list[str]:
    return [s.replace(END_OF_WORD, _END_SHOWN).replace(JOINER, _JOINER_SHOWN) for s in symbols]


def _payload(kind: _Kind) -> dict:
    """A byte a weight: 255 steps are finer than a shade can show."""
    steps = (kind.weights.float().cpu() * 255).round().to(torch.uint8).contiguous()
    return {
        "rows": list(kind.rows),
        "columns": list(kind.columns),
        "next": None if kind.following is None else list(kind.following),
        "causal": kind.causal,
        "heads": kind.weights.shape[1],
        "weights": base64.b64encode(steps.numpy().tobytes()).decode("ascii"),
    }


def _choices(identity: str, kinds: Sequence[_Kind]) -> str:
    layers, heads = kinds[0].weights.shape[:2]
    numbers = [(layer, str(layer + 1)) for layer in range(layers)]
    return "\n".join(
        (
            _choice(identity, "kind", list(enumerate(kind.name for kind in kinds)), 0),
            _choice(identity, "layer", numbers, layers - 1),
            _choice(identity, "head", [(-1, "mean"), *((h, str(h + 1)) for h in range(heads))], -1),
        )
    )


def _choice(identity: str, of: str, options: Sequence[tuple[int, str]], chosen: int) -> str:
    labels = "".join(
        f'<label><input type="radio" name="{identity}-{of}" data-of="{of}" value="{value}"'
        f"{' checked' if value == chosen else ''}><span>{escape(name)}</span></label>"
        for value, name in options
    )
    heading = {"kind": "Attention", "layer": "Layer", "head": "Head"}[of]
    return f"<fieldset><legend>{heading}</legend>{labels}</fieldset>"


def _room(words: Sequence[str]) -> int:
    return int(LETTER * max(map(len, words))) + 11


def _names(words: Sequence[str], top: int, side: int) -> str:
    return "".join(
        f'<text x="{side - 6}" y="{top + CELL * (row + 0.68):.1f}" text-anchor="end">'
        f"{escape(word)}</text>"
        for row, word in enumerate(words)
    )


def _cells(kind: _Kind, top: int) -> str:
    marks = [
        f'<text transform="translate({CELL * column + CELL / 2 + 5:.0f},{top - 6}) rotate(-90)">'
        f"{escape(word)}</text>"
        for column, word in enumerate(kind.columns)
    ]
    for row, weights in enumerate(kind.weights[-1].mean(0).tolist()):
        marks += [
            f'<rect x="{1 + CELL * column}" y="{top + CELL * row}" width="{CELL}" '
            f'height="{CELL}" fill-opacity="{weight:.3f}"/>'
            for column, weight in enumerate(weights)
        ]
    return "".join(marks)


def _note(tokens: Sequence[str]) -> str:
    meanings = {_END_SHOWN: "ends a word", _JOINER_SHOWN: "is glued to the neighbour"}
    met = [
        f"{sign} {meaning}"
        for sign, meaning in meanings.items()
        if any(sign in token for token in tokens)
    ]
    return f"<p>{'; '.join(met)}.</p>" if met else ""


def _as_text(kinds: Sequence[_Kind]) -> str:
    parts = []
    for kind in kinds:
        for layer, weights in enumerate(kind.weights.mean(1), 1):
            best, columns = weights.max(-1)
            items = "".join(
                f"<li><b>{escape(row)}</b>: {escape(kind.columns[column])} {weight:.2f}</li>"
                for row, column, weight in zip(
                    kind.rows, columns.tolist(), best.tolist(), strict=True
                )
            )
            parts.append(f"<p>Attention {kind.name}, layer {layer}</p><ul>{items}</ul>")
    return "".join(parts)
