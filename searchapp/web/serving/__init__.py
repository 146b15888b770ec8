"""The frame around every request: access, headers, errors, log, metrics, the server process."""
