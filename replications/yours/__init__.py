"""The chapters' models on a reader's own text: recipes, and trained models to be queried."""
