"""One part taken out or changed at a time: what each variation costs, beside the paper's rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from IPython.display import Markdown

from replications.claims.intervals import interval
from replications.errors import ReplicationError
from replications.figures.markdown import table
from replications.figures.summaries import over_seeds
from replications.figures.tables import setting
from replications.recipes import Recipe
from replications.records import Number, Record


def ablation_table(
    records: Iterable[Record],
    base: tuple[str, Recipe],
    variations: Mapping[str, Recipe],
    *,
    settings: Mapping[str, str],
    metrics: Mapping[str, str],
    paper: Mapping[str, Mapping[str, Number]] | None = None,
    words: Mapping[str, str] | None = None,
) -> Markdown:
    """The base's scores, then a row for each variation: what changed, and what came of it.

    Source: Vaswani et al. 2017, table 3. `base` and `variations` name recipes. `settings` maps a
    setting's name to its path in the recipe, as `tables.setting` takes it; `words` says what a
    part is called, such as {"Learned": "learned"}. `metrics` maps a heading to a metric. `paper`
    maps a row's name to the paper's values by heading, of which those that are there are shown.

    A score is the mean over seeds ± half of the 95 % interval; a change is that of the differences
    to the base, seed by seed. Raises ReplicationError where a recipe differs from the base in what
    `settings` does not name, so that no difference stays hidden.
    """
    records = list(records)
    paper, words = paper or {}, words or {}
    base_name, original = base
    theirs = [heading for heading in metrics if any(heading in row for row in paper.values())]
    runs = _by_seed(records, original)
    rows = [
        (
            f"**{base_name}**",
            "as below",
            _parameters(runs),
            *(_score(runs, metric) for metric in metrics.values()),
            *(_papers(paper, base_name, base_name, heading) for heading in theirs),
        )
    ]
    for name, recipe in variations.items():
        varied = _by_seed(records, recipe)
        rows.append(
            (
                name,
                _changes(original, recipe, settings, words),
                _parameters(varied),
                *(_change(runs, varied, metric) for metric in metrics.values()),
                *(_papers(paper, base_name, name, heading) for heading in theirs),
            )
        )
    header = ("", "change", "parameters, millions", *metrics, *(f"paper: {h}" for h in theirs))
    whole = "; ".join(
        f"{n} {_value(original, dotted_name, words)}" for n, dotted_name in settings.items()
    )
    note = (
        f"{base_name}: {whole}. Its scores are means over the seeds ± half of the 95 % interval; "
        "those of the other rows are differences to it, ours taken seed by seed. A dash: not "
        "reported."
    )
    return table(header, rows, note)


def _by_seed(records: Sequence[Record], recipe: Recipe) -> dict[int, Record]:
    return {record.seed: record for record in records if record.recipe == recipe.name}


def _parameters(runs: Mapping[int, Record]) -> str:
    counts = {sum(run.parameters.values()) for run in runs.values()}
    return " to ".join(f"{count / 1e6:.2f}" for count in sorted({*counts})) or "–"


def _score(runs: Mapping[int, Record], metric: str) -> str:
    return over_seeds([run.metric(metric) for run in runs.values()]) if runs else "no records yet"


def _change(base: Mapping[int, Record], varied: Mapping[int, Record], metric: str) -> str:
    """The difference over the seeds that both have, with its sign."""
    shared = sorted(base.keys() & varied.keys())
    if not shared:
        return "no records yet"
    differences = [varied[seed].metric(metric) - base[seed].metric(metric) for seed in shared]
    if len(shared) == 1:
        return f"{_signed(differences[0], 1)} (one seed)"
    found = interval(differences)
    half = (found.high - found.low) / 2
    if half <= 1e-4 * abs(found.mean):
        # As in `over_seeds`: "± 0.00" would look like certainty.
        return f"{_signed(found.mean, 1)} (all alike)"
    decimals = 2 if half < 0.5 else 1
    # Spaces that do not break: a narrow column keeps a number whole.
    return f"{_signed(found.mean, decimals)}\u00a0±\u00a0{half:.{decimals}f}"


def _signed(value: Number, decimals: int) -> str:
    """With a true minus sign, and no sign where it rounds to zero."""
    text = f"{value:+.{decimals}f}"
    return text[1:] if float(text) == 0 else text.replace("-", "\N{MINUS SIGN}")


def _papers(paper: Mapping[str, Mapping[str, Number]], base: str, name: str, heading: str) -> str:
    """The paper's value in the base's row, and its difference to that in the others."""
    value, before = (paper.get(row, {}).get(heading) for row in (name, base))
    if value is None:
        return "–"
    printed = [f"{row[heading]:g}" for row in paper.values() if heading in row]
    decimals = max(len(text.partition(".")[2]) for text in printed)
    if name == base or before is None:
        return f"{value:.{decimals}f}"
    return _signed(value - before, decimals)


def _changes(
    base: Recipe, recipe: Recipe, settings: Mapping[str, str], words: Mapping[str, str]
) -> str:
    """The settings that differ. Raises ReplicationError for a difference that has no name."""
    named = {dotted_name.split(".")[-1] for dotted_name in settings.values()}
    for dotted_name in _differences(base.describe(), recipe.describe()):
        if not named & set(dotted_name):
            raise ReplicationError(
                f"{recipe.name!r} differs from {base.name!r} in {'.'.join(dotted_name)}, which no "
                "setting of this table names. Name it, or give recipes that differ less."
            )
    changed = [
        f"{name} {before} → {now}"
        for name, dotted_name in settings.items()
        for before, now in [(_value(base, dotted_name, words), _value(recipe, dotted_name, words))]
        if before != now
    ]
    return "; ".join(changed) or "nothing"


def _value(recipe: Recipe, dotted_name: str, words: Mapping[str, str]) -> str:
    try:
        value = setting(recipe, dotted_name)
    except KeyError:
        return "–"
    return words.get(value, value)


def _differences(one: object, other: object, dotted_name: tuple[str, ...] = ()) -> Iterator[tuple]:
    """The paths at which two descriptions differ, but for their metrics and texts."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            if dotted_name or key not in ("metrics", "texts"):
                yield from _differences(one.get(key), other.get(key), (*dotted_name, key))
    elif one != other:
        yield dotted_name
