"""Files made to do harm cost little, are named with a reason, and the file after them is read."""

import io
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path
from threading import Timer

import pytest

from searchapp.article import Record
from searchapp.readers import MAX_BYTES, MAX_SCAN_BYTES, read
from searchapp.readers.items import Bad
from searchapp.readers.sandbox.limits import MEMORY, memory_held
from searchapp.readers.sandbox.parent import Sandbox

GOOD = "<html><title>Tin</title><body><article><p>" + "Phường tổ chức ngày hội đại đoàn kết. " * 20 + "</p></article>"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture(scope="module")
def sandbox():
    box = Sandbox()
    yield box
    box.close()


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return stream.getvalue()


def docx(document, *more):
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>'
    )
    return zipped([("[Content_Types].xml", types), ("_rels/.rels", rels), ("word/document.xml", document), *more])


def word(body, doctype=""):
    return docx(f'<?xml version="1.0"?>{doctype}<w:document {W}><w:body>{body}</w:body></w:document>')


def pdf(content, *, filters=("FlateDecode",), pages=1, kids="3 0 R"):
    """A PDF of one page (drawn by `content`) that claims to have so many."""
    for _ in filters:
        content = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}/Filter[{''.join('/' + f for f in filters)}]>>".encode()
        + b"stream\n"
        + content
        + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj".encode() + body + b"endobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    return bytes(out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>startxref {start}\n%%EOF".encode())


def bomb_lies(declared):
    """A ZIP whose one entry claims to unpack to `declared` bytes and unpacks to 24 MB."""
    data = bytearray(zipped([("a.txt", b"a" * (24 << 20))]))
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, declared)
    return bytes(data)


LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip

