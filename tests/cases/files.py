"""Foreign files by format: HTML, DOCX, PDF, text and rows, feeds. What the bomb tests read is only named here."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import NamedTuple

from test_readers_bombs import BOMBS, LAUGHS, W, docx, pdf, word, zipped

COVERED = {name.split()[0] for name in BOMBS}
"""Rows that `test_readers_bombs` runs, each in its own reader process."""


class Foreign(NamedTuple):
    """A file as it comes. bad: the reason of every item that is skipped, "" where something is read; text: in what was
    read; lacks: not in it (title and facts included); note: what a person is told; count: Records."""

    id: str
    name: str
    make: Callable[[], bytes | str]
    bad: str = ""
    text: str = ""
    lacks: tuple[str, ...] = ()
    note: str = ""
    count: int | None = None


P = "Phường tổ chức ngày hội đại đoàn kết toàn dân tộc. "


def page(body: str, head: str = "<title>Tin phường</title>") -> Callable[[], str]:
    return lambda: f"<html><head>{head}</head><body><article><p>{P * 6}</p>{body}</article></body></html>"


def rows(*values: object) -> Callable[[], str]:
    return lambda: "\n".join(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values)


def rss(items: str, title: str = "Báo") -> Callable[[], str]:
    return lambda: f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def item(text: str = P, more: str = "", link: str = "https://example.org/1") -> str:
    return f"<item><title>Bài</title><link>{link}</link><description>{text}</description>{more}</item>"


def paragraphs(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def relation(target: str) -> tuple[str, str]:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    return (
        "word/_rels/document.xml.rels",
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r9" Type="{kind}" Target="{target}" TargetMode="External"/></Relationships>',
    )


def text_pdf(text: str, **options: object) -> bytes:
    lines = "".join(f"({text}) Tj 0 -14 Td " for _ in range(12))
    return pdf(f"BT /F 9 Tf 50 700 Td {lines}ET".encode("latin-1"), **options)  # type: ignore[arg-type]


ENGLISH = "The committee met to discuss schools and roads in the district this morning"
LONG = "đ" * (1 << 20)

HTML = (
    Foreign("H3 nested", "a.html", lambda: "<div>" * 100_000 + f"<p>{P * 9}</p>", bad=""),
    Foreign("H4 scripts", "a.html", page(
        "<script>bimat1()</script><style>bimat2{}</style><template>bimat3</template><!-- bimat4 --><p onclick='bimat5()'>x</p>"
    ), text="ngày hội", lacks=("bimat1", "bimat2", "bimat3", "bimat4", "bimat5")),
    Foreign("H5 escaped twice", "a.html", page(f"<p>{P}&amp;lt;img onerror&amp;gt; {P}</p>"), text="<img onerror>"),
    Foreign("H6 windows-1258", "a.txt", lambda: ("Đảng bộ phường họp dân\n" * 30).replace("ả", "a\u0309").replace("ộ", "ô\u0323")
            .replace("ườ", "ươ\u0300").replace("ọ", "o\u0323").encode("cp1258"), text="Đảng bộ", note="encoding"),
    Foreign("H6 UTF-16 without mark", "a.txt", lambda: ("Đảng bộ phường họp dân. " * 30).encode("utf-16-le"), text="Đảng bộ"),
    Foreign("H6 half an encoding", "a.txt", lambda: b"\xff\xe9\xfa" * 500, bad="encoding"),
    Foreign("H7 refresh and base", "a.html", page("", "<title>Tin</title><base href='javascript:1'><meta http-equiv=refresh content='0;url=//evil.example'>"),
            text="ngày hội", lacks=("javascript:", "evil.example")),
    Foreign("H9 empty", "a.html", lambda: b"", bad="empty file"),
    Foreign("H9 spaces", "a.html", lambda: " \n\t ", bad="empty file"),
    Foreign("H9 only links", "a.html", lambda: "<ul>" + "<li><a href=/x>Trang chủ</a></li>" * 9 + "</ul>", bad="no article"),
    Foreign("H10 image as page", "a.html", lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), bad="holds an image"),
    Foreign("H10 page as PDF", "a.pdf", page(""), bad="holds HTML"),
    Foreign("H11 title of a megabyte", "a.html", page("", f"<title>{'dài ' * 250_000}</title>"), text="ngày hội"),
    Foreign("H11 title of tags", "a.html", page("", "<title><b></b></title>"), text="ngày hội"),
    Foreign("H12 nul and surrogates", "a.html", page("<p>a\x00b &#xD800; &#0; xin chào</p>"), text="ngày hội", lacks=("\x00", "\ud800")),
    Foreign("+ numeric references", "a.html", page("<p>&#x110;&#7843;ng &#99999999; b&#7897;</p>"), text="Đảng"),
    Foreign("+ svg and math", "a.html", page("<svg><script>bimat()</script><text>x</text></svg><math><mi>y</mi></math>"), lacks=("bimat",)),
    Foreign("+ frames only", "a.html", lambda: "<frameset><frame src=//evil.example></frameset>", bad="n"),
    Foreign("+ attribute of a megabyte", "a.html", page(f"<p title='{'x' * (1 << 20)}'>{P}</p>"), text="ngày hội"),
    Foreign("+ broken markdown head", "a.md", lambda: f"---\ntitle: [\n---\n\n{P}", text=""),
    Foreign("+ YAML object in a head", "a.md", lambda: f"---\ntitle: !!python/object/apply:os.system ['id']\n---\n\n{P}", lacks=("uid=",)),
)  # fmt: skip

DOCX = (
    Foreign("D6 outside names", "a.docx", lambda: docx(f"<w:document {W}><w:body>{paragraphs(P * 3)}</w:body></w:document>",
            ("../../x.txt", "a"), ("/etc/x", "b")), text="ngày hội"),
    Foreign("D8 external", "a.docx", lambda: docx(f"<w:document {W}><w:body>{paragraphs(P * 3)}</w:body></w:document>",
            relation("http://169.254.169.254/x")), text="ngày hội"),
    Foreign("D9 deleted and hidden", "a.docx", lambda: word(
        paragraphs(P * 3) + "<w:p><w:del><w:r><w:delText>bimat1</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>thêm</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>bimat2</w:t></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc>{paragraphs('Ô bảng')}</w:tc></w:tr></w:tbl>"
    ), text="Ô bảng", lacks=("bimat1", "bimat2")),
    Foreign("+ the same part twice", "a.docx", lambda: zipped([("word/document.xml", "a"), ("word/document.xml", "b")]), bad="twice"),
    Foreign("+ no document part", "a.docx", lambda: zipped([("a.txt", "a")]), bad="not a Word file"),
    Foreign("+ cut short", "a.docx", lambda: word(paragraphs(P))[:-40], bad="damaged ZIP"),
    Foreign("+ old office", "a.docx", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), bad="named .docx"),
    Foreign("+ a picture in a ZIP", "a.zip", lambda: zipped([("a.png", b"\x89PNG")]), count=0),
    Foreign("+ UTF-16 with a DTD", "a.odt", lambda: zipped([("content.xml", "<!DOCTYPE a []><a/>".encode("utf-16"))]), bad="DTD"),
)  # fmt: skip

PDF = (
    Foreign("PD5 password", "a.pdf", lambda: pdf(b"BT ET").replace(b"trailer<<", b"trailer<</Encrypt<</Filter/Standard/V 1/R 2"
            b"/O(" + b"a" * 32 + b")/U(" + b"b" * 32 + b")/P -4>>/ID[(x)(x)]"), bad="p"),
    Foreign("PD6 a scan", "a.pdf", lambda: pdf(b"0 0 600 800 re f"), bad="OCR"),
    Foreign("PD8 gibberish", "a.pdf", lambda: text_pdf("xqzt wqrp zzkx qqwv xxzz kkqj wwxz vvqk"), bad="not Vietnamese enough"),
    Foreign("PD9 scripts", "a.pdf", lambda: text_pdf("Phuong hop dan ban viec cho nguoi ngheo")
            .replace(b"<</Type/Catalog", b"<</OpenAction<</S/JavaScript/JS(bimat)>>/Type/Catalog"), lacks=("bimat",)),
    Foreign("PD10 controls", "a.pdf", lambda: text_pdf("Phuong hop dan\\000 ban\\007 viec cho nguoi ngheo"), lacks=("\x00", "\x07")),
    Foreign("PD11 from outside", "a.pdf", lambda: text_pdf("Phuong hop dan ban viec cho nguoi ngheo")
            .replace(b"<</Type/Catalog", b"<</OpenAction<</S/URI/URI(http://169.254.169.254/)>>/Type/Catalog"), lacks=("169.254",)),
    Foreign("+ header late", "a.pdf", lambda: b"x" * 2000 + pdf(b"BT ET"), bad="named .pdf"),
    Foreign("+ no pages", "a.pdf", lambda: pdf(b"BT ET", kids="", pages=0), bad=" "),
    Foreign("+ only the header", "a.pdf", lambda: b"%PDF-1.7\n", bad="broken PDF"),
)  # fmt: skip

ROWS = (
    Foreign("J1 marks and ends", "a.jsonl", lambda: b"\xef\xbb\xbf" + json.dumps({"text": P}).encode() + b"\r\n\r\n" + json.dumps({"text": P, "id": "2"}).encode(), text="ngày hội", count=2),
    Foreign("J1 UTF-16", "a.jsonl", lambda: json.dumps({"text": P}).encode("utf-16"), text="ngày hội", count=1),
    Foreign("J2 trailing comma", "a.jsonl", rows({"text": P}, '{"text": "a",}', {"text": P, "id": "2"}), bad="not JSON", count=2),
    Foreign("J2 half a line", "a.jsonl", rows({"text": P}, '{"text": "a'), bad="not JSON", count=1),
    Foreign("J3 nested", "a.jsonl", rows("[" * 200_000, {"text": P}), bad="nested too deep", count=1),
    Foreign("J4 digits", "a.jsonl", rows('{"text": "a", "id": ' + "1" * 5000 + "}"), bad="not JSON"),
    Foreign("J4 NaN", "a.jsonl", rows('{"text": "a", "id": NaN}'), bad="NaN"),
    Foreign("J5 twice", "a.jsonl", rows('{"text": "a", "text": "b"}'), bad="the same key twice"),
    Foreign("J6 surrogate", "a.jsonl", rows('{"text": "Một\\ud800 hai"}'), text="Một hai", lacks=("\ud800",)),
    *(Foreign(f"J7 {v}", "a.jsonl", rows(v), bad=says) for v, says in (("[]", "not an object"), ("null", "not an object"), ("{}", "no text"))),
    Foreign("J8 a line of 33 MB", "a.jsonl.gz", lambda: gzip.compress(b'{"text": "' + b"a" * (33 << 20) + b'"}\n' + json.dumps({"text": P}).encode()), bad="longer than 32 MB", count=1),
    Foreign("J9 forged fields", "a.jsonl", rows({"text": P, "_stored_title": "giả", "_boost": 9, "_body_boost": 9}), note="keys", lacks=("giả",), count=1),
    *(Foreign(f"J10 {type(v).__name__}", "a.jsonl", rows({"text": P, "title": v}), bad="title must be text") for v in (5, ["a"], {"a": 1}, True)),
    Foreign("J11 long id", "a.jsonl", rows({"text": P, "id": "đ" * 300}), bad="id longer than 512 bytes"),
    Foreign("J11 no id", "a.jsonl", rows({"text": P}), text="ngày hội", count=1),
    Foreign("J12 surrogate in the id", "a.jsonl", rows('{"text": "a", "id": "\\ud800"}'), bad="lone surrogate"),
    *(Foreign(f"J13 {v}", "a.jsonl", rows({"text": P, "date": v}), text=v) for v in ("30/04/1975", "1945", "9999-12-31", "1975-04")),
    *(Foreign(f"J13 no date {v}", "a.jsonl", rows({"text": P, "date": v}), note="date", lacks=(v,)) for v in ("31/02/2021", "0000-01-01", "hôm qua")),
    Foreign("J14 a large number", "a.jsonl", rows({"text": P, "id": 2**62}), text=str(2**62)),
    Foreign("J14 a huge number", "a.jsonl", rows('{"text": "a", "id": ' + str(2**70) + "}"), bad="id must be text"),
    Foreign("J15 a path", "a.jsonl", rows({"text": P, "path": "../../etc/passwd"}), note="keys", lacks=("passwd",), count=1),
    Foreign("J18 a token of a megabyte", "a.jsonl", rows({"text": LONG, "id": "1"}), text="đđđ", count=1),
    Foreign("+ empty archive", "a.jsonl.gz", lambda: gzip.compress(b""), bad="empty file"),
    Foreign("+ no archive", "a.jsonl.gz", lambda: b"text", bad="breaks off"),
    Foreign("+ two objects in a line", "a.jsonl", rows('{"text": "a"} {"text": "b"}'), bad="not JSON"),
    Foreign("+ themes of numbers", "a.jsonl", rows({"text": "a", "themes": [1]}), bad="themes must be"),
    Foreign("+ themes without end", "a.jsonl", rows({"text": P, "themes": [f"t{n}" for n in range(5000)]}), bad="more than 20 themes"),
    Foreign("+ text of spaces", "a.txt", lambda: " \n \n", bad="empty file"),
    Foreign("+ text of dashes", "a.txt", lambda: "-----\n_____", bad=""),
    Foreign("+ binary text", "a.txt", lambda: bytes(range(32)) * 50, bad="binary"),
    Foreign("+ no reader", "a.exe", lambda: b"MZ", bad="no reader"),
)  # fmt: skip

FEEDS = (
    Foreign("FE1 script link", "a.rss", rss(item(link="javascript:alert(1)")), text="ngày hội", count=1),
    Foreign("FE2 script title", "a.rss", rss(item(), "&lt;script&gt;bimat&lt;/script&gt;Báo"), text="Báo", lacks=("bimat", "<script")),
    Foreign("FE4 a path", "a.rss", lambda: b"/etc/passwd", bad="not a feed"),
    Foreign("FE4 an address", "a.rss", lambda: b"file:///etc/passwd", bad="not a feed"),
    Foreign("FE8 without ids", "a.rss", rss(item(link="") * 3), count=3),
    Foreign("FE8 many", "a.rss", rss(item("a") * 1_200), note="cut", count=1_000),
    Foreign("FE9 error page", "a.rss", page(""), bad="not a feed"),
    Foreign("FE9 empty feed", "a.rss", rss(""), count=0),
    Foreign("FE10 base of another host", "a.atom", lambda: '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://evil.example/">'
            f'<title>Báo</title><entry><id>1</id><title>Bài</title><link href="/1"/><summary>{P}</summary></entry></feed>',
            text="ngày hội", lacks=("evil.example",)),
    Foreign("+ laughs in UTF-16", "a.rss", lambda: f"{LAUGHS}<rss/>".encode("utf-16"), bad="DTD"),
    Foreign("+ JSON Feed of lists", "a.json", lambda: json.dumps({"version": "https://jsonfeed.org/version/1", "items": [[], 5, None]}), bad="not an object"),
    Foreign("+ JSON Feed without items", "a.json", lambda: json.dumps({"version": "https://jsonfeed.org/version/1"}), bad="JSON Feed"),
)  # fmt: skip

CASES = (*HTML, *DOCX, *PDF, *ROWS, *FEEDS)
