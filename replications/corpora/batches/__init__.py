"""LightningDataModules: texts and a tokenizer to batches of ids."""
