"""How harmless and helpful answers are under the constitution, and how good its critics are."""
