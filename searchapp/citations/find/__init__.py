"""Text → Citation: find the places where a text names a document, and the words around the name."""
