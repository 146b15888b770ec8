"""Word, OpenDocument and the ZIP files they come in."""

from __future__ import annotations

from test_bombs import W, docx, word, zipped

from cases.foreign import Foreign, P


def paragraphs(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def locked(data: bytes) -> bytes:
    """A ZIP that says its files are encrypted."""
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data = data[: at + flags] + bytes([data[at + flags] | 1]) + data[at + flags + 1 :]
    return data


def relation(target: str) -> tuple[str, str]:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    return (
        "word/_rels/document.xml.rels",
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r9" Type="{kind}" Target="{target}" TargetMode="External"/></Relationships>',
    )


CASES = (
    Foreign("D6 outside names", "a.docx", lambda: docx(f"<w:document {W}><w:body>{paragraphs(P * 3)}</w:body></w:document>",
            ("../../x.txt", "a"), ("/etc/x", "b")), text="ngày hội"),
    Foreign("D8 external", "a.docx", lambda: docx(f"<w:document {W}><w:body>{paragraphs(P * 3)}</w:body></w:document>",
            relation("http://169.254.169.254/x")), text="ngày hội"),
    Foreign("D9 deleted and hidden", "a.docx", lambda: word(
        paragraphs(P * 3) + "<w:p><w:del><w:r><w:delText>bimat1</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>thêm</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>bimat2</w:t></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc>{paragraphs('Ô bảng')}</w:tc></w:tr></w:tbl>"
    ), text="Ô bảng", lacks=("bimat1", "bimat2")),
    Foreign("D7 password", "a.docx", lambda: locked(word(paragraphs(P))), bad="has a password"),
    Foreign("D7 cut short", "a.docx", lambda: word(paragraphs(P))[:300], bad="damaged ZIP"),
    Foreign("D10 strict", "a.docx", lambda: docx(f'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{paragraphs(P)}</w:body>'
            "</w:document>"), text=P[:20]),
    Foreign("D10 with macros", "a.docm", lambda: word(paragraphs(P)), count=1, text="Phường"),
    Foreign("+ old office", "a.docx", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), bad="without a Word document"),
    Foreign("+ the same part twice", "a.docx", lambda: zipped([("word/document.xml", "a"), ("word/document.xml", "b")]), bad="twice"),
    Foreign("+ no document part", "a.docx", lambda: zipped([("a.txt", "a")]), bad="not a Word file"),
    Foreign("+ cut short", "a.docx", lambda: word(paragraphs(P))[:-40], bad="damaged ZIP"),
    Foreign("+ a picture in a ZIP", "a.zip", lambda: zipped([("a.png", b"\x89PNG")]), count=0),
    Foreign("+ UTF-16 with a DTD", "a.odt", lambda: zipped([("content.xml", "<!DOCTYPE a []><a/>".encode("utf-16"))]), bad="DTD"),
)  # fmt: skip
