"""Search the segments of a generation: matching, ranking, filters, facets."""
