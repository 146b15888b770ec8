"""Let Whoosh open and search a generation."""
