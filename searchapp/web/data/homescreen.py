"""What a phone needs to keep the site on its screen: the manifest; its icons are static files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Response, make_response
from flask.json import dumps

from searchapp.engine import Engine
from searchapp.web.request import Visit

_SIZES: Final = (192, 512)
_FAVICON: Final = Path(__file__).parents[1] / "static" / "icons" / "favicon.ico"


def manifest(visit: Visit, engine: Engine) -> Response:
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
        "theme_color": "#9f1d1d",
        "icons": icons,
    }
    response = make_response(dumps(told))
    response.mimetype = "application/manifest+json"
    return response


def favicon(visit: Visit, engine: Engine) -> Response:
    """`/favicon.ico`, which old browsers ask for without being told."""
    response = make_response(_FAVICON.read_bytes())
    response.mimetype = "image/x-icon"
    return response
