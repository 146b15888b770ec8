"""The look of the site: `[look]` of the settings, with readable colours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from searchapp.errors import SettingsError
from searchapp.fields import FACET_NAMES

READABLE: Final = 4.5
"""The contrast of text that WCAG 2.2 demands (AA)."""
LOGO_TYPES: Final = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
_MAX_LOGO: Final = 200_000  # bytes: a page has a budget of 30 kB, and every visitor loads it
MAX_LINKS: Final = 12
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_LINK: Final = re.compile(r"[^|]{1,60}\|\s*(?:https?://|/|mailto:)[^\s|\"<>]{1,500}")
_RULES: Final = """
.own-links { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .9rem }
.top > div { flex-wrap: wrap } .top .own-links { flex-basis: 100%; margin-top: -.2rem }
.home .own-links, .home .subtitle, .home .suggested { justify-content: center; text-align: center }
.home .logo { display: block; margin: .9rem auto .5rem; max-width: 60% }
.brand img { vertical-align: middle; max-width: 8rem }
.subtitle { color: var(--soft); margin: 0 }
"""
"""Style rules for features that only a site's own look has; the sheet that every visitor loads stays small."""
_PAPER: Final = {"": "#fbfaf7", "_dark": "#15171a"}
_CARD: Final = {"": "#ffffff", "_dark": "#1c1f24"}
_ON: Final = {"": "#ffffff", "_dark": "#17191c"}
_TINT: Final = 0.08
"""The share of the accent in the ground of what is chosen."""
_STEPS: Final = {"": (0.12, 0.27, 0.45), "_dark": (0.1, 0.2, 0.3)}
"""The shares of the accent in the coloured months of the data's scope; our text stays readable on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSettings:
    """The parts of the page that an operator may change without editing a template.

    logo: a file, svg, png, webp or jpg; subtitle: the line under the title. accent, link: colours as "#9f1d1d", the
    same with _dark for dark screens. header, foot: links as "Label | https://…". suggested: searches below the box of
    the home page. facets: their order; those not named come after. shown: values of a facet before "xem thêm".
    """

    logo: Path | None = None
    subtitle: str = ""
    accent: str = ""
    accent_dark: str = ""
    link: str = ""
    link_dark: str = ""
    header: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    shown: int = 6

    @property
    def header_links(self) -> tuple[tuple[str, str], ...]:
        """Return the links of the head, as label and address."""
        return tuple(map(_link, self.header))

    @property
    def foot_links(self) -> tuple[tuple[str, str], ...]:
        """Return the links of the foot, as label and address."""
        return tuple(map(_link, self.foot))

    def css(self) -> str:
        """Return the look as a style sheet, "" where ours stays."""
        light = _declared(*_accents(self.accent, ""), ("link", self.link))
        dark = _declared(*_accents(self.accent_dark, "_dark"), ("link", self.link_dark))
        sheet = f":root{{{light}}}" if light else ""
        # Without a dark colour of their own, dark screens keep ours: a light sheet must not reach them.
        if light:
            sheet = f"@media (prefers-color-scheme: light){{{sheet}}}"
        sheet += _RULES if self.logo or self.subtitle or self.header or self.suggested else ""
        return sheet + (f"@media (prefers-color-scheme: dark){{:root{{{dark}}}}}" if dark else "")

    def ordered(self, names: Iterable[str]) -> list[str]:
        """Return facets in their order of display."""
        names = list(names)
        return [*(n for n in self.facets if n in names), *(n for n in names if n not in self.facets)]


def checked(look: LookSettings, where: str, folder: Path) -> LookSettings:
    """Return the same look with its paths; raise SettingsError for unreadable colours and bad links."""
    if look.logo is not None:
        logo = folder / look.logo
        _check_logo(logo, where)
        look = replace(look, logo=logo)
    for name in ("accent", "accent_dark", "link", "link_dark"):
        _check_colour(name, getattr(look, name), where)
    for name in ("header", "foot"):
        given = getattr(look, name)
        if len(given) > MAX_LINKS:
            raise SettingsError(f"{where}: {name} has {len(given)} links: at most {MAX_LINKS}")
        for one in given:
            if not _LINK.fullmatch(one.strip()):
                raise SettingsError(f'{where}: {name} {one!r} is no link: write "Label | https://…" or "Label | /path"')
    for name in look.facets:
        if name not in FACET_NAMES:
            near = get_close_matches(name, FACET_NAMES, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; facets: {', '.join(FACET_NAMES)}"
            raise SettingsError(f"{where}: facets: no facet {name!r}{hint}")
    if not 1 <= look.shown <= 40:
        raise SettingsError(f"{where}: shown must be a number from 1 to 40")
    return look


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG: 1 to 21.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return round((bright + 0.05) / (dark + 0.05), 2)


def _accents(accent: str, scheme: str) -> list[tuple[str, str]]:
    """Return the accent with the tints that follow from it."""
    if not accent:
        return []
    steps = [(f"s{at}", _mixed(accent, _PAPER[scheme], share)) for at, share in enumerate(_STEPS[scheme], 1)]
    tint = _mixed(accent, _CARD[scheme], _TINT)
    return [("accent", accent), ("accent-soft", tint), *steps, ("s4", accent), ("on-s4", _ON[scheme])]


def _mixed(one: str, other: str, share: float) -> str:
    """Return the colour between two: `share` of the first.

    >>> _mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _check_colour(name: str, colour: str, where: str) -> None:
    if not colour:
        return
    if not _COLOUR.fullmatch(colour):
        raise SettingsError(f'{where}: {name} {colour!r} is no colour: write it as "#9f1d1d"')
    scheme = "_dark" if name.endswith("_dark") else ""
    beside = [("the page", _PAPER[scheme]), ("a card", _CARD[scheme])]
    if name.startswith("accent"):
        beside.append(("the text on a button", _ON[scheme]))
        beside.append(("its own tint", _mixed(colour, _CARD[scheme], _TINT)))
    for what, other in beside:
        if (found := contrast(colour, other)) < READABLE:
            way = "a lighter one" if scheme else "a darker one"
            raise SettingsError(
                f"{where}: {name} {colour} has a contrast of {found} with {what} ({other}), "
                f"{READABLE} is needed: choose {way}"
            )


def _check_logo(logo: Path, where: str) -> None:
    if logo.suffix.lower() not in LOGO_TYPES:
        raise SettingsError(f"{where}: logo {logo}: use {', '.join(LOGO_TYPES)}")
    if not logo.is_file():
        raise SettingsError(f"{where}: logo {logo}: no such file")
    if logo.stat().st_size > _MAX_LOGO:
        raise SettingsError(f"{where}: logo {logo} has more than {_MAX_LOGO // 1000} kB: every visitor loads it")


def _link(text: str) -> tuple[str, str]:
    label, _, url = text.partition("|")
    return label.strip(), url.strip()


def _declared(*colours: tuple[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in colours if colour)
