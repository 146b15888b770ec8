"""Serve the tools by the Model Context Protocol, with the official SDK: over stdio, or HTTP on loopback."""

from __future__ import annotations

import hmac
import json
import math
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from limits import parse_many
from limits.strategies import FixedWindowRateLimiter

from searchapp import __version__
from searchapp.assistants import UNTRUSTED, Tools
from searchapp.assistants.quoting import MAX_BODY_BYTES, Json
from searchapp.config import LOOPBACK, Settings
from searchapp.engine import Engine
from searchapp.errors import BadQueryError, MissingExtraError, SearchappError
from searchapp.web.serving.access import SteadyStorage

if TYPE_CHECKING:
    from mcp.server import MCPServer

_INSTRUCTIONS: Final = (
    "An archive of Vietnamese political documents. Search it, read what is found, and answer with quotes from it: "
    "say title, source, date and url of each. Where it holds nothing, say so. "
)
Scope = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_App = Callable[[Scope, _Receive, Send], Awaitable[None]]


def assistant_server(engine: Callable[[], Engine], settings: Settings) -> MCPServer[Any]:
    """Return the server with all tools and resources. Raises MissingExtraError, IndexProblemError."""
    try:
        import anyio
        from mcp.server import MCPServer
        from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
        from mcp.server.stdio import stdio_server
        from mcp.shared.message import SessionMessage
        from mcp.types import ErrorData, JSONRPCError, ToolAnnotations
        from pydantic import ValidationError
    except ImportError:
        raise MissingExtraError("assistants need the MCP SDK: pip install 'searchapp[mcp]'") from None

    class Server(MCPServer[Any]):
        async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
            """Call a tool; arguments of another name or shape give an error of one line.

            An argument that is none may be a filter: the answer without it would be another question's.
            """
            if name in known and (strange := sorted(set(arguments) - set(known[name]))):
                raise ToolError(f"{strange[0][:60]!r} is no argument of {name}: use {', '.join(known[name])}")
            try:
                return await super().call_tool(name, arguments, context)
            except ToolError as error:
                if not isinstance(error.__cause__, ValidationError):
                    raise
                first = error.__cause__.errors()[0]
                raise ToolError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None

        async def list_tools(self) -> list[Any]:
            """Return the tools, each with a schema that allows no other argument."""
            tools = await super().list_tools()
            for tool in tools:
                tool.input_schema["additionalProperties"] = False
            return tools

        async def run_stdio_async(self) -> None:
            """Serve standard input; a line that is no message is answered, as over HTTP, or its sender would wait."""
            async with stdio_server() as (lines, answers):
                heard, messages = anyio.create_memory_object_stream[Any](0)

                async def hear() -> None:
                    async with heard:
                        async for one in lines:
                            if not isinstance(one, Exception):
                                await heard.send(one)
                            elif (said := _refusal(one)) is not None:
                                wrong = ErrorData(code=said.code, message=said.message)
                                refused = JSONRPCError(jsonrpc="2.0", id=said.ident, error=wrong)
                                await answers.send(SessionMessage(refused))

                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(hear)
                    options = self._lowlevel_server.create_initialization_options()
                    await self._lowlevel_server.run(messages, answers, options)
                    tasks.cancel_scope.cancel()

    def told(tool: Callable[..., Json]) -> Callable[..., Json]:
        @wraps(tool)
        def call(*args: Any, **kwargs: Any) -> Json:
            try:
                return tool(*args, **kwargs)
            except SearchappError as error:
                raise ToolError(error.english if isinstance(error, BadQueryError) else str(error)) from None

        return call

    tools = Tools(engine, settings)
    known = {tool.__name__: tuple(signature(tool).parameters) for tool in tools.all()}
    server = Server(
        "searchapp", title=settings.title, version=__version__, instructions=_INSTRUCTIONS + UNTRUSTED,
        log_level="WARNING",
    )  # fmt: skip
    for tool in tools.all():
        description = "\n".join(line.strip() for line in f"{tool.__doc__}".splitlines()).strip()
        hints = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
        server.add_tool(told(tool), description=f"{description}\n\n{UNTRUSTED}", annotations=hints)

    @server.resource(
        "searchapp://article/{key}", name="article", description=f"An article by its id. {UNTRUSTED}",
        mime_type="text/plain",
    )  # fmt: skip
    def article(key: str) -> str:
        try:
            return tools.article_text(key)
        except SearchappError as error:
            raise ResourceNotFoundError(str(error)) from None

    return server


