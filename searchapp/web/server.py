"""The process that serves: gunicorn with two threaded workers, waitress where there is no fork."""

from __future__ import annotations

import os
from typing import Any, Final

from flask import Flask

from searchapp.config import Settings
from searchapp.web import create_app

WORKERS: Final = 2
THREADS: Final = 8
GRACE: Final = 8  # seconds for requests in flight after SIGTERM
LINE_LIMIT: Final = 8190  # bytes of a request line: 512 Vietnamese letters need 4,600; longer is 414


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; requests in flight are finished first."""
    app = create_app(settings)
    if hasattr(os, "fork"):
        _gunicorn(app, settings)
    else:
        _waitress(app, settings)


def _gunicorn(app: Flask, settings: Settings) -> None:
    from gunicorn.app.base import BaseApplication  # not on every platform

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"{settings.host}:{settings.port}",
                "workers": WORKERS,
                "worker_class": "gthread",
                "threads": THREADS,
                "graceful_timeout": GRACE,
                "timeout": 30,
                "keepalive": 5,
                "limit_request_line": LINE_LIMIT,
                "loglevel": "warning",
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    Server().run()


def _waitress(app: Flask, settings: Settings) -> None:
    from waitress import serve as waitress_serve  # only where there is no fork

    waitress_serve(app, host=settings.host, port=settings.port, threads=WORKERS * THREADS)
