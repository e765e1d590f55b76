"""Stops that end no sentence, for patterns that look for those that do."""

TITLES = ("Mr", "Mrs", "Ms", "Dr", "St")

NO_TITLE = "".join(rf"(?<!\b{title}\.)" for title in TITLES)
"""Behind the stop in a regular expression: it is not that of a title."""
