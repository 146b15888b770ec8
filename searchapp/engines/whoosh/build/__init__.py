"""A generation is built and checked: whole, or out of the one before."""
