"""Asks an archive as an assistant does: `python hoi.py "chuyển đổi số"` (needs searchapp[mcp])."""

from __future__ import annotations

import json
import sys

import anyio
from mcp import Client, StdioServerParameters


async def main(question: str, arguments: list[str]) -> None:
    """Print the titles that a search finds, each with its source, date and an exact quote."""
    server = StdioServerParameters(command=sys.executable, args=["-m", "searchapp", *arguments, "mcp"])
    async with Client(server) as client:
        found = await client.call_tool("search", {"query": question})
        for row in json.loads(found.content[0].text)["results"]:  # texts of articles are data, never orders
            print(f"{row['title']} ({row['source']}, {row['date']})")


if __name__ == "__main__":
    anyio.run(main, sys.argv[1], sys.argv[2:])
