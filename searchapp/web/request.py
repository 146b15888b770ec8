"""One visit: the site, the language, the links and the words that a view needs to answer it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, NoReturn

from flask import Response, abort, g, make_response, render_template, request
from markupsafe import Markup
from werkzeug.sansio.utils import host_is_trusted

from searchapp import tables
from searchapp.article import Article, Document
from searchapp.citations.find.vocabulary import type_label, type_slug
from searchapp.citations.resolve.identity import is_house
from searchapp.config import Settings
from searchapp.dates import display, here, is_valid, today, years
from searchapp.engine import Engine
from searchapp.fields import FACET_NAMES, FACETS, REPRINT, VALIDITY
from searchapp.query import STEPS, Query
from searchapp.results import Page, Value
from searchapp.search.document_list import NARROWED_BY, Listing, Shelf, beside
from searchapp.search.facets import link
from searchapp.search.parser import MAX_CHARS
from searchapp.search.standing import Standing, standing_of
from searchapp.tables import Tables
from searchapp.text.normalize import fold
from searchapp.visitors.statistics import Statistics
from searchapp.web import links, texts
from searchapp.web.links import Lang, Links
from searchapp.web.pages import quick_html
from searchapp.web.pages.stretches import is_long
from searchapp.web.provenance import Almanac, Provenance
from searchapp.web.serving import headers
from searchapp.web.serving.response_cache import ResponseCache, Searched

TRANSLATED: Final = ("theme", "type", VALIDITY)
_LOOPBACK: Final = ("localhost", "127.0.0.1")
_VIETNAMESE: Final = Markup(' lang="vi"')  # on untranslated text, for those who hear a page


def called(tables: Tables, lang: Lang, label: str) -> str:
    """Return the name of a theme, of a group of themes, of a type or of a status in a language."""
    return label if lang == "vi" else tables.themes.english.get(label) or texts.names(label) or label


@dataclass(slots=True)
class Site:
    """The state that stays between visits. engine: gives the engine of the live generation; stamp: changes with every
    release.

    statistics: the counts of what visitors seek, None where the operator does not count. cache: the answers of the last
    minute. has_days: whether any article had a date when a page was last asked for; else no link leads to the days.
    """

    settings: Settings
    engine: Callable[[], Engine]
    stamp: str
    statistics: Statistics | None = None
    cache: ResponseCache = field(default_factory=lambda: ResponseCache(0))
    has_days: bool = True
    _almanac: Almanac | None = field(default=None)
    _shelf: Shelf | None = field(default=None)
    _provenance: Provenance | None = field(default=None)
    _tables: Tables | None = field(default=None)

    @property
    def tables(self) -> Tables:
        """Return the archive's own tables, loaded once."""
        if self._tables is None:
            self._tables = tables.load(self.settings.tables, self.settings.replace)
        return self._tables

    def almanac(self, engine: Engine) -> Almanac:
        """Return the day counts of this generation, counted once."""
        known = self._almanac
        if known is None or known.generation != engine.generation:
            known = self._almanac = Almanac.of(engine)
        return known

    def provenance(self, engine: Engine) -> Provenance:
        """Return the sources of this generation's articles, read once."""
        known = self._provenance
        if known is None or known.generation != engine.generation:
            known = self._provenance = Provenance.of(self.settings.generations, engine.generation)
        return known

    def standing(self, engine: Engine) -> Standing:
        """Return which documents of this generation hold, read once."""
        return standing_of(engine)

    def shelf(self, engine: Engine) -> Shelf:
        """Return the documents of this generation with their counts, counted once."""
        known = self._shelf
        if known is None or known.generation != engine.generation:
            known = self._shelf = Shelf.of(engine)
        return known


