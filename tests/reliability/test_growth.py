"""Nothing grows faster than its input: all text functions and readers on repeats of what lexicon and grammars join."""

from __future__ import annotations

import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from io import BytesIO
from pathlib import Path

import pytest

from searchapp import outline, tables
from searchapp.article import Record
from searchapp.citations.find import find_citations
from searchapp.citations.find.bodies import located
from searchapp.citations.find.carrying import with_carriers
from searchapp.citations.find.relations import find_relations
from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.ingest.analysis import analyse
from searchapp.readers import formats, jsonl
from searchapp.readers.stated_facts import provision_of
from searchapp.text import encodings, normalize, syllables, tokens, words

pytestmark = pytest.mark.clock

MOST = 2.6  # times the time for twice the text
SAMPLES = int(os.environ.get("SEARCHAPP_TEST_GROWTH", "400" if os.environ.get("SEARCHAPP_TEST_SOAK") else "12"))
SIZE = 6_000  # letters to begin with
ENOUGH = 0.05  # seconds that a clock measures well
TOO_LONG = 0.24  # seconds for SIZE; 20 s for 2,000,000 letters are .06, and a busy machine counts up to four times that
TABLES = ("abbreviations", "names", "issuers", "laws", "known_documents", "lay_terms", "congress_terms", "places")

_GRAMMAR = """
05-NQ/TU|số 5|Nghị quyết số|Luật|Bộ luật|Điều 5|khoản 2|điểm a|Điều 1.|1.|a)|I.|Chương I|Mục 1|ngày 5/9/2021|
ngày 5 tháng 9 năm 2021|năm 2021|của|và|,|;|.|:|-|–|/|(|)|"|“|”|...|Căn cứ|sửa đổi, bổ sung|bãi bỏ|thay thế|
hết hiệu lực|có hiệu lực|theo quy định tại|khóa XII|Hội nghị Trung ương 4|Trung ương 4, 6|Đại hội XIII|
kèm theo|UBND|Hội đồng nhân dân|tỉnh|xã|phường|TP.HCM|TP. Hồ Chí Minh|Tỉnh ủy|Ban Thường vụ|KT. CHỦ TỊCH|
Nơi nhận:|Đã ký|CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM|QUYẾT ĐỊNH|V/v|1|1.000|1/1|1-1|2021|a|A|Đ|é|e\u0301|\u0301|
\u200b|\xad|_|@|a@b.|http://|<|>|<a|<b>|<!--|</|&amp;|&|#|- |* |> |`|```|---|***|[a](|![|[|]|\\|=|~~|{|}|\t|  |
<p>|<div>|<td>|<table><tr><td>|<ul><li>|<script>|<![CDATA[|thực hiện|Xây dựng|quá trình|Nguyễn Văn A|này|
nêu trên|Nghị quyết này|Luật này|những|không|được|từ ngày|đến ngày|(sau đây gọi là|“Luật|30/2020/NĐ-CP|QH15|
nq57|64/SL|VBHN|[1]|(1)|¹|1.1.1.|aa|T.P|Q.|Sở|Bộ|Đảng ủy|Phụ lục|Số: 5/QĐ|phát biểu|thứ|các Nghị định|số 1, 2|
đến""".replace("\n", "").split("|")


@cache
def vocabulary() -> list[str]:
    data = resources.files("searchapp").joinpath("data")
    rows = [data.joinpath(f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:] for name in TABLES]
    fields = [field for table in rows for row in table for field in row.split("\t")[:3] if 0 < len(field) < 60]
    lexicon = resources.files("pyvi").joinpath("models", "words.txt").read_text(encoding="utf-8").split("\n")
    return [*_GRAMMAR, *random.Random(26).sample(fields, 300), *random.Random(5).sample(lexicon, 200)]


def repeats(chance: random.Random) -> Iterator[str]:
    """Endless: one to three of them with what stands between, the grammar's own half of the time."""
    while True:
        found = [
            chance.choice(_GRAMMAR if chance.random() < 0.6 else vocabulary())
            for _ in range(chance.choice((1, 1, 2, 3)))
        ]
        yield chance.choice((" ", " ", "")).join(found) + chance.choice((" ", " ", "", ", ", "; ", "\n", "\n\n"))


@cache
def themes() -> tables.Themes:
    return tables.load(None, ()).themes


def _file(name: str, before: str = "") -> Callable[[str], object]:
    return lambda text: list(formats.read((before + text).encode("utf-8", "ignore"), name))


