"""What is new for those who follow, and the mails that tell it: plain text, the same as HTML, one click to leave."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from html import escape
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode

from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.fields import FACETS, REPRINT
from searchapp.query import UNKNOWN, Query
from searchapp.results import Match
from searchapp.search import find, label, put
from searchapp.text.normalize import normalize
from searchapp.visitors.alerts.book import Book, Subscription
from searchapp.web import links, texts
from searchapp.web.links import Lang, Links
from searchapp.web.request import TRANSLATED
from searchapp.web.request import called as name_in

_SUBJECT: Final = 120  # characters
_TITLE: Final = 200
CONFIRM, LEAVE = "/theo-doi/xac-nhan/", "/theo-doi/huy/"


class Letters:
    """Writes the mails of a site. base: the address of its home page, where a request knows it better."""

    def __init__(self, settings: Settings, book: Book, base: str = "") -> None:
        self._settings, self._book = settings, book
        self._base = base or settings.public_address

    def write(self, kind: Literal["confirm", "news"], one: Subscription, news: dict[str, Any]) -> EmailMessage:
        """The mail that asks for confirmation, or tells what is new."""
        return self._confirm(one) if kind == "confirm" else self._news(one, news)

    def _confirm(self, one: Subscription) -> EmailMessage:
        def say(key: str, **values: object) -> str:
            return texts.say(one.lang, key, **values)

        url = _in_language(f"{self._base}{CONFIRM}{self._book.token('confirm', one)}", one)
        lines = [
            say("letter.confirm.text", about=about(one.lang, one.title), site=self._settings.title),
            url,
            say("letter.confirm.ignore"),
        ]
        page = f"<p>{escape(lines[0])}</p><p><a href='{escape(url)}'>{escape(say('letter.confirm.button'))}</a></p>"
        page += f"<p>{escape(lines[2])}</p>"
        mail = self._mail(one, say("letter.confirm.subject", site=self._settings.title), f"confirm {one.mailed}")
        return _filled(mail, one, "\n\n".join(lines) + "\n", page)

    def _news(self, one: Subscription, news: dict[str, Any]) -> EmailMessage:
        def say(key: str, **values: object) -> str:
            return texts.say(one.lang, key, **values)

        leave = f"{self._base}{LEAVE}{self._book.token('leave', one)}"
        total, rows, site = int(news["total"]), news["articles"], self._settings.title
        head = say("letter.news.text", n=total, about=about(one.lang, one.title), site=site)
        vietnamese = "" if one.lang == "vi" else " lang='vi'"  # for those who hear the mail
        told, items = [head, ""], []
        for row in rows:
            name = _line(row["title"]) or say("untitled")
            day = texts.date(one.lang, row["date"]) if row["date"] else say("undated")
            facts = " · ".join(filter(None, (day, _line(row["source"]))))
            url = _in_language(row["url"], one)
            told += [f"- {name}", f"  {facts}", f"  {url}", ""]
            items.append(
                f"<li><a{vietnamese} href='{escape(url)}'>{escape(name)}</a><br><small>{escape(facts)}</small></li>"
            )
        rest, all_of_them = total - len(rows), say("letter.news.all", n=total)
        more = [say("letter.news.more", n=rest)] if rest else []
        everything, left, why = _in_language(news["url"], one), _in_language(leave, one), say("letter.why", site=site)
        told += [*more, f"{all_of_them}: {everything}", "", why, f"{say('letter.leave')}: {left}"]
        page = f"<p>{escape(head)}</p><ol>{''.join(items)}</ol>"
        page += f"<p>{escape(' '.join([*more, '']))}<a href='{escape(everything)}'>{escape(all_of_them)}</a></p>"
        page += f"<hr><p><small>{escape(why)} <a href='{escape(left)}'>{escape(say('letter.leave'))}</a></small></p>"
        subject = say("letter.news.subject", n=total, title=site if _is_all(one.title) else _line(one.title))
        mail = self._mail(one, subject, f"news {news.get('upto')}")
        mail["List-Unsubscribe"] = f"<{leave}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["List-Id"] = f"<theo-doi.{self._domain()}>"
        return _filled(mail, one, "\n".join(told) + "\n", page)

    def _mail(self, one: Subscription, subject: str, what: str) -> EmailMessage:
        mail = EmailMessage()
        name, address = parseaddr(self._settings.alerts.sender)
        mail["From"] = Address(name, addr_spec=address)
        mail["To"] = Address(addr_spec=one.target)
        mail["Subject"] = _cut(_line(subject), _SUBJECT)
        mail["Date"] = formatdate()
        # The same for every try, so that a mailbox that got it twice can tell.
        told = hashlib.sha256(self._book.secret("links") + f"{one.id} {what}".encode()).hexdigest()[:32]
        mail["Message-ID"] = f"<{told}@{self._domain()}>"
        mail["Auto-Submitted"] = "auto-generated"
        return mail

    def _domain(self) -> str:
        return self._settings.alerts.sender_address.rpartition("@")[2]


def _filled(mail: EmailMessage, one: Subscription, text: str, page: str) -> EmailMessage:
    mail.set_content(text, cte="quoted-printable")
    html = f"<!doctype html><html lang='{one.lang}'><meta charset='utf-8'><body>{page}</body></html>"
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail


def about(lang: Lang, title: str) -> str:
    """Return " về “…”", what is followed inside a sentence; "" where that is everything."""
    return "" if _is_all(title) else texts.say(lang, "letter.about", title=_line(title))


def _is_all(title: str) -> bool:
    return title in texts.TABLE["follow.everything"]


def _in_language(url: str, one: Subscription) -> str:
    """An address of the site as its reader wants it: pages in the language of the mail."""
    return url if one.lang == "vi" else f"{url}{'&' if '?' in url else '?'}lang={one.lang}"


def _cut(text: str, most: int) -> str:
    """A text that is too long ends behind a whole word, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text.rfind(" ", 0, most)
    return text[: cut if cut > 0 else most - 1].rstrip(" ,;:–-") + "…"


