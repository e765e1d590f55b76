"""The runs of a sweep for figures: training curves by recipe, all seeds."""

from collections.abc import Collection, Iterable

from replications.claims.measures.accounting import CHINCHILLA, Accounting, course_of
from replications.fits.sweep import Course
from replications.records import Record


def recorded_courses(
    records: Iterable[Record],
    recipes: Collection[str],
    name: str,
    accounting: Accounting = CHINCHILLA,
) -> list[Course]:
    """A course for each record of the recipes that came to a result, of every seed."""
    return [
        course_of(record, name, accounting)
        for record in records
        if record.recipe in recipes and not record.failed
    ]
