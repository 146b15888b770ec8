"""The files of the site itself: its colours and logo, and the manifest that keeps it on a phone's screen."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Response, abort, make_response, send_file
from flask.json import dumps

from searchapp.config.look import LOGO_TYPES
from searchapp.engine import Engine
from searchapp.web.request import Site, Visit

_HOUR = "public, max-age=3600"


def sheet(site: Site) -> Response:
    """Return the colours of `[look]`."""
    response = make_response(site.settings.look.css())
    response.mimetype = "text/css"
    response.headers["Cache-Control"] = _HOUR
    return response


def logo(site: Site) -> Response:
    """Return the logo of `[look]`; 404 without one."""
    file = site.settings.look.logo
    if file is None or not file.is_file():
        abort(404)
    response: Response = send_file(file.resolve(), mimetype=LOGO_TYPES[file.suffix.lower()])
    response.headers["Cache-Control"] = _HOUR
    # An opened svg is a document of its own: nothing in it may run.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


_SIZES: Final = (192, 512)
_FAVICON: Final = Path(__file__).parents[1] / "static" / "icons" / "favicon.ico"


def manifest(visit: Visit, engine: Engine | None) -> Response:
    """`/site.webmanifest`."""
    settings, links = visit.site.settings, visit.links
    icons = [
        {"src": f"{links.prefix}/static/icons/{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        for size in _SIZES
    ]
    told = {
        "name": settings.title,
        "short_name": settings.title[:24],
        "lang": visit.lang,
        "start_url": links.page("/"),
        "scope": links.prefix + "/",
        "display": "browser",
        "background_color": "#fbfaf7",
        "theme_color": settings.look.accent or "#9f1d1d",
        "icons": icons,
    }
    response = make_response(dumps(told))
    response.mimetype = "application/manifest+json"
    return response


def favicon(visit: Visit, engine: Engine | None) -> Response:
    """`/favicon.ico`, which old browsers ask for without being told."""
    response = make_response(_FAVICON.read_bytes())
    response.mimetype = "image/x-icon"
    return response
