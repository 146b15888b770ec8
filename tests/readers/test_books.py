"""Books and mail: chapters and messages are articles, what is attached is read, what is locked is named."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest

from searchapp.article import Record
from searchapp.errors import BadRecordError
from searchapp.readers import epub, formats, mail
from searchapp.readers.items import Bad, Note

SENTENCE = "Ban Thường vụ Đảng ủy phường họp bàn việc làm cầu qua rạch, mở chợ mới và xây trường học cho trẻ em."
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
BOOK = (
    '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
    "<dc:title>Văn kiện Đảng bộ</dc:title><dc:creator>Nhiều tác giả</dc:creator><dc:date>2021</dc:date></metadata>"
    '<manifest><item id="a" href="ch%C6%B0%C6%A1ng/1.xhtml"/><item id="b" href="../2.xhtml"/>'
    '<item id="c" href="bia.xhtml"/>'
    '</manifest><spine><itemref idref="c"/><itemref idref="b"/><itemref idref="a"/><itemref idref="không có"/></spine>'
    "</package>"
)


def chapter(heading: str, *paragraphs: str) -> str:
    inner = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<?xml version='1.0'?><!DOCTYPE html><html><body><h1>{heading}</h1>{inner}</body></html>"


def book(**parts: str) -> bytes:
    stream = io.BytesIO()
    held = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": BOOK,
        "OEBPS/bia.xhtml": chapter("Bìa"),
        "OEBPS/chương/1.xhtml": chapter("Chương một", SENTENCE),
        "2.xhtml": chapter("Lời nói đầu", SENTENCE, SENTENCE),
    }
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in (held | {name.replace("__", "/"): text for name, text in parts.items()}).items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_chapters_in_the_order_of_the_book() -> None:
    first, second = formats.read(book(), "a.epub")
    assert isinstance(first, Record) and isinstance(second, Record)
    assert (first.title, first.text.count(SENTENCE), first.row) == ("Lời nói đầu", 2, 2)
    assert (second.title, second.source, second.author, second.date) == (
        "Chương một", "Văn kiện Đảng bộ", "Nhiều tác giả", "2021",
    )  # fmt: skip
    assert second.text == SENTENCE


def test_a_chapter_named_again_and_again_is_read_once() -> None:
    again = BOOK.replace("</spine>", '<itemref idref="a"/>' * 50_000 + "</spine>")
    assert len(list(epub.read(book(**{"OEBPS__book.opf": again}), "a.epub"))) == 2


LOCK = '<encryption><EncryptedData><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>'


def test_hidden_fonts_are_no_lock() -> None:
    fonts = LOCK.format("http://www.idpf.org/2008/embedding")
    assert len(list(epub.read(book(**{"META-INF__encryption.xml": fonts}), "a.epub"))) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (book(**{"META-INF__encryption.xml": LOCK.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")}), "password"),
        (book(**{"META-INF__container.xml": "<container/>"}), "not a book"),
        (book(**{"OEBPS__book.opf": "<package><!-- "}), "not a book"),
        (book(**{"META-INF__container.xml": "<!DOCTYPE x []><container/>"}), "DTD"),
        (book(**{"OEBPS__book.opf": "<package/>"}), "no text"),
        (b"PK\x03\x04", "damaged ZIP"),
    ],
    ids=range(6),
)
def test_what_is_no_book_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BadRecordError, match=reason):
        list(epub.read(data, "a.epub"))


def message(subject: str = "Giấy mời họp", body: str = SENTENCE, *, attached: bytes = b"") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"] = "Văn phòng Đảng ủy <vp@example.vn>", subject
    made["Date"], made["Message-ID"] = "Wed, 15 Sep 2021 23:30:00 +0700", f"<{abs(hash(subject))}@example.vn>"
    made.set_content(f"{body}\n> Trích thư trước.\n")
    if attached:
        made.add_attachment(attached, maintype="text", subtype="html", filename="../thông báo.html")
        made.add_attachment(b"PNG", maintype="image", subtype="png", filename="logo.png")
        made.add_attachment(b"x", maintype="application", subtype="msword", filename="cu.doc")
    return made


def mailbox(*messages: EmailMessage) -> bytes:
    lines = (bytes(one).replace(b"\nFrom ", b"\n>From ") for one in messages)
    return b"".join(b"From vp@example.vn Wed Sep 15 23:30:00 2021\n" + one + b"\n\n" for one in lines)


def test_a_message_and_what_is_attached_to_it() -> None:
    paragraphs = f"<p>{SENTENCE}</p>" * 4
    page = f"<html><title>Tin</title><body><article><h1>Thông báo</h1>{paragraphs}</article></body></html>"
    record, page_read, old = formats.read(bytes(message(attached=page.encode())), "thu.eml")
    assert isinstance(record, Record)
    assert (record.title, record.author, record.date) == ("Giấy mời họp", "Văn phòng Đảng ủy", "2021-09-15")
    assert record.text == SENTENCE and "@" not in record.text + record.author
    assert isinstance(page_read, Record) and page_read.path == "thu.eml/.._thông báo.html"
    assert isinstance(old, Bad) and "old Word file" in old.reason


def test_an_official_document_pasted_into_a_message_is_read_as_one() -> None:
    letter = (
        "Kính gửi anh chị,\nEm gửi văn bản ạ.\n-----\n"
        "BỘ NỘI VỤ                   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "Số: 7415/BNV-CQĐP           Độc lập - Tự do - Hạnh phúc\n"
        "V/v đơn vị sự nghiệp        Hà Nội, ngày 09 tháng 9 năm 2025\n\n"
        "Kính gửi: Ủy ban nhân dân các tỉnh\n1. Rà soát các đơn vị sự nghiệp.\n"
        "Nơi nhận:                   KT. BỘ TRƯỞNG\n- Như trên;                 THỨ TRƯỞNG\n"
        "- Lưu: VT.                  Nguyễn Thị Hà\n-----\nTrân trọng,\nThu Trang\n"
    )
    (record,) = formats.read(bytes(message("Fwd: văn bản", body=letter)), "thu.eml")
    assert isinstance(record, Record)
    said = (record.number, record.kind, record.issuer, record.date, record.signer, record.title)
    assert said == (
        "7415/BNV-CQĐP", "Công văn", "Bộ Nội vụ", "2025-09-09", "Nguyễn Thị Hà", "Đơn vị sự nghiệp"
    )  # fmt: skip
    assert record.text.startswith("Kính gửi anh chị")


def test_a_mailbox_is_read_message_by_message(monkeypatch: pytest.MonkeyPatch) -> None:
    data = mailbox(message("Một"), message("Hai", body="From đầu dòng là chữ.\n" + SENTENCE), message("Ba", body=""))
    one, two, three = formats.read(data, "thu.mbox")
    assert isinstance(one, Record) and isinstance(two, Record)
    assert (one.title, two.title, two.row) == ("Một", "Hai", 2)
    assert two.text.startswith("From đầu dòng") and one.id != two.id
    assert three == Bad("thu.mbox", 3, "no text", code="empty")
    monkeypatch.setattr(mail, "MAX_MESSAGES", 1)
    note, _ = formats.read(data, "thu.mbox")
    assert note == Note("thu.mbox", 0, "cut", "only the first 1 of 3 messages were read")


def test_a_message_of_html_alone() -> None:
    made = EmailMessage()
    made["Subject"] = "Tin"
    made.set_content(f"<p>{SENTENCE}</p><script>x</script>", subtype="html")
    (record,) = formats.read(bytes(made), "a.eml")
    assert isinstance(record, Record) and record.text == SENTENCE


@pytest.mark.parametrize(("name", "data"), [("a.eml", b"xin chao"), ("a.mbox", b"xin chao"), ("a.mbox", b"\nFrom x\n")])
def test_what_is_no_mail_is_refused(name: str, data: bytes) -> None:
    (bad,) = formats.read(data, name)
    assert isinstance(bad, Bad) and bad.reason.startswith("not a m")
