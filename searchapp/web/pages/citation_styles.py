"""Cite an article in three styles: as a Vietnamese bibliography has it, in one plain line, and as BibTeX."""

from __future__ import annotations

import re
from typing import Final

from searchapp.article import Article
from searchapp.dates import display
from searchapp.text.normalize import slug

_UNTITLED: Final = "Không có tiêu đề"
_RECOGNISED: Final = "nhận dạng từ bản scan"
"""The remark beside a quote from a text that OCR read."""
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_INNER: Final = str.maketrans("“”", "‘’")  # quotes inside of quotes
# Characters that TeX reads as a command, and their printable form.
_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: "\\" + sign for sign in "{}%#&$_"},
    }
)


def bibliographic(article: Article, url: str) -> str:
    """Return author, year, title, source, day, address; unknown facts are left out.

    >>> bibliographic(Article(id="1", key="1", title="Tin", text="", date="2021-09-15", source="Báo X"), "")
    'Báo X (2021), “Tin”, ngày 15/9/2021.'
    """
    author = _author(article)
    who = author or article.source
    year = article.date[:4] or "không rõ năm"
    title = (_line(article.title) or _UNTITLED).translate(_INNER)
    parts = [f"{who} ({year})" if who else "", f"“{title}”"]
    parts += [article.source if author else "", _when(article.date) if len(article.date) > 4 else ""]
    parts.append(_RECOGNISED if article.ocr else "")
    told = ", ".join(filter(None, parts)) + "."
    return f"{told} Truy cập tại: {url}" if url else told


def plain(article: Article, url: str) -> str:
    """Return title, source and date in one line for a message."""
    date = display(article.date) if article.date else ""
    recognised = _RECOGNISED if article.ocr else ""
    return " – ".join(filter(None, (_line(article.title) or _UNTITLED, article.source, date, recognised, url)))


def bibtex(article: Article, url: str) -> str:
    """Return an entry for BibTeX and BibLaTeX; the name of its key stays as long as the article's own key."""
    author = _author(article)
    year, *rest = article.date.split("-") if article.date else [""]
    fields = {
        "author": _braced(author or article.source),
        "title": _braced(_line(article.title) or _UNTITLED),
        "howpublished": f"{{{_tex(article.source)}}}" if article.source and author else "",
        "year": f"{{{year}}}" if year else "",
        "month": _MONTHS[int(rest[0]) - 1] if rest else "",
        "date": f"{{{article.date}}}" if article.date else "",
        "url": f"{{{url}}}" if url else "",
        "language": "{vietnamese}",
    }
    name = "-".join(filter(None, (slug(article.source, 20), year, article.key)))
    lines = [f"  {field} = {value}," for field, value in fields.items() if value]
    return "\n".join([f"@misc{{{name},", *lines, "}"])


def _author(article: Article) -> str:
    """Return the author; for a document its issuer, not its signer."""
    return article.author or (article.issuer if article.number else "")


def _when(date: str) -> str:
    return ("ngày " if len(date) == 10 else "tháng ") + display(date)


def _braced(text: str) -> str:
    """Return a text in double braces, which keep the capitals of a title and the words of an institution's name."""
    return f"{{{{{_tex(text)}}}}}" if text else ""


def _tex(text: str) -> str:
    return text.translate(_TEX)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
