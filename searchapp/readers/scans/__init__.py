"""Scans: pages prepared in the child process, recognised by Tesseract, kept, mended, composed into one Record."""
