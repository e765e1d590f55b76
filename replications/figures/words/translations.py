"""Translations to read: each sentence with its reference and the model's translation."""

import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from string import Template

from IPython.display import HTML

from replications.errors import ReplicationError

_LINES = ("source", "reference", "hypothesis")

_PAGE = Template(r"""<div class="translations" id="$id">
<style>
#$id {
  --ink: var(--pst-color-text-base, var(--jp-content-font-color1, #222));
  --soft: var(--pst-color-border, var(--jp-border-color1, #bbb));
  --faint: var(--pst-color-text-muted, var(--jp-content-font-color2, #666));
  color: var(--ink); font-size: 0.95rem; margin: 0;
}
/* The theme lays a light sheet behind HTML outputs in the dark; this one follows the page. */
html[data-theme="dark"] .bd-content div.cell_output .text_html:has(> #$id) {
  background: transparent; color: inherit; padding: 0;
}
#$id dl { display: grid; grid-template-columns: 5.8rem minmax(0, 1fr);
  gap: 0.1rem 0.8rem; margin: 0; padding: 0.6rem 0; border-top: 1px solid var(--soft); }
#$id dl:last-of-type { border-bottom: 1px solid var(--soft); }
#$id dt { font-weight: normal; color: var(--faint); }
#$id dd { margin: 0; overflow-wrap: anywhere; }
#$id .hypothesis { font-weight: bold; }
#$id p { color: var(--faint); margin: 0.5rem 0 0; }
@media (max-width: 600px) { #$id { font-size: 0.85rem; } }
</style>
$examples
<p>$note</p>
</div>""")


def translation_table(
    rows: Iterable[Mapping[str, object]],
    *,
    names: tuple[str, str, str] = ("source", "reference", "ours"),
    languages: tuple[str, str] = ("en", "de"),
    score: str = "chrF",
    note: str = "Chosen by rule: the worst to the best of the test sentences, by chrF.",
) -> HTML:
    """Each row's source, reference, hypothesis and score on lines of their own, worst to best.

    Rows are those of `translations_to_show`, as a record keeps them. `names` head the three lines;
    `languages` are BCP 47 tags, so that a screen reader reads each in its language.

    Raises ReplicationError for a row that lacks one of its parts.
    """
    source, target = languages
    examples = []
    for number, row in enumerate(rows, 1):
        if missing := [part for part in (*_LINES, "score") if part not in row]:
            raise ReplicationError(f"Translation {number} lacks its {' and '.join(missing)}.")
        lines = []
        for part, name, tongue in zip(_LINES, names, (source, target, target), strict=True):
            text = escape(str(row[part])) or "(nothing)"
            if part == "hypothesis":
                name = f"{name} ({row['score']:.0f})"
            lines.append(f'<dt>{escape(name)}</dt><dd class="{part}" lang="{tongue}">{text}</dd>')
        examples.append(f"<dl>{''.join(lines)}</dl>")
    if not examples:
        note = "No translations were recorded."
    else:
        note = f"In brackets: {escape(score)} in percent. {escape(note)}"
    body = "\n".join(examples)
    identity = "translations-" + hashlib.sha256((body + note).encode()).hexdigest()[:10]
    return HTML(_PAGE.substitute(id=identity, examples=body, note=note))
