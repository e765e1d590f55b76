"""What the chapters show: tables, curves and maps, made from records and trained models."""

import warnings

# In Jupyter, tqdm asks for a widget package as soon as it is imported; no chapter shows its bars.
warnings.filterwarnings("ignore", message="IProgress not found")