class _Refusal(NamedTuple):
    ident: int | str | None
    code: int
    message: str


_NOT_JSON: Final = -32700
_NO_MESSAGE: Final = -32600


def _refusal(error: Exception) -> _Refusal | None:
    """Return what to answer to a line that is no message, with the id that it may have; None for an empty line."""
    errors: list[dict[str, Any]] = error.errors() if hasattr(error, "errors") else []
    line = next((one["input"] for one in errors if one["type"] == "json_invalid"), None)
    if line is not None and not str(line).strip():
        return None
    try:  # a surrogate alone is JSON for others than the SDK
        sent = json.loads(line) if line is not None else None
    except (ValueError, RecursionError):
        sent = None
    whole = [sent, *(one["input"] for one in errors if one["type"] == "missing")]  # a response misses its result
    idents = (one.get("id") for one in whole if isinstance(one, dict))
    ident = next((one for one in idents if isinstance(one, int | str) and not isinstance(one, bool)), None)
    if line is not None:
        return _Refusal(ident, _NOT_JSON, "not JSON: send one message of JSON-RPC 2.0 a line, in UTF-8")
    return _Refusal(ident, _NO_MESSAGE, "no request of JSON-RPC 2.0: send jsonrpc, id, method and params (an object)")


def serve_stdio(engine: Callable[[], Engine], settings: Settings) -> None:
    """Answer the program that started this one; it can read the index anyway, so it needs no token."""
    assistant_server(engine, settings).run("stdio")


def serve_http(engine: Callable[[], Engine], settings: Settings, port: int) -> None:
    """Answer programs of this machine at http://127.0.0.1:port/mcp, with the read token where the archive has one."""
    server = assistant_server(engine, settings)
    import uvicorn  # the SDK brings it

    app: _App = server.streamable_http_app(stateless_http=True, max_request_body_size=MAX_BODY_BYTES, host=LOOPBACK)
    limited = _limited(app, settings.rate_limit)
    uvicorn.run(_guarded(limited, settings.read_token), host=LOOPBACK, port=port, log_level="warning")


def _limited(app: _App, rates: str) -> _App:
    """An application that answers 429 to more than `rate_limit` allows; this machine is one client."""
    if not rates:
        return app
    counts, allowed = FixedWindowRateLimiter(SteadyStorage()), parse_many(rates)

    async def limit(scope: Scope, receive: _Receive, send: Send) -> None:
        if scope["type"] == "http":
            for rate in allowed:
                if not counts.hit(rate, "assistants"):
                    left = max(1, math.ceil(counts.get_window_stats(rate, "assistants").reset_time - time.time()))
                    await _refuse(send, 429, b"too many requests\n", (b"retry-after", str(left).encode()))
                    return
        await app(scope, receive, send)

    return limit


async def _refuse(send: Send, status: int, text: bytes, *headers: tuple[bytes, bytes]) -> None:
    said = [(b"content-type", b"text/plain"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": said})
    await send({"type": "http.response.body", "body": text})


def _guarded(app: _App, token: str) -> _App:
    """Return an application that answers 401 without the read token as bearer, where the archive has one."""
    if not token:
        return app

    async def guard(scope: Scope, receive: _Receive, send: Send) -> None:
        if scope["type"] == "http":
            sent = dict(scope["headers"]).get(b"authorization", b"")
            kind, _, said = sent.partition(b" ")
            if kind.lower() != b"bearer" or not hmac.compare_digest(said.strip(), token.encode()):
                await _refuse(send, 401, b"send the read token as bearer\n", (b"www-authenticate", b"Bearer"))
                return
        await app(scope, receive, send)

    return guard
