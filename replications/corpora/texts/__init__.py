"""What a chapter reads: documents, pairs, questions and labelled texts from prepared rows."""
