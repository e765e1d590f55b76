"""Words that people have labelled, sentence by sentence."""