HEADING = "CHÍNH PHỦ\nSố: 5/2021/NĐ-CP\nHà Nội, ngày 5 tháng 9 năm 2021\nNGHỊ ĐỊNH\nVề nhà ở\n"
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "normalize": normalize.normalize,
    "fold": normalize.fold,
    "slug": normalize.slug,
    "repair": encodings.repair,
    "decode": lambda text: encodings.decode(text.encode("utf-8", "ignore")),
    "pieces": syllables.pieces,
    "tokens": tokens.tokens,
    "stream": tokens.stream,
    "segment": words.segment,
    "citations": lambda text: with_carriers(text, find_citations(text)),
    "relations": lambda text: find_relations(text, find_citations(text)),
    "outline": outline.split,
    "located": lambda text: located("Ủy ban nhân dân xã Tân Phú", text),
    "analyse": lambda text: analyse(Record(path="a", text=text), themes()),
    "provision": lambda text: provision_of(Record(path="a", text=text, url="https://a.vn/#Dieu_1")),
    "title": lambda text: analyse(Record(path="a", title=text, text=text[:SIZE], basis=(text[:SIZE],)), themes()),
    ".txt": _file("a.txt"),
    "official .txt": _file("a.txt", HEADING),
    ".md": _file("a.md"),
    ".html": _file("a.html", "<html><body><p>"),
    "official .html": _file("a.html", "<html><body><p>" + HEADING.replace("\n", "<p>")),
    ".rtf": _file("a.rtf", "{\\rtf1 "),
    ".eml": _file("a.eml", "Subject: a\n\n"),
    ".json": _file("a.json"),
    "rows": lambda text: list(jsonl.read(BytesIO(json.dumps({"id": "1", "text": f"<p>{text}"}).encode()), "a.jsonl")),
    ".xml": _file("a.xml", "<rss><channel><item><title>"),
}


def seconds(function: Callable[[str], object], unit: str, size: int) -> float:
    text = (unit * (size // len(unit) + 1))[:size]
    started = time.process_time()
    try:
        function(text)
    except RecursionError:
        raise
    except Exception:  # what is refused is refused in time
        pass
    return time.process_time() - started


def grows(function: Callable[[str], object], unit: str, size: int = SIZE) -> str:
    """What to say when twice the text takes more than MOST times the time, and twice that again; else ""."""
    once = seconds(function, unit, size)
    too_long = TOO_LONG * size / SIZE
    if once > too_long and (once := min(seconds(function, unit, size) for _ in range(3))) > too_long:
        return f"{once:.2f} s for {size:,} letters"
    while once < ENOUGH and size < 8 * SIZE:
        size *= 2
        once = seconds(function, unit, size)
    if once < ENOUGH:
        return ""
    twice = seconds(function, unit, 2 * size)
    for _ in range(4):  # other processes make a clock run fast, never slow
        if twice <= MOST * once:
            return ""
        once = max(once, seconds(function, unit, size))
        twice = min(twice, seconds(function, unit, 2 * size))
    if seconds(function, unit, 4 * size) <= MOST**2 * once and twice <= TOO_LONG * 2 * size / SIZE:
        return ""  # a small step: from some length on a library looks a second time, whatever comes
    return f"{once:.2f} s for {size:,} letters, {twice:.2f} s for twice as many"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_twice_the_text_takes_twice_the_time(name: str, record_property: Callable[[str, object], None]) -> None:
    formats.load()
    function = FUNCTIONS[name]
    function("Nghị quyết 05-NQ/TU")
    units = repeats(random.Random(f"26 {name}"))
    tried = [" ", "\n ", *(next(units) for _ in range(SAMPLES))]  # blanks alone, and what they stand between
    found = {unit: told for unit in tried if (told := grows(function, unit))}
    record_property(f"repeats tried on {name}", SAMPLES)
    assert found == {}


KNOWN = (
    "thực hiện ", "05-NQ/TU ", "a UBND ", "TP.HCM, ", "bãi bỏ ", "bãi bỏ 05-NQ/TU; ",
    "bãi bỏ Nghị định số 30/2020/NĐ-CP, ", "Điều 2. Sửa đổi, bổ sung một số điều của Luật Đấu thầu\n",
    "Điều 1. Quyền\n",
)  # fmt: skip
"""What grew with the square of its length once."""


@pytest.mark.parametrize("unit", KNOWN)
@pytest.mark.parametrize("name", ["segment", "stream", "relations", "analyse", "provision"])
def test_what_grew_once_does_not_grow_again(name: str, unit: str) -> None:
    assert grows(FUNCTIONS[name], unit) == ""


@pytest.mark.parametrize("unit", ["Thực hiện Nghị quyết số 05-NQ/TU và ", "Luật Đất đai và ", "xây dựng Đảng, "])
def test_a_reindex_takes_twice_the_time_for_twice_the_text(tmp_path: Path, unit: str) -> None:
    def reindexed(text: str) -> None:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        (folder / "corpus").mkdir()
        (folder / "corpus" / "a.txt").write_text("Một bài dài\n" + text, encoding="utf-8")
        reindex([folder / "corpus"], folder / "index", Settings(index=folder / "index"), jobs=1)

    reindexed(unit)  # lexicon and tables are loaded once, and not by what is measured
    assert grows(reindexed, unit, 60_000) == ""
