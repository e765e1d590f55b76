"""From a recipe to a record: the only place where a Lightning Trainer is made."""
