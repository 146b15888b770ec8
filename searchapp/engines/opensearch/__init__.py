"""OpenSearch as an engine: the same token streams in, the same data out, for collections that outgrow one machine."""
