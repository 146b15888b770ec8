"""The archive for assistants: tools of the Model Context Protocol that answer with exact quotes and their places."""
