"""The words by which a text says that one document changes another, as patterns over ASCII letters."""

from __future__ import annotations

import re
from typing import Final

REPLACES: Final = "thay-the"
REPEALS: Final = "bai-bo"
ENDS: Final = "het-hieu-luc"
AMENDS: Final = "sua-doi"
SUSPENDS: Final = "ngung-hieu-luc"
CORRECTS: Final = "dinh-chinh"
CONSOLIDATES: Final = "hop-nhat"
GUIDES: Final = "huong-dan"
EXTENDS: Final = "keo-dai"
CONTINUES: Final = "tiep-tuc"
CARRIES_OUT: Final = "trien-khai"
IN_FORCE: Final = "hieu-luc"
"""The day on which the target comes into force; no relation between documents."""
STAYS: Final = "con-hieu-luc"
"""A document says that the target still holds: evidence for its status."""

KINDS: Final = (
    REPLACES, REPEALS, ENDS, AMENDS, SUSPENDS, CORRECTS, CONSOLIDATES, GUIDES, EXTENDS, CONTINUES, CARRIES_OUT,
)  # fmt: skip
"""All kinds of relations, as the interfaces name them."""
ENDING: Final = frozenset({REPLACES, REPEALS, ENDS})
"""Kinds that end a document, or a part of it."""
LASTING: Final = frozenset({GUIDES, CONTINUES, CARRIES_OUT, CONSOLIDATES, STAYS, CORRECTS})
"""Kinds that change no force, and so have no day of their own."""

PARTLY: Final = "mot-phan"
"""The provision of a change to some provisions that the text does not name."""


def phrase(pattern: str) -> re.Pattern[str]:
    """Return a pattern written over several lines: a line break with its indent is nothing, a space is a space."""
    return re.compile(re.sub(r"\n\s*", "", pattern))


_AMEND: Final = "(?:sua doi|bo sung)(?:(?:,| va|/|, va| hoac)? ?(?:sua doi|bo sung|bai bo|thay the|huy bo))*"

CUE: Final = phrase(
    rf"""(?<![a-z0-9])(?:
    (?P<ends>(?:het|cham dut|khong con) hieu luc)
    |(?P<suspends>(?:tam dung|(?:tam )?(?:ngung|dinh chi))(?: (?:viec )?(?:hieu luc|thi hanh|ap dung|thuc hien))
    (?: (?:thi hanh|ap dung|mot phan|toan bo))*)
    |(?P<corrects>dinh chinh)
    |(?P<consolidates>hop nhat(?= \(?(?:cac |nghi|thong|luat|phap|quyet|bo luat)))
    |(?P<extends>(?:keo dai|gia han)(?: (?:thoi han|thoi gian|hieu luc|viec|ap dung|thuc hien|thi hanh))+
    |(?<=duoc )(?:keo dai|gia han)(?= (?:them|(?:cho )?den) ))
    |(?P<stays>tiep tuc (?:con |giu )?co hieu luc|van (?:con|co) hieu luc)
    |(?P<continues>tiep tuc (?:(?:day manh|tang cuong) )?(?:viec )?(?:quan triet va )?
    (?:trien khai(?: thuc hien)?|thuc hien|ap dung|thi hanh)
    |tiep tuc duoc (?:thuc hien|ap dung|thi hanh))
    |(?P<changes>(?:thay the|(?:bai|huy) bo)(?:(?:,| va|, va) (?:sua doi|bo sung|thay the|bai bo|huy bo))+
    (?= (?:mot so|cac) (?:cum tu|tu ngu|dieu|khoan|diem|noi dung|quy dinh)))
    |(?P<repeals>(?:bai|huy) bo)
    |(?P<strikes>bo(?= (?:cac )?(?:cum tu|tu |tu ngu|doan))
    |thay(?= (?:doi )?(?:cac |mot so )?(?:cum tu|tu |tu ngu|doan))
    |(?<=duoc )(?:thay|sua|doi(?: ten)?)(?= (?:lai )?(?:bang|thanh)[ :]))
    |(?P<amends>{_AMEND})
    |(?P<replaces>thay the(?! cho nhau)
    |thay(?= (?:cho )?(?:nghi dinh|thong tu|quyet dinh|nghi quyet|quy dinh|chi thi|luat)(?: so)? \d))
    |(?P<guides>(?:quy dinh|huong dan) chi tiet
    (?: (?:va )?(?:huong dan )?(?:viec )?(?:thi hanh|thuc hien|ap dung))?
    |huong dan(?: (?:bien phap|viec|chi tiet|mot so noi dung))* (?:thi hanh|thuc hien|ap dung)
    |huong dan(?= (?:mot so|ve |bo sung|cac|luat|nghi|thong|phap|quyet|bo luat|chi thi|dieu|khoan|chuong|quy))
    |(?:quy dinh|ve) (?:mot so )?bien phap (?:de )?(?:to chuc,? )?(?:va )?(?:huong dan )?thi hanh
    |quy dinh (?:ve )?(?:viec )?thi hanh)
    |(?P<in_force>(?:bat dau |chinh thuc |se )?co hieu luc(?: (?:thi hanh|thuc hien|ap dung|phap luat))*)
    )(?![a-z0-9])"""
)
"""The verb of every kind, by group (`NAMES`)."""
NAMES: Final = {
    "ends": ENDS, "suspends": SUSPENDS, "corrects": CORRECTS, "consolidates": CONSOLIDATES, "extends": EXTENDS,
    "stays": STAYS, "continues": CONTINUES, "repeals": REPEALS, "amends": AMENDS, "changes": AMENDS, "strikes": AMENDS,
    "replaces": REPLACES, "guides": GUIDES, "in_force": IN_FORCE,
}  # fmt: skip
"""Group of `CUE` → kind."""

MAY: Final = phrase(
    """hieu luc|thay the|bai bo|huy bo|sua doi|bo sung|dinh chinh|hop nhat|huong dan|quy dinh chi tiet|dinh chi|
    keo dai|gia han|tiep tuc|ngung|tam dung|bien phap|bo cum tu|bo tu|bo doan|
    thay (?:doi )?(?:cac |mot so )?(?:cum|tu|doan)|duoc (?:thay|sua|doi) |
    thay (?:cho )?(?:nghi|thong|quyet|quy dinh|chi thi|luat) """
)
"""Every paragraph with a cue has one of these words: a first look that costs little."""
