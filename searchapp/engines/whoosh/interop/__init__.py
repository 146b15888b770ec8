"""What lets Whoosh open and search a generation."""
