"""PDF files that hold no text, no sense, or something else."""

from __future__ import annotations

from test_bombs import pdf

from cases.foreign import Foreign


def text_pdf(text: str, **options: object) -> bytes:
    lines = "".join(f"({text}) Tj 0 -14 Td " for _ in range(12))
    return pdf(f"BT /F 9 Tf 50 700 Td {lines}ET".encode("latin-1"), **options)  # type: ignore[arg-type]


CASES = (
    Foreign("PD5 password", "a.pdf", lambda: pdf(b"BT ET").replace(b"trailer<<", b"trailer<</Encrypt<</Filter/Standard/V 1/R 2"
            b"/O(" + b"a" * 32 + b")/U(" + b"b" * 32 + b")/P -4>>/ID[(x)(x)]"), bad="has a password"),
    Foreign("PD6 a scan", "a.pdf", lambda: pdf(b"0 0 600 800 re f"), bad="OCR"),
    Foreign("PD7 5,001 pages", "a.pdf", lambda: text_pdf("Phuong hop dan ban viec cho nguoi ngheo", kids="3 0 R " * 5001, pages=5001),
            text="Phuong hop dan", note="cut"),
    Foreign("PD8 gibberish", "a.pdf", lambda: text_pdf("xqzt wqrp zzkx qqwv xxzz kkqj wwxz vvqk"), bad="not Vietnamese enough"),
    Foreign("PD9 scripts", "a.pdf", lambda: text_pdf("Phuong hop dan ban viec cho nguoi ngheo")
            .replace(b"<</Type/Catalog", b"<</OpenAction<</S/JavaScript/JS(bimat)>>/Type/Catalog"), text="Phuong hop dan", lacks=("bimat",)),
    Foreign("PD10 controls", "a.pdf", lambda: text_pdf("Phuong hop dan\\000 ban\\007 viec cho nguoi ngheo"), text="Phuong hop dan", note="encoding", lacks=("\x00", "\x07")),
    Foreign("PD11 from outside", "a.pdf", lambda: text_pdf("Phuong hop dan ban viec cho nguoi ngheo")
            .replace(b"<</Type/Catalog", b"<</OpenAction<</S/URI/URI(http://169.254.169.254/)>>/Type/Catalog"), text="Phuong hop dan", lacks=("169.254",)),
    Foreign("+ header late", "a.pdf", lambda: b"x" * 2000 + pdf(b"BT ET"), bad="named .pdf"),
    Foreign("+ no pages", "a.pdf", lambda: pdf(b"BT ET", kids="", pages=0), bad="broken PDF"),
    Foreign("+ only the header", "a.pdf", lambda: b"%PDF-1.7\n", bad="broken PDF"),
)  # fmt: skip
