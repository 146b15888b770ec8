"""Every sentence a visitor reads, Vietnamese and English, in one table; numbers and dates in the reader's form."""

from __future__ import annotations

from datetime import date as day
from typing import Final, Literal

from searchapp.dates import display, span
from searchapp.web.texts import administration, holdings, integrations, interface

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS: Final = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}

# key: (Vietnamese, English) or (Vietnamese, English for one, English for more).
TABLE: Final[dict[str, tuple[str, ...]]] = {
    **interface.PAGES,
    **holdings.DOCUMENTS,
    **holdings.LIFETIMES,
    **integrations.EMBEDDING,
    **interface.ERRORS,
    **integrations.PROGRAMS,
    **integrations.ADDRESSES,
    **interface.REPRINTS,
    **holdings.SOURCES,
    **administration.FOLLOWING,
    **administration.ADMINISTRATION,
}


def say(lang: Literal["vi", "en"], key: str, *parts: str, **values: object) -> str:
    """Return a text with its values filled in. Whole numbers are grouped by thousands, and `n` chooses the English
    form.
    """
    texts = TABLE[key]
    text = texts[0] if lang == "vi" else texts[-1 if values.get("n", 1) != 1 else 1]
    shown = {name: number(lang, value) if isinstance(value, int) else value for name, value in values.items()}
    return text.format(*parts, **shown) if parts or shown else text


def knows(key: str) -> bool:
    """Tell whether there is a text of this key."""
    return key in TABLE


def names(label: str) -> str:
    """Return the English name of a type of documents or of a status; "" for another label."""
    return holdings.NAMES.get(label, "")


def number(lang: Literal["vi", "en"], value: int) -> str:
    """Return 6894 as "6.894" in Vietnamese, "6,894" in English."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if lang == "vi" else grouped


def date(lang: Literal["vi", "en"], iso: str) -> str:
    """Return a valid ISO date, cut to its known parts, as the reader writes it: "15/9/2021", "15 September 2021"."""
    if lang == "vi":
        return display(iso)
    year, *rest = iso.split("-")
    return " ".join([*(str(int(day)) for day in rest[1:]), *(MONTHS[int(month) - 1] for month in rest[:1]), year])


def between(lang: Literal["vi", "en"], since: str, until: str) -> str:
    """Return a span of ISO days, "" for open; years and months by their names where they are whole."""
    for cut in (4, 7, 10):
        if since and until and span(since[:cut]) == (since, until):
            return date(lang, since[:cut])
    if since and until:
        return f"{date(lang, since)} – {date(lang, until)}"
    return say(lang, "since", date=date(lang, since)) if since else say(lang, "until", date=date(lang, until))


def weekday(lang: Literal["vi", "en"], iso: str) -> str:
    """Return the weekday of a whole ISO date."""
    return WEEKDAYS[lang][day.fromisoformat(iso).weekday()]
