"""Vietnamese text: pure functions from strings to strings and tokens."""
