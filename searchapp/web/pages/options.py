"""Write the values of a facet as boxes to tick, in one pass: a macro for each of a hundred costs a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from searchapp.results import Value
from searchapp.web import links
from searchapp.web.pages.nobreak import whole


def boxes(
    facet: str, values: Sequence[Value], number: Callable[[int], str], form: str, vn: str, headed: bool
) -> Markup:
    """Return the values of a facet without levels; vn: the language of their labels; headed: below
    their groups' names.
    """
    name, said = links.parameter(facet, "")[0], ""
    html: list[str] = []
    begin = f'<li><label><input type="checkbox" form="{form}" name="{name}" value="'
    for value in values:
        if headed and value.group and value.group != said:
            said = value.group
            html.append(f'<li class="of"{vn}>{escape(said)}</li>\n')
        html.append(
            f'{begin}{escape(value.value)}"{" checked" if value.selected else ""}> <span class="name"{vn}>'
            f'{whole(value.label)}</span> <span class="count">{number(value.count)}</span></label></li>\n'
        )
    return Markup("".join(html))


def dates(
    values: Sequence[Value], say: Callable[[str, Value], str], number: Callable[[int], str], form: str, depth: int = 0
) -> Markup:
    """Return years with the months of a chosen one, and those with their days. say: the label of a value."""
    html: list[str] = []
    for value in values:
        name, written = links.parameter("date", value.value)
        inside = f"<ul>{dates(value.children, say, number, form, depth + 1)}</ul>" if value.children else ""
        inner = ' class="in"' if depth else ""
        html.append(
            f'<li{inner}><label><input type="checkbox" form="{form}" name="{name}" '
            f'value="{escape(written)}"{" checked" if value.selected else ""}> <span class="name">'
            f'{escape(say("date", value))}</span> <span class="count">{number(value.count)}</span></label>\n'
            f"{inside}</li>\n"
        )
    return Markup("".join(html))
