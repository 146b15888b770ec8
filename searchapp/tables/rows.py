"""Read an operator's tables of rows, with their checks, and write the first tables of a new archive."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 20 << 20
"""The largest table; one of all wards with their predecessors has 1 MB."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a table. key: those that tell rows apart; may: columns that may be left out, with their defaults.

    check: returns the fault of a row, "" for none.
    """

    name: str
    must: tuple[str, ...]
    key: tuple[str, ...]
    may: Mapping[str, str]
    check: Callable[[Row], str] = lambda row: ""

    def id_of(self, row: Row) -> tuple[str, ...]:
        """Return the values that tell this row from every other."""
        return tuple(row[column] for column in self.key)


class Problems:
    """The problems of an operator's tables, a line each: place, fault, and remedy."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, file: Path, line: int, text: str) -> None:
        """Note a problem; line 0: of the whole file."""
        self.lines.append(f"{file}{f', line {line}' if line else ''}: {text}")


def read_text(file: Path, problems: Problems) -> str | None:
    """Return a file's text in NFC without a byte-order mark; None where it cannot be read."""
    try:
        if not file.is_file():  # a pipe would be waited for
            problems.add(file, 0, "is no file: put a table in its place, or take it away")
            return None
        if file.stat().st_size > MAX_BYTES:
            problems.add(file, 0, f"more than {MAX_BYTES >> 20} MB: is this the right file?")
            return None
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(file, 0, f"byte {error.start} is not UTF-8: save it as UTF-8")
        return None
    except OSError as error:
        problems.add(file, 0, f"cannot be read ({error.strerror}): check its rights")
        return None
    if "\0" in text:
        problems.add(file, 0, "has NUL bytes: save it as UTF-8, not UTF-16")
        return None
    return unicodedata.normalize("NFC", text)


def read_rows(file: Path, shape: Shape, problems: Problems) -> tuple[list[Row], dict[tuple[str, ...], int]]:
    """Return the rows of a file, and the ids (with lines) of those it takes away, which begin with "-"."""
    rows, taken = numbered_rows(file, shape, problems)
    return [row for _, row in rows], taken


def numbered_rows(
    file: Path, shape: Shape, problems: Problems
) -> tuple[list[tuple[int, Row]], dict[tuple[str, ...], int]]:
    """Return the same rows, each with its line."""
    text = read_text(file, problems)
    if text is None:
        return [], {}
    lines = text.splitlines()
    at = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")), -1)
    if at < 0:
        return [], {}
    header = [cell.strip() for cell in lines[at].split("\t")]
    if not _good_header(file, at + 1, header, shape, problems):
        return [], {}
    rows: list[tuple[int, Row]] = []
    taken: dict[tuple[str, ...], int] = {}
    seen: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines[at + 1 :], at + 2):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > len(header):
            problems.add(file, number, f"{len(cells)} cells, the first line names {len(header)}: is a tab too many?")
            continue
        row = {**shape.may, **dict(zip(header, cells, strict=False))}
        away = line.startswith("-")
        if away:
            row[header[0]] = row[header[0]][1:].strip()
        wrong = _wrong(row, shape, away=away)
        if not wrong and (first := seen.get(shape.id_of(row))):
            wrong = f"{' '.join(shape.id_of(row))!r} is in line {first} already: keep one of them"
        if wrong:
            problems.add(file, number, wrong)
            continue
        seen[shape.id_of(row)] = number
        if away:
            taken[shape.id_of(row)] = number
        else:
            rows.append((number, row))
    return rows, taken


def merged(
    ours: Sequence[Row], theirs: Sequence[Row], taken: Mapping[tuple[str, ...], int], shape: Shape, told: Told
) -> list[Row]:
    """Return our rows without removed ones, each replaced by theirs of the same id; then their new rows."""
    known = {shape.id_of(row) for row in ours}
    for one, line in taken.items():
        if one not in known:
            told(line, f"no row {' '.join(one)!r} to take away{nearest(' '.join(one), (' '.join(k) for k in known))}")
    own = {shape.id_of(row): row for row in theirs}
    kept = [own.pop(shape.id_of(row), row) for row in ours if shape.id_of(row) not in taken]
    return [*kept, *own.values()]


Told = Callable[[int, str], None]


def shipped_rows(shape: Shape) -> list[Row]:
    """Return the rows of the table that comes with searchapp; none where there is no such table."""
    table = files("searchapp") / "data" / shape.name
    if not table.is_file():
        return []
    lines = table.read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    return [{**shape.may, **dict(zip(header, line.split("\t"), strict=False))} for line in lines[1:] if line.strip()]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return '; did you mean …?' with the nearest known name, "" where none is near."""
    near = get_close_matches(name, sorted(set(known)), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _good_header(file: Path, line: int, header: Sequence[str], shape: Shape, problems: Problems) -> bool:
    known = (*shape.must, *shape.may)
    strange = [name for name in header if name not in known]
    missing = [name for name in shape.must if name not in header]
    for name in strange:
        problems.add(file, line, f"unknown column {name!r}{nearest(name, known)}; columns: {', '.join(known)}")
    for name in missing:
        problems.add(file, line, f"no column {name!r}; the first line names the columns, with tabs between them")
    return not strange and not missing


def _wrong(row: Row, shape: Shape, *, away: bool) -> str:
    wanted = shape.key if away else shape.must
    empty = [name for name in wanted if not row.get(name)]
    if empty:
        return f"{empty[0]} is empty"
    return "" if away else shape.check(row)


STARTERS: Final[Mapping[str, str]] = {
    "themes.yaml": """\
