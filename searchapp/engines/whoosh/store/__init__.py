"""Store segments on disk: arrays, posting lists, stored articles, tables of a generation."""
