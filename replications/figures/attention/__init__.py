"""Where networks look: maps, patterns, and a page to step through."""
