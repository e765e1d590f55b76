"""Instructions with the answers that they ask for."""
