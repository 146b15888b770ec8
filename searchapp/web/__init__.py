"""The web front end; `create_app` is the factory."""
