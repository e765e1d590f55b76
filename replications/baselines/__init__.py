"""What the papers are compared with: other people's implementations and plain methods."""
