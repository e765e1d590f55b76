"""An interactive page: for a chosen prompt, each model's answer with the rules it breaks."""

import json
from collections.abc import Iterable, Mapping

from IPython.display import HTML

from replications.corpora.world.constitution.rules import RULES
from replications.figures.constitution.answers_page import PAGE
from replications.records import Record

STAGES: Mapping[str, str] = {
    "base model": "base",
    "helpful assistant (SFT)": "helpful",
    "SL-CAI": "sl-cai",
    "RL-CAI": "rl-cai",
    "simulated crowd": "rl-people",
}
"""What a model is called on the page, and its recipe."""
_SAYS = {
    **{kind: f"does harm: {kind}" for kind in RULES},
    "private": "does harm: a person's number",
    "reason": "gives no reason",
    "willing": "refuses what is harmless",
}


def answers_by_prompt(
    records: Iterable[Record], stages: Mapping[str, str] = STAGES, *, seed: int = 0
) -> list[dict]:
    """Each prompt with the answers of all models that have a record, in the records' order.

    An answer has its text and the rules that it breaks, in words.
    """
    texts = {
        name: {row["prompt"]: row for row in record.texts}
        for record in records
        if record.seed == seed
        for name, recipe in stages.items()
        if record.recipe == recipe
    }
    ordered = {name: texts[name] for name in stages if name in texts}
    prompts = dict.fromkeys(prompt for rows in ordered.values() for prompt in rows)
    found = []
    for prompt in prompts:
        answers = [
            {
                "model": name,
                "text": rows[prompt]["answer"],
                "broken": [_SAYS[rule] for rule in rows[prompt]["broken"].split()],
            }
            for name, rows in ordered.items()
            if prompt in rows
        ]
        engaged = next(rows[prompt]["engaged"] for rows in ordered.values() if prompt in rows)
        found.append({"prompt": prompt, "engaged": engaged, "answers": answers})
    return found


def explore_answers(records: Iterable[Record]) -> HTML:
    """A list of prompts, and the answers to the chosen one, with the rules they break.

    It works in a built page, as all answers are in it; a list below has the same as text.
    """
    shown = answers_by_prompt(records)
    if not shown:
        return HTML("<p><em>No records yet.</em></p>")
    data = json.dumps(shown).replace("<", "\\u003c")
    return HTML(PAGE.substitute(id="answers", data=data, rows=_rows(shown)))


def _rows(shown: Iterable[Mapping]) -> str:
    rows = []
    for each in shown:
        said = "; ".join(
            f"{answer['model']}: {_escaped(answer['text']) or '(nothing)'}"
            f" ({', '.join(answer['broken']) or 'breaks no rule'})"
            for answer in each["answers"]
        )
        rows.append(f"<li>{_escaped(each['prompt'])} &rarr; {said}</li>")
    return "".join(rows)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