BOMBS = {
    "H1 comments.html": lambda: b"<html><body>" + b"<!--" * 50_000,
    "H2 cdata.html": lambda: b"<html><body>" + b"<![CDATA[" * 50_000,
    "H2 ends.html": lambda: b"<html><body>" + b"</" * 50_000,
    "H8 long line.html": lambda: b"<html><body><p>" + b"x" * (10 << 20),
    "D1 long text.docx": lambda: word(f"<w:p><w:r><w:t>{'a' * (24 << 20)}</w:t></w:r></w:p>"),
    "D2 paragraphs.docx": lambda: word("<w:p/>" * 3_000_000),
    "D3 laughs.docx": lambda: word("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", LAUGHS),
    "D4 external.docx": lambda: word(
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
    "D5 entries.docx": lambda: zipped([(f"{n}.xml", b"") for n in range(3_000)], zipfile.ZIP_STORED),
    "D7 text.docx": lambda: b"PK\x03\x04 no zip at all",
    "D10 strict.docx": lambda: docx('<d xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"><body/></d>'),
    "PD1 flate.pdf": lambda: pdf(b" " * (60 << 20)),
    "PD1 triple.pdf": lambda: pdf(b" " * (60 << 20), filters=("FlateDecode",) * 3),
    "PD2 shows.pdf": lambda: pdf(b"BT/F 9 Tf" + b"(x)Tj " * 400_000 + b"ET"),
    "PD3 own parent.pdf": lambda: pdf(b"BT ET", kids="2 0 R 2 0 R 2 0 R", pages=3),
    "PD4 cut.pdf": lambda: pdf(b"BT ET")[:300],
    "PD7 pages.pdf": lambda: pdf(b"BT ET", pages=100_000_000),
    "Z1 nested.zip": lambda: zipped([("a.zip", zipped([("b.zip", zipped([("c.txt", b"a" * (8 << 20))]))]))]),
    "Z2 ratio.zip": lambda: zipped([("a.txt", b"a" * (24 << 20))]),
    "Z3 lies.zip": lambda: bomb_lies(10),
    "FE3 laughs.rss": lambda: f"{LAUGHS}<rss version='2.0'><channel><title>&i;</title></channel></rss>".encode(),
    "FE deep.xml": lambda: b"<a>" * 20_000,
    "FE deep.json": lambda: b"[" * 300_000,
    "M1 parts.eml": lambda: b"From: a@b\nMIME-Version: 1.0\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(2_000)),
    "M2 headers.eml": lambda: b"Subject: x\n" + b"a: b\n" * 200_000,
    "E1 deep.epub": lambda: zipped([("META-INF/container.xml", "<a>" * 20_000)]),
    "OD deep.odt": lambda: zipped([("content.xml", "<a>" * 20_000)]),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.clock
def test_a_bomb_costs_little_and_is_named(name, sandbox):
    data = BOMBS[name]()
    before = memory_held()
    start = time.monotonic()
    items = sandbox.read(data, name)
    seconds = time.monotonic() - start
    assert items
    assert all(isinstance(item, Bad) and item.path.startswith(name) and item.reason for item in items), items
    assert seconds < 20
    assert memory_held() - before < 50 << 20
    assert len(data) < 12 << 20
    (good,) = sandbox.read(GOOD.encode(), "good.html")
    assert isinstance(good, Record)


def test_depth_is_no_bomb(sandbox):
    page = "<html><body>" + "<div>" * 100_000 + "<p>" + "Phường tổ chức ngày hội đại đoàn kết. " * 20
    (item,) = sandbox.read(page.encode(), "deep.html")
    assert isinstance(item, (Record, Bad))


def test_what_takes_too_long_is_stopped(tmp_path):
    box = Sandbox(wall=0.05)
    try:
        (item,) = box.read(b"<html><body>" + b"<p>xin chao cac ban" * 300_000, "slow.html")
        assert isinstance(item, Bad)
        assert "takes more than 0.05 s" in item.reason
    finally:
        box.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_reader_that_was_stopped_says_nothing_of_its_file(number):
    """Ctrl-C and the end of a service reach readers too: their file is read again."""
    box = Sandbox()
    try:
        (good,) = box.read(GOOD.encode(), "good.html")
        assert isinstance(good, Record)
        box._child.process.send_signal(signal.SIGSTOP)
        Timer(0.2, lambda: [box._child.process.send_signal(one) for one in (number, signal.SIGCONT)]).start()
        (item,) = box.read(GOOD.encode(), "good.html")
        assert isinstance(item, Bad) and item.passing, item
    finally:
        box.close()


def test_a_program_gets_no_more_than_the_operator_allows():
    """Where a hard limit was below ours, the program could not start at all."""
    said = child(
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (5, 5)); confine.limit_program(1 << 30, 0, 60)\n"
        "print(resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU))"
    )
    assert said.stdout.split("\n")[0] == f"{(400 << 20, 400 << 20)} (5, 5)", said.stderr


def child(program):
    """Standard output of a program in a process that is confined as a reader is."""
    begin = "import json, sys; sys.path[:] = json.loads(sys.argv[1])"
    code = f"{begin}; from searchapp.readers.sandbox import limits as confine\n{program}"
    arguments = [sys.executable, "-I", "-c", code, json.dumps([p for p in sys.path if p])]
    return subprocess.run(arguments, capture_output=True, text=True, timeout=30, check=False)


DEEDS = (
    "socket.create_connection(('127.0.0.1', 9))",
    "socket.getaddrinfo('example.org', 80)",
    "os.system('true')",
    "os.fork()",
    "subprocess.run(['true'])",
    "open('/etc/passwd')",
    "open('out.txt', 'w')",
    "os.remove('/nowhere')",
)


def test_a_reader_may_touch_nothing_else():
    tries = "".join(f"try: {deed}; print('done')\nexcept PermissionError: print('refused')\n" for deed in DEEDS)
    done = child(f"import os, socket, subprocess\nconfine.confine()\n{tries}")
    assert done.stdout.split() == ["refused"] * len(DEEDS), done.stderr


def test_a_reader_has_little_memory():
    done = child(f"confine.confine()\ntry: bytearray({MEMORY})\nexcept MemoryError: print('refused')")
    assert done.stdout.strip() == "refused", done.stderr


def test_a_reader_has_little_time():
    done = child("confine.confine(); confine.allow_cpu(0)\nwhile True: pass")
    assert done.returncode < 0


def test_a_reader_inherits_no_open_files(tmp_path, sandbox):
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc here")
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        box = Sandbox()
        try:
            box.read(GOOD.encode(), "good.html")
            targets = [str(link.readlink()) for link in Path(f"/proc/{box._child.process.pid}/fd").iterdir()]
            assert targets
            assert not [target for target in targets if "secret" in target]
        finally:
            box.close()


def test_a_reader_that_was_killed_is_replaced(sandbox):
    sandbox.read(GOOD.encode(), "good.html")
    sandbox._child.process.kill()
    sandbox._child.process.wait()
    (item,) = sandbox.read(GOOD.encode(), "good.html")
    assert isinstance(item, Record)


@pytest.mark.parametrize(
    ("name", "limit", "told"),
    [("huge.html", MAX_BYTES, "20 MB"), ("huge.pdf", MAX_SCAN_BYTES, "100 MB")],
    ids=["a text", "what may be a scan"],
)
@pytest.mark.clock
def test_a_huge_file_is_refused_unread(tmp_path, name, limit, told):
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(limit + 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert list(read(path, name=name)) == [Bad(name, 0, f"larger than {told}", code="limit")]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 << 10
