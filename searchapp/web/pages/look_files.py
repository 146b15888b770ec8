"""The style sheet of the operator's colours, and the logo."""

from __future__ import annotations

from flask import Response, abort, make_response, send_file

from searchapp.look import LOGO_TYPES
from searchapp.web.request import Site

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
