"""One reader per format: `read(path)` yields Records."""
