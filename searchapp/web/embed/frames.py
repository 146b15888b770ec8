"""The scripts that other sites load, the frame with results, and the page that writes the code to paste."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Final

from flask import Response, make_response, request
from werkzeug.exceptions import NotFound

from searchapp.engine import Engine
from searchapp.query import STEPS, Query
from searchapp.search import search
from searchapp.web import links
from searchapp.web.links import Lang, Links, Pairs
from searchapp.web.pages import results
from searchapp.web.request import Visit
from searchapp.web.serving import headers

_SCRIPTS: Final = Path(__file__).parents[1] / "static" / "embed"
PUBLIC: Final = ("tim-kiem.js", "khung.js")
"""Files with a promised address, /embed/v1/NAME; nhung.js belongs to the frame."""
_SCRIPT_AGE: Final = 3600  # seconds; after this a repaired script has reached everybody


def script(name: str) -> Response:
    """Return `/embed/v1/NAME`: a module for pages of any origin. Browsers keep it for an hour, then ask again by its
    tag.
    """
    if name not in PUBLIC:
        raise NotFound
    response = make_response((_SCRIPTS / name).read_bytes())
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = f"public, max-age={_SCRIPT_AGE}"
    response.add_etag(weak=True)  # the same for the gzipped form
    response.make_conditional(request)
    return headers.readable_anywhere(response)


def frame(visit: Visit, engine: Engine) -> Response:
    """Return `/nhung`: a small page of results for an `<iframe>`; filters in its address stay, whatever the visitor
    types.
    """
    query = visit.query()
    page = search(engine, query) if query.text or query.filters or query.since or query.until else None
    response = visit.render(
        "frame.html",
        query=query,
        page=page,
        chips=list(results.chips(visit, query, page.facets, visit.links.results)) if page else [],
        hidden=links.parameters(replace(query, text="", page=1, after="")),
        full=visit.links.results(replace(query, page=1)),
        step=lambda by: visit.links.frame(replace(query, page=query.page + by)),
    )
    return framed(visit, response)


def framed(visit: Visit, response: Response) -> Response:
    """Let this site itself and those of `embed_origins` show an answer in a frame."""
    return headers.framable(response, ("'self'", *visit.site.settings.embed_origins))


def page(visit: Visit, engine: Engine | None) -> Response:
    """Return `/nhung-vao-trang`: a page to choose the look of an embedded search, see it and copy the code."""
    chosen = Paste.read(request.args.items(multi=True))
    facets = search(engine, Query(size=1, facets=("theme", "source"), steps=STEPS)).facets if engine else ()
    home = visit.base() + visit.links.prefix
    response = visit.render(
        "embed.html",
        query=Query(),
        chosen=chosen,
        values={facet.name: facet.values for facet in facets},
        written=chosen.code(home, visit.site.settings.title),
        style=chosen.style(),
        usual={"accent": ACCENT, "radius": RADIUS},
        preview=visit.links.page("/nhung", chosen.parameters()),
    )
    return headers.framing(response)


FORMS: Final = ("the", "khung")
"""The element `<tim-kiem>`, or a frame."""
MODES: Final = ("goi-y", "ket-qua", "danh-sach", "dialog")
"""Modes of the element: a box with suggestions, a box with results in place, results alone."""
_SCHEMES: Final = ("", "sang", "toi")
MAX_WORDS: Final = 100
ACCENT, RADIUS = "#9f1d1d", "8"
"""The mode that the element has without a choice."""
_FRAME_HEIGHT: Final = 600  # pixels, until the frame tells its height
LOCKS: Final = {"document": "van-ban", "theme": "chu-de", "source": "nguon"}
"""Facet → attribute of `<tim-kiem>` that locks it; several values are joined by "|"."""
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_PIXELS: Final = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paste:
    """The choices for the code. query: the locked filters and dates, and for results alone the words."""

    form: str = FORMS[0]
    mode: str = MODES[0]
    lang: Lang = "vi"
    scheme: str = ""
    placeholder: str = ""
    accent: str = ""
    radius: str = ""
    query: Query

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, str]]) -> Paste:
        """Return the choices in the parameters of the page; raises BadQueryError for meaningless ones."""
        given = list(pairs)
        one = {name: value.strip() for name, value in reversed(given) if value.strip()}
        return cls(
            form=links.read_choice(given, "dang", FORMS),
            mode=links.read_choice(given, "kieu", MODES),
            lang=links.read_choice(given, "ngon_ngu", links.LANGS),
            scheme=links.read_choice(given, "giao_dien", _SCHEMES),
            placeholder=links.read_words(given, "cho_trong", MAX_WORDS),
            accent=_unusual(one.get("mau", "").lower(), ACCENT, _COLOUR),
            radius=_unusual(one.get("bo", ""), RADIUS, _PIXELS),
            query=links.read(given),
        )

    def attributes(self) -> Pairs:
        """Return the attributes of the element, without `api`."""
        pairs = [
            ("mode", "" if self.mode == MODES[0] else self.mode),
            ("lang", "" if self.lang == "vi" else self.lang),
            ("giao-dien", self.scheme),
            ("placeholder", self.placeholder),
            ("q", self.query.text if self.mode == "danh-sach" else ""),
            *((name, "|".join(self.query.filters.get(facet, ()))) for facet, name in LOCKS.items()),
            ("tu", self.query.since),
            ("den", self.query.until),
        ]
        return [(name, value) for name, value in pairs if value]

    def locked(self) -> Pairs:
        """Return the locks as parameters of a result page."""
        kept = {facet: values for facet, values in self.query.filters.items() if facet in LOCKS}
        return links.parameters(Query(filters=kept, since=self.query.since, until=self.query.until))

    def parameters(self) -> Pairs:
        """Return words and locks, as parameters of the frame."""
        return [*([("q", self.query.text)] if self.query.text else []), *self.locked()]

    def code(self, home: str, title: str) -> str:
        """Return the code to paste. home: the address of this site, with its host, without a slash at the end."""
        if self.form == "khung":
            url = home + Links("", self.lang).page("/nhung", self.parameters())
            shown = {"src": url, "title": title, "width": "100%", "height": _FRAME_HEIGHT, "loading": "lazy"}
            return f"<iframe{_written(shown.items())}></iframe>\n{_script(home, 'khung')}"
        fields = "".join(f'<input type="hidden"{_written((("name", n), ("value", v)))}>' for n, v in self.locked())
        label, go = ("Tìm kiếm", "Tìm") if self.lang == "vi" else ("Search", "Search")
        return "\n".join(
            [
                _script(home, "tim-kiem"),
                f"<tim-kiem{_written([('api', home), *self.attributes()])}>",
                f'  <form action="{escape(home)}/tim-kiem" role="search"><label>{label} <input name="q" type="search">'
                f"</label>{fields}<button>{go}</button></form>",
                "</tim-kiem>",
            ]
        )

    def style(self) -> str:
        """Return the rules for the host's style sheet, "" without a choice."""
        radius = f"{self.radius}px" if self.radius else ""
        rules = [("--tim-kiem-accent", self.accent), ("--tim-kiem-radius", radius)]
        told = " ".join(f"{name}: {value};" for name, value in rules if value)
        return f"tim-kiem {{ {told} }}" if told and self.form == "the" else ""


def _unusual(value: str, usual: str, form: re.Pattern[str]) -> str:
    return value if value != usual and form.fullmatch(value) else ""


def _script(home: str, name: str) -> str:
    return f'<script type="module" src="{escape(home)}/embed/v1/{name}.js"></script>'


def _written(attributes: Iterable[tuple[str, object]]) -> str:
    return "".join(f' {name}="{escape(str(value))}"' for name, value in attributes)
