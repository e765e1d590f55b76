"""A reader's own texts, in the forms that the chapters read."""
