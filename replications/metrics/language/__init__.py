"""Metrics of language models: the likelihood of text, and zero-shot and few-shot tasks."""
