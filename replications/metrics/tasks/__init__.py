"""Measures of what a network was trained or asked to tell: classes and numbers."""
