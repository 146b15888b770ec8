"""What the pages say of reprints: Vietnamese, English for one, English for more."""

from __future__ import annotations

from typing import Final

TABLE: Final[dict[str, tuple[str, ...]]] = {
    "reprints": ("Bản đăng lại", "Reprints"),
    "reprints.of": ("Bài và các bản đăng lại", "Article and reprints"),
    "reprints.more": ("+{n} bản đăng lại", "+{n} reprint", "+{n} reprints"),
    "reprints.folded": ("đã gộp {n} bản đăng lại", "{n} reprint folded", "{n} reprints folded"),
    "reprints.apart": ("xem riêng từng bài", "list each article"),
    "reprints.together": ("gộp các bản đăng lại", "fold reprints"),
    "reprints.all": ("Xem cả {n} bài", "See all {n}"),
}