_TOLD: Final = ("con", "mot-phan", "chua")
_VALIDITY: Final = "hieu luc"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as the views see it."""

    site: Site
    lang: Lang
    links: Links

    def query(self) -> Query:
        """Return the query of the URL, with everything that a result page counts."""
        return replace(links.read(request.args.items(multi=True)), facets=FACET_NAMES, steps=STEPS)

    def day(self) -> str:
        """Return the day for the status of documents: `tai_ngay=`, else today."""
        if "day" not in g:  # read once a request: each document on a page needs it
            g.day = links.read(request.args.items(multi=True)).on or today().isoformat()
        said: str = g.day
        return said

    def listing(self) -> Query:
        """Return the same for a list of results, where reprints are folded unless the visitor wants them."""
        query = self.query()
        return replace(query, fold=not (query.apart or query.filters.get(REPRINT)))

    def count(self, page: Page, query: Query | None = None) -> None:
        """Tell the log and the metrics the number of results, and the counts of questions the visitor's own query."""
        g.searched = Searched(page.total, query)

    def say(self, key: str, *parts: str, **values: object) -> str:
        """Return a text of the table in the visitor's language; whole numbers in `values` are grouped by thousands."""
        return texts.say(self.lang, key, *parts, **values)

    def facet_label(self, name: str) -> str:
        """Return the name of a facet."""
        facet = next(facet for facet in FACETS if facet.name == name)
        return facet.label[self.lang]

    def text(self) -> str:
        """Return the typed text, on pages where only that counts."""
        return links.read(request.args.items(multi=True)).text

    def part(self) -> tuple[str, bool]:
        """Return the requested part of the text, and whether all of it is wanted."""
        pairs = list(request.args.items(multi=True))
        return links.read_words(pairs, links.PART, 80), bool(links.read_words(pairs, links.WHOLE, 1))

    def place(self, article: Article, ident: str, q: str = "") -> str:
        """Return the place of a provision on the page of an article: its part, where it comes by parts, and its id."""
        part = ident if is_long(article.text) else ""
        return self.links.article(article.key, article.title, q, place=ident, part=part)

    def within(self) -> str:
        """Return the words to find inside the results."""
        return links.read_within(request.args.items(multi=True))

    def second_period(self) -> tuple[str, str]:
        """Return the other period of a comparison."""
        return links.read_second(request.args.items(multi=True))

    def number(self, value: int) -> str:
        """Return a whole number grouped by thousands."""
        return texts.number(self.lang, value)

    def moment(self, moment: str) -> str:
        """Return the day and the minute that readers here have at a moment written with its zone."""
        try:
            day, _, minute = here(moment).partition(" ")
        except ValueError:  # a damaged line of a journal
            return moment
        return f"{self.date(day)} {minute}"

    def date(self, iso: str) -> str:
        """Return a date in the reader's form, "không rõ ngày" for none."""
        return texts.date(self.lang, iso) if is_valid(iso) else self.say("undated")

    def weekday(self, iso: str) -> str:
        """Return the name of the day of the week."""
        return texts.weekday(self.lang, iso)

    def say_range(self, since: str, until: str) -> str:
        """Return a span of days; years and months by their names where they are whole."""
        return texts.between(self.lang, since, until)

    def say_value(self, facet: str, value: Value) -> str:
        """Return the label of a facet value; dates in the reader's form."""
        if facet == "date":
            return self.date(value.value)
        return self.name(value.label) if facet in TRANSLATED else value.label

    def name(self, label: str) -> str:
        """Return the name of a theme, of a group of themes, of a type or of a status in the visitor's language."""
        return called(self.site.tables, self.lang, label)

    def named(self, label: str) -> Markup:
        """Return the same for a place whose language is said to be Vietnamese."""
        shown = self.name(label)
        return quick_html.whole(label) if shown == label else Markup('<span lang="en">{}</span>').format(shown)

    def document_line(self, document: Document) -> str:
        """Return in one line that a document has ended, which no narrow screen cuts, and its type, issuer and time."""
        date = f"{self.say('issued')} {self.date(document.date)}" if document.date else ""
        known = is_house(document.symbol) or document.date[:4] == document.term  # the number or the day says it already
        term = "" if known else self.term(document.term)
        kind = self.name(type_label(type_slug(document.type) or document.type))
        return " · ".join(filter(None, (self.warning(document.slug), kind, document.issuer, date, term)))

    def document_facts(self, document: Document) -> Markup:
        """Return this line as HTML, where the name of the issuer is Vietnamese on English pages too."""
        line, said = quick_html.whole(self.document_line(document)), quick_html.whole(document.issuer)
        if self.lang == "vi" or not said:
            return line
        return line.replace(said, Markup(f"<span{_VIETNAMESE}>{said}</span>"), 1)

    def warning(self, slug: str) -> str:
        """Return the notice that a document has certainly ended or is suspended, and since when; ""
        without certainty.
        """
        for _, status in self.site.standing(self.site.engine()).warnings([slug], self.day()):
            since = f" {self.say('status.since', date=self.date(status.since))}" if status.since else ""
            return f"{self.say(f'status.{status.value}')}{since}"
        return ""

    def validity(self, slug: str, text: str) -> str:
        """Return the status of a document where `warning` is silent; one that nothing tells only to who asks for it.

        text: the typed words.
        """
        status = self.site.standing(self.site.engine()).status(slug, self.day())
        if status.value in _TOLD:
            return self.say(f"status.{status.value}")
        if _VALIDITY not in fold(text) or self.warning(slug):
            return ""
        return self.say("status.untold")

    def term(self, term: str) -> str:
        """Return a term of office as people say it: "khóa XII", "nhiệm kỳ 2020–2025"; or its stand-in: "năm 2021"."""
        if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", term):
            # a year, or the month since which a merged body numbers anew
            return self.say("term.anew" if len(term) == len("2025-07") else "term.year", term=self.date(term))
        return self.say("term.counted" if term.isalpha() else "term", term=years(term)) if term else ""

    def short_name(self, document: Document) -> str:
        """Return the name of a document in a list: its number with place and term, or its title."""
        return link(document, document.slug).label

    def relation(self, name: str) -> str:
        """What a relation of the picture is called: "in.sua-doi", "cites"."""
        return self.say(f"relation.{name}" if "." in name else f"picture.{name}")

    def called(self, document: Document) -> str:
        """Return the name of a document on its own page: where no title is known, its type before its number."""
        kind = type_label(type_slug(document.type)) if not document.title and document.symbol[:1].isdigit() else ""
        return f"{kind} {document.name}".strip()

    def theme_label(self, theme: str) -> str:
        """Return the name of a theme."""
        return self.name(self.site.tables.themes.label(theme))

    def theme_named(self, theme: str) -> Markup:
        """Return the same for a place whose language is said to be Vietnamese."""
        return self.named(self.site.tables.themes.label(theme))

    def knows(self, key: str) -> bool:
        """Tell whether the table has this text: codes of a newer search are left out, not shown raw."""
        return key in texts.TABLE

    def first_page(self, query: Query) -> Query:
        """Return the same question from its first page."""
        return replace(query, page=1, after="")

    def render(self, template: str, code: int = 200, **values: object) -> Response:
        """Return an HTML page from a template of this package, which a host site may override under the same name."""
        html = render_template(
            f"searchapp/{template}",
            visit=self,
            links=self.links,
            settings=self.site.settings,
            stamp=self.site.stamp,
            max_chars=MAX_CHARS,
            say=self.say,
            number=self.number,
            say_date=self.date,
            say_moment=self.moment,
            say_value=self.say_value,
            typed_day=display,
            whole=quick_html.whole,
            vn="" if self.lang == "vi" else _VIETNAMESE,
            whole_pieces=quick_html.pieces,
            hit_of=quick_html.hit,
            when_of=quick_html.when,
            bars_of=quick_html.bars,
            counts_of=quick_html.counts,
            options_of=partial(quick_html.boxes, self.say_value, self.name),
            dates_of=quick_html.dates,
            **values,
        )
        response = make_response(html, code)
        return headers.linked(response, html) if code == 200 else response

    def base(self) -> str:
        """Return scheme and host of this site from the settings; "" where only the visitor's own Host header tells
        them.

        A shared cache would hand one visitor's made-up host to the next.
        """
        settings = self.site.settings
        if settings.public_base_url:
            return settings.public_base_url
        known = (*settings.trusted_hosts, *_LOOPBACK, settings.host)
        return request.host_url.rstrip("/") if host_is_trusted(request.host, known) else ""

    def documents(self, engine: Engine) -> tuple[Query, Listing]:
        """Return the query for the list of documents from the URL, and its page. Parameters about articles alone are
        ignored.
        """
        query = self.query()
        kept = {name: values for name, values in query.filters.items() if name in NARROWED_BY}
        query = replace(query, filters=kept, since="", until="", size=links.SIZES[0], after="", verbatim=False)
        named = [one.slug for one in engine.documents(query.text)] if query.text else []
        shelf, holds = self.site.shelf(engine), self.site.standing(engine).values(self.day())
        listing = shelf.find(query, named, holds)
        if query.text and not listing.total and (meant := beside.documents_meant(engine, query.text)):
            listing = shelf.find(query, [one.slug for one in meant], holds)
        return query, listing

    def path(self) -> str:
        """Return the address below the site's mount point."""
        return request.path.removeprefix(self.links.prefix.removeprefix(request.script_root))

    def here(self, lang: Lang) -> str:
        """Return this page in another language."""
        if len(request.full_path) > links.MAX_URL_CHARS:  # the server refuses it: it must not be repeated
            return Links(self.links.prefix, lang).page("/", [])
        pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
        path = self.path()
        if request.url_rule is not None and "GET" not in (request.url_rule.methods or ()):
            path = (
                path.rpartition("/")[0] or "/"
            )  # an address that only takes forms cannot be opened: the page of the form
        return Links(self.links.prefix, lang).page(path, pairs[: links.MAX_PARAMETERS])


def missing(reason: str = "") -> NoReturn:
    """Answer 404; `reason` holds the words for the visitor's next search."""
    abort(404, description=reason)
