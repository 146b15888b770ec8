"""Scans: a child process prepares pages, Tesseract reads them, and mending composes them into one Record."""
