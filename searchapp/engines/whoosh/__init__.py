"""The embedded engine: Whoosh segments with columnar postings, searched over arrays."""
