"""What people type in their own way: laws and provisions in English, shorthand of chats, loose numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from importlib import resources
from typing import Final

from searchapp.text.normalize import fold, has_marks
from searchapp.text.syllables import is_syllable

_ENGLISH: Final = {
    "decree": "nghị định", "joint circular": "thông tư liên tịch", "circular": "thông tư", "resolution": "nghị quyết",
    "decision": "quyết định", "directive": "chỉ thị", "ordinance": "pháp lệnh", "article": "điều", "art.": "điều",
    "art": "điều", "clause": "khoản", "chapter": "chương",
}  # fmt: skip
_TYPED: Final = "|".join(sorted(map(re.escape, _ENGLISH), key=len, reverse=True))
_IN_ENGLISH: Final = re.compile(rf"(?<!\w)(?:of (?:the )?)?({_TYPED})(?: nos?\.?)? ?(?=\d)", re.IGNORECASE)
_OF_A_YEAR: Final = re.compile(
    r"(?<!\w)(?:of (?:the )?)?(law|code)(?: nos?\.?)? ?(?=\d{1,3}/(?:19|20)\d\d)", re.IGNORECASE
)
_POINT: Final = re.compile(r"(?<!\w)point ([a-z]),?(?: of)?(?= clause \d)", re.IGNORECASE)
_QUOTED: Final = re.compile(r'("[^"]*"?)')
_CODES: Final = (" code", "code ", "constitution")
"""By these the English name of a code is known from the subject of a law."""
_SAYS_LAW: Final = re.compile("law|code|constitution", re.IGNORECASE)
"""Each of those names has one of these words: a first look that costs little."""
_GAP: Final = re.compile(r"(?<=\d)(/[^\W\d_]{1,5}) ?[-–] ?(?=[^\W\d_]{2})")  # "133/2016/TT - BTC"
_MILLIONS: Final = re.compile(r"(?<![\w.,/-])(\d+(?:[.,]\d+)?) ?tr(?![\w.&/-])", re.IGNORECASE)  # "10tr", "1,5 tr"
_SPAN: Final = re.compile(r"(\b(?:điều|dieu) \d{1,3})-(\d{1,3}\b)", re.IGNORECASE)  # "điều 5-10"
# "Điều 35.2 BLLĐ" is khoản 2 there; "Điều 34.10.NĐ.3.37" is a number of the codification.
_CLAUSE: Final = re.compile(
    r"(?<!\w)(?P<of>điều|dieu) (?P<article>\d{1,3})\.(?P<clause>\d{1,2})(?=,? [^\W\d_])", re.IGNORECASE
)
_TYPES: Final = r"nghị định|nghi dinh|thông tư|thong tu|nghị quyết|nghi quyet|quyết định|quyet dinh|nđ|nd|tt|nq|qđ|qd"
_POINTED: Final = re.compile(rf"(?<!\w)((?:{_TYPES})(?: số| so)? ?\d{{1,4}})\.((?:19|20)\d\d)(?![\w.,])", re.IGNORECASE)
_LAW_OF_A_YEAR: Final = re.compile(
    r"(?<!\w)((?:bộ |bo )?(?:luật|luat))(?: số| so)? (\d{1,3}),? (?:năm |nam )((?:19|20)\d\d)(?![\w/])", re.IGNORECASE
)  # "luật số 59 năm 2020"
_CUT: Final = re.compile(
    r"(?<![\w/-])(\d{1,4}/(?:19|20)\d\d)/(nđ|nd|tt|nq|qđ|qd)(?![\w/-])", re.IGNORECASE
)  # "15/2021/NĐ"
_ENDS_IN_NUMBER: Final = re.compile(r"\d\S*[-/][^\W\d_]\S*$")
_ROMAN: Final = re.compile(r"[IVX]+")
_TERM: Final = re.compile(rf"{_ROMAN.pattern}|\d{{4}}[-–]\d{{4}}")
_PLENUM: Final = re.compile(r"(?<!\w)hntw ?(?=\d)", re.IGNORECASE)
_CHAT: Final = {
    "ko": "không", "khg": "không", "hok": "không", "dc": "được", "đc": "được", "ntn": "như thế nào",
    "bn": "bao nhiêu", "nhiu": "nhiêu", "trc": "trước", "vs": "với",
}  # fmt: skip
"""Shorthand of chats, none of which is a syllable; in capitals it may be the name of something."""
_CHAT_FOLDED: Final = {short: fold(full) for short, full in _CHAT.items()}  # beside words without accents
_CHATTED: Final = re.compile(rf"(?<![\w.&/-])({'|'.join(_CHAT)})(?![\w.&/-])")


def as_we_write(text: str) -> str:
    """Return a typed text with its numbers as documents write them, and with laws and provisions in Vietnamese.

    What stands in quotes stays in its words.

    >>> as_we_write("Article 5 of Decree No. 123/2020/ND-CP"), as_we_write("điều 5-10 133/2016/TT - BTC")
    ('điều 5 nghị định 123/2020/ND-CP', 'điều 5 - 10 133/2016/TT-BTC')
    >>> as_we_write("art 5 of the 2020 Law on Enterprises"), as_we_write("nđ 15.2021 còn hiệu lực ko")
    ('điều 5 Luật Doanh nghiệp 2020', 'nđ 15/2021 còn hiệu lực không')
    >>> as_we_write("bộ luật số 45 năm 2019")
    'bộ luật 45/2019'
    """
    parts = _QUOTED.split(_as_label(text))
    text = "".join(part if at % 2 else _in_our_words(part) for at, part in enumerate(parts))
    text = text.replace(" + ", ", ")  # "NĐ 123/2020 + TT 78/2021"
    text = _IN_ENGLISH.sub(lambda match: f"{_ENGLISH[match[1].lower()]} ", _OF_A_YEAR.sub("luật ", text))
    text = _CLAUSE.sub(r"khoản \g<clause> \g<of> \g<article>", _SPAN.sub(r"\1 - \2", _GAP.sub(r"\1-", text)))
    text = _PLENUM.sub("hội nghị trung ương ", _CUT.sub(r"\2 \1", _POINTED.sub(r"\1/\2", text)))
    text = _LAW_OF_A_YEAR.sub(r"\1 \2/\3", text)
    return _MILLIONS.sub(r"\1 triệu", text)


def _as_label(text: str) -> str:
    """Return a label of ours with its place and term in words: "05-NQ/TU · TPHCM · 2020–2025: Kế hoạch"."""
    label, colon, title = text.partition(":")
    number, *facts = re.split(r" ?· ?", label)
    if not facts or not _ENDS_IN_NUMBER.search(number):
        return text
    terms = [f"{'khóa' if _ROMAN.fullmatch(one) else 'nhiệm kỳ'} {one}" for one in facts if _TERM.fullmatch(one)]
    return " ".join((number, *terms, *(f"của {one}" for one in facts if not _TERM.fullmatch(one)))) + colon + title


def _in_our_words(text: str) -> str:
    """Return plain words with the laws that they name in English, and the shorthand of chats, in Vietnamese."""
    if _SAYS_LAW.search(text):
        pattern, names = _laws()
        text = pattern.sub(lambda match: _law(match, names), text)
    text = _POINT.sub(r"điểm \1", text)
    spelt = _CHAT if has_marks(text) else _CHAT_FOLDED
    return _CHATTED.sub(lambda match: spelt[match[1]], text) if " " in text.strip() else text


def laws_in_english(text: str) -> tuple[str, ...]:
    """Return the laws that a typed text names in English, by their names.

    >>> laws_in_english("article 5 of the land law"), laws_in_english('"land law"')
    (('Luật Đất đai',), ())
    """
    if not _SAYS_LAW.search(text):
        return ()
    pattern, names = _laws()
    plain = " ".join(_QUOTED.split(text)[::2])
    return tuple(names[_said(match)] for match in pattern.finditer(plain))


def is_foreign(text: str, keys: Iterable[str], mended: Collection[str]) -> bool:
    """Tell whether a query is of another language, where "tax" is no raw Telex of tã and "many" no slip of mang.

    It names a document or law in English, or more of its keys beside the mended ones are no syllables than are mended.

    >>> is_foreign("", ["personal", "income", "tax"], {"tax"}), is_foreign("", ["hangf", "online"], {"hangf"})
    (True, False)
    """
    plain = " ".join(_QUOTED.split(text)[::2])
    if _IN_ENGLISH.search(plain) or laws_in_english(text):
        return True
    others = [key for key in keys if key not in mended and key.isalpha()]
    strange = [key for key in others if not is_syllable(fold(key))]
    return len(strange) > len(mended) and 2 * len(strange) > len(others)


def _said(match: re.Match[str]) -> str:
    return str(match["on"] or match["of"] or match["code"]).lower().replace("-", " ").replace("’", "'")


def _law(match: re.Match[str], names: dict[str, str]) -> str:
    return " ".join(filter(None, (names[_said(match)], match["year"])))


@cache
def _laws() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of the laws in English, by "law on" and a subject or a subject and "law", and their names."""
    table = resources.files("searchapp").joinpath("data", "english_laws.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines()[1:] if line)
    names = {english.replace("-", " "): name for name, said in rows for english in said.split("|")}
    codes = [one for one in names if any(sign in one for sign in _CODES)]
    subjects, coded = _any_of(names.keys() - set(codes)), _any_of(codes)
    return (
        re.compile(
            rf"(?<![\w-])(?:of )?(?:the )?(?:(?P<year>(?:19|20)\d\d) )?(?:vietnam(?:ese)?(?:'s)? )?"
            rf"(?:law on (?:the )?(?P<on>{subjects})|(?P<of>{subjects}) law|(?P<code>{coded}))"
            r"(?: of vietnam)?(?![\w-])",
            re.IGNORECASE,
        ),
        names,
    )


def _any_of(names: Iterable[str]) -> str:
    """Return a pattern of names, the longest first; "anti corruption" may have its hyphen or not."""
    spelt = (re.escape(name).replace(r"\ ", "[- ]").replace("'", "['’]") for name in names)
    return "|".join(sorted(spelt, key=len, reverse=True))