def _line(text: str) -> str:
    """A text on one line, without what could end a header or turn the direction of writing."""
    return " ".join(normalize(text).split())


SHOWN: Final = 20
"""Articles that one message lists; the rest is behind its link."""
MAX_ASKED: Final = 2_000  # characters of a query that can be followed
_AT_ONCE: Final = 100


def asked_of(query: Query) -> str:
    """A query as it is kept: parameters of our URLs, its order and place in the list left out."""
    plain = replace(query, sort="relevance", size=links.SIZES[0], page=1, after="", facets=(), steps=())
    return urlencode(links.parameters(plain))


def query_of(asked: str) -> Query:
    """The same back. Raises BadQueryError for what cannot be asked any more."""
    return links.read(parse_qsl(asked, keep_blank_values=True))


def called(engine: Engine, query: Query, lang: Lang) -> str:
    """What a query is called in a mail: its words, and its filters as the pages call them."""
    parts = [" ".join(query.text.split())] if query.text.strip() else []
    for facet in FACETS:
        for value in query.filters.get(facet.name, ()):
            parts.append(f"{facet.label[lang].lower()}: {_label(engine, lang, facet.name, value)}")
    if query.since or query.until:
        parts.append(f"{texts.say(lang, 'date').lower()}: {texts.between(lang, query.since, query.until)}")
    if query.on:
        parts.append(texts.say(lang, "letter.on", date=texts.date(lang, query.on)))
    return _cut("; ".join(parts), _TITLE) or texts.say(lang, "follow.everything")


def _label(engine: Engine, lang: Lang, facet: str, value: str) -> str:
    if facet == "date":
        return texts.say(lang, "undated").lower() if value == UNKNOWN else texts.date(lang, value)
    name = label(engine, facet, value)
    return name_in(engine.tables, lang, name) if facet in TRANSLATED else name


def news(engine: Engine, base: str, asked: str, keys: Sequence[str]) -> dict[str, Any] | None:
    """The articles of these keys that a query finds, the newest SHOWN of them; None for none.

    base: the address of the site. The words are taken as the whole archive's results take them, so that nothing is
    called new because it is a little like what is followed.
    """
    query = replace(query_of(asked), verbatim=True, page=1, after="", fold=False)
    first = find(engine, replace(query, size=1))
    wanted, step = first.question.query, first.answer.step
    if not first.answer.total:
        return None
    matches: list[Match] = []
    left = iter(keys)
    group = query.filters.get(REPRINT, ())  # somebody follows an article's reprints: the filter is taken
    while some := tuple(islice(left, _AT_ONCE)):
        filters = MappingProxyType({**wanted.filters, REPRINT: group or some})
        found = put(engine, replace(wanted, filters=filters, step=step, sort="newest", size=1000))
        matches += [match for match in found.matches if match.article.key in some]
    if not matches:
        return None
    matches.sort(key=lambda match: match.article.date, reverse=True)
    written = Links()
    return {
        "query": asked,
        "url": base + written.page("/tim-kiem", links.parameters(replace(query_of(asked), sort="newest"))),
        "total": len(matches),
        "articles": [_as_json(base, written, match) for match in matches[:SHOWN]],
    }


def _as_json(base: str, written: Links, match: Match) -> dict[str, Any]:
    shown = match.article
    return {
        "id": shown.key,
        "title": shown.title,
        "date": shown.date,
        "source": shown.source,
        "url": base + written.article(shown.key, shown.title),
    }
