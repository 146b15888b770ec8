"""Citations: find the documents that a text names, decide which documents these are, and whether they hold."""
