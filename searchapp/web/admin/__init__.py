"""The operator's pages under /quan-tri: behind a token, every change a file and a line in the journal."""
