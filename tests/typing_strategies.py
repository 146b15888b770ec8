# ruff: noqa: E501 - tables
"""Hypothesis strategies that know the query grammar: what visitors type, and what nobody types but an enemy."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = (
    "đảng bộ", "nghị quyết", "nghi quyet", "chỉ thị", "HOÀ BÌNH", "hòa", "UBND", "TP.HCM", "tphcm", "số", "2021", "nghij quyeets",
    "nghi5 quye61t", "Ðảng", "a", "đ", "05-NQ/TU", "nq 05", "29-NQ/TW khóa XI", "Quyết định số 5", "đại hội XIII", "xyzzy",
)  # fmt: skip
FIELDS = ("tu:", "den:", "van-ban:", "chu-de:", "nguon:", "date:", "__class__:", "TU:")
DATES = ("2021", "2021-09", "15/9/2021", "31/02/2021", "0000", "hôm nay", "9999-12-31", "1/1/1")
SIGNS = (
    "OR",
    "AND",
    "NOT",
    "-",
    '"',
    "(",
    ")",
    "*",
    "~9",
    "^9",
    "[a TO z]",
    "/",
    "\\",
    "<script>",
    "&amp;",
    "%",
    ":",
    "“",
    "”",
)
ODD = (
    "\u200b",
    "\u202e",
    "\ufeff",
    "\u00ad",
    "\u0301",
    "\u3000",
    "\x00",
    "\x1b",
    "\ud800",
    "🇻🇳",
    "\U0001d511",
    "\n",
    "\t",
)

letters = st.text(max_size=12)
atoms = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map(lambda word: f'"{word}"'),
    st.sampled_from(WORDS).map(lambda word: f"-{word}"),
    st.sampled_from(WORDS).map(lambda word: f"{word[:3]}*"),
    st.sampled_from(SIGNS),
    st.sampled_from(ODD),
    st.builds(
        "{}{}".format, st.sampled_from(FIELDS), st.one_of(st.sampled_from(DATES), st.sampled_from(WORDS), letters)
    ),
    letters,
)
groups = st.recursive(
    atoms, lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"({' '.join(parts)})"), max_leaves=8
)
typed = st.lists(groups, max_size=8).flatmap(
    lambda parts: st.sampled_from((" ", "", "  ", " OR ")).map(lambda by: by.join(parts))
)
"""What stands in the search box."""
