"""From published files to rows: one parser a source."""
