"""Full stops that end no sentence, for regular expressions that split sentences."""

TITLES = ("Mr", "Mrs", "Ms", "Dr", "St")

NO_TITLE = "".join(rf"(?<!\b{title}\.)" for title in TITLES)
"""After a full stop in a regular expression: the stop is not that of a title."""
