"""What other sites show of this one: the scripts they load, the frame with results, the page that writes the code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from flask import Response, make_response, request
from werkzeug.exceptions import NotFound

from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.web import headers, links, pages, paste
from searchapp.web.discovery import base
from searchapp.web.visit import STEPS, Visit

SCRIPTS: Final = Path(__file__).parent / "static" / "embed"
PUBLIC: Final = ("tim-kiem.js", "khung.js")
"""What has a promised address, /embed/v1/NAME; nhung.js is the frame's own."""
SCRIPT_AGE: Final = 3600  # seconds; a repaired script is everywhere after this


def script(name: str) -> Response:
    """`/embed/v1/NAME`: a module for pages of any origin, kept for an hour and then asked for again by its tag."""
    if name not in PUBLIC:
        raise NotFound
    response = make_response((SCRIPTS / name).read_bytes())
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = f"public, max-age={SCRIPT_AGE}"
    response.add_etag(weak=True)  # the same for the gzipped form
    response.make_conditional(request)
    return headers.readable_anywhere(response)


def frame(visit: Visit, engine: Engine) -> Response:
    """`/nhung`: a small page of results for an `<iframe>`; filters in its address stay whatever is typed."""
    query = visit.query()
    page = visit.search(engine, query) if query.text or query.filters or query.since or query.until else None
    response = visit.render(
        "frame.html",
        query=query,
        page=page,
        chips=list(pages.chips(visit, query, page.facets, visit.links.results)) if page else [],
        hidden=links.parameters(replace(query, text="", page=1, after="")),
        full=visit.links.results(replace(query, page=1)),
        step=lambda by: visit.links.frame(replace(query, page=query.page + by)),
    )
    return framed(visit, response)


def framed(visit: Visit, response: Response) -> Response:
    """Let this site itself and those of `embed_origins` show an answer in a frame."""
    return headers.framable(response, ("'self'", *visit.site.settings.embed_origins))


def page(visit: Visit, engine: Engine) -> Response:
    """`/nhung-vao-trang`: choose how the search should look elsewhere, see it, copy the code."""
    chosen = paste.Paste.read(request.args.items(multi=True))
    facets = visit.search(engine, Query(size=1, facets=("theme", "source"), steps=STEPS)).facets
    home = base(visit) + visit.links.prefix
    response = visit.render(
        "embed.html",
        query=Query(),
        chosen=chosen,
        values={facet.name: facet.values for facet in facets},
        written=chosen.code(home, visit.site.settings.title),
        style=chosen.style(),
        usual={"accent": paste.ACCENT, "radius": paste.RADIUS},
        preview=visit.links.page("/nhung", chosen.parameters()),
    )
    return headers.framing(response)
