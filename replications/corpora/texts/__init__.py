"""The data of the chapters: documents, pairs, questions and labelled texts from prepared rows."""
