"""Judged queries, simulated typists, and parity of engines."""
