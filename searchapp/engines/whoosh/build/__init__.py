"""Build and check a generation: whole, or from the one before."""