# Chủ đề của kho. Mỗi chủ đề cần ít nhất hai cụm từ trong `strong`; một cụm ở tiêu đề hoặc đầu bài là đủ để xếp bài.
# Themes. A theme needs two phrases or more under `strong`; one in the title or near the beginning files an article.
#   key:  cụm từ yếu, cần đi cùng cụm khác          weak phrases that need company
#   not:  cụm từ làm mất hiệu lực cụm chạm vào nó    phrases that cancel a hit that touches them
#   mask: chức danh, tên báo…: không nói lên chủ đề   titles of office and the like: no subject for any theme
#   remove: bỏ chủ đề có sẵn                          takes away themes of ours
#   label_en: tên trên trang tiếng Anh                the name on English pages
#   sections: chuyên mục → chủ đề                     every article of a section is filed here
# Một cụm bắt đầu bằng "-" bỏ cụm có sẵn của ta.      A phrase that begins with "-" takes away ours.
#
# groups:
# - id: thu-vien
#   label: Thư viện
#   themes:
#   - id: ban-doc
#     label: Phục vụ bạn đọc
#     strong: [thẻ bạn đọc, phục vụ bạn đọc]
# mask: [trưởng phòng phục vụ bạn đọc]
# remove: [phong-chong-dich]
# sections:
#   "Tin thư viện": ban-doc
#   "Đề mục *": "*"                                   mỗi đề mục là một chủ đề: each of these sections is a theme
""",
    "abbreviations.tsv": """\
# Chữ viết tắt và từ đồng nghĩa, dùng khi hiểu câu tìm. Abbreviations and synonyms, at work on the query.
# ambiguity: 0 một nghĩa, hai chiều (both ways) · 1 chỉ mở rộng câu tìm (queries only) · 2 không mở rộng (never)
# Dòng bắt đầu bằng "-" bỏ dòng có sẵn: -TT         A row that begins with "-" takes away ours.
abbr\texpansion\talt_expansions\tambiguity\tnote
""",
    "places.tsv": """\
# Tỉnh, thành phố qua các thời kỳ. Provinces and cities: first and last day, what they went into, by which act.
# aliases: cách viết khác, cách nhau bằng | · renumbered: đánh số văn bản lại từ ngày này
place\tkind\taliases\tfrom\tto\tinto\trenumbered\tact
""",
    "known_documents.tsv": """\
# Văn bản mà kho biết trước: số hiệu, cơ quan, ngày, tên ngắn. Documents known beforehand, cited here or not.
# aliases: tên gọi khác, cách nhau bằng | · type, term_id: có thể để trống (may be empty)
canon\ttype\tissuer\tdate\tshort_title\taliases
""",
    "issuers.tsv": """\
# Cơ quan ban hành văn bản của kho: ký hiệu ở cuối số văn bản (TVH trong 12/QĐ-TVH), tên gọi, cách gọi khác.
# Bodies that issue documents: the code at the end of a number, the name, other names with | between them.
code\tname\tlevel\taliases
""",
    "terms.tsv": """\
# Nhiệm kỳ của một cơ quan: số văn bản đánh lại từ đầu mỗi nhiệm kỳ. Terms of office: numbers begin anew in each.
# body: tên cơ quan ban hành · term: XXI hoặc để trống · start, end: 2020-08-20 (end trống: chưa hết nhiệm kỳ)
body\tterm\tstart\tend\tlabel
""",
    "wards.tsv": """\
# Xã, phường cũ → mới (tùy chọn). Communes and wards before and after (optional): one row a pair.
province\tward\tnew\tsince\tnew_province\tact
""",
    "question_words.tsv": """\
# Từ chỉ để hỏi, không tính khi xếp hạng. Words that only ask.
phrase\treason
""",
    "lay_terms.tsv": """\
# Cách nói hằng ngày → tên gọi chính thức. What people call things, and what documents call them; several with |.
# ways: both (hai chiều) hoặc để trống (một chiều). both ways, or empty: the lay term finds the official one.
lay\tofficial\tways
""",
    "relations.tsv": """\
# Quan hệ giữa các văn bản mà kho biết chắc, có nguồn. Relations that you know for certain, each with its source.
# kind: thay-the, bai-bo, het-hieu-luc, sua-doi, ngung-hieu-luc, dinh-chinh, hop-nhat, huong-dan, keo-dai, tiep-tuc,
#   trien-khai, hieu-luc (có hiệu lực từ ngày), con-hieu-luc (nguồn ghi còn hiệu lực)
# doer, target: số hiệu hoặc mã văn bản · part: 5/2/a (điểm a khoản 2 Điều 5), cách nhau bằng dấu phẩy · day: 2025-07-01
doer\tkind\ttarget\tpart\tday\tsource
""",
    "featured.tsv": """\
# Bài nổi bật trên trang chủ, theo thứ tự. Featured on the first page, in this order; the key of an article.
article\tnote
""",
    "pins.tsv": """\
# Kết quả ghim lên đầu cho một câu tìm. Results set on top for a query, marked as such; at most 5 a query.
# target: mã bài (12 chữ số trong địa chỉ bài) hoặc mã văn bản. The key of an article or the slug of a document.
query\ttarget\tnote
""",
}
"""File name → its first text."""
