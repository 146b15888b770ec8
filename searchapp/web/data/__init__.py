"""Answers for programs: API, feeds, downloads, discovery."""
