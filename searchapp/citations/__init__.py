"""Citations: what a text says of documents (grammar), which document is meant (registry), terms of office."""
