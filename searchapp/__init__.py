"""A search engine for archives of Vietnamese political documents."""

__version__ = "0.1.0"
