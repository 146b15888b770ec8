"""The child process that reads foreign files: parent, child, limits, protocol."""
