"""Text → Citation: where a text names a document, and what stands around the name."""
