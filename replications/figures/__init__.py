"""What the chapters show: tables, curves and maps, made from records and trained models."""
