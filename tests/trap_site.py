"""A portal on loopback with every trap a crawl meets; it writes down what it was asked and when."""

from __future__ import annotations

import gzip
import itertools
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

TITLES = {
    "cau-moi": "Khánh thành cầu Bến Nhỏ",
    "cho-moi": "Phường mở chợ mới",
    "truong-hoc": "Trường học mới đón học sinh",
    "y-te": "Trạm y tế phường thêm giường bệnh",
}
SENTENCES = {
    "cau-moi": "Sáng 15/9, phường Bến Nhỏ khánh thành cây cầu bê tông dài bốn mươi mét, rút ngắn đường đi.",
    "cho-moi": "Chợ mới của phường có hai trăm sạp hàng, mở cửa từ bốn giờ sáng, thay cho chợ cũ đã xuống cấp.",
    "truong-hoc": "Trường tiểu học mới xây có ba mươi phòng học, thư viện và sân chơi, đón hơn một nghìn học sinh.",
    "y-te": "Trạm y tế phường vừa được đầu tư thêm hai mươi giường bệnh, máy siêu âm và ba bác sĩ về làm việc lâu dài.",
}
FOOTER = (
    "<footer><p>Cơ quan chủ quản: Ủy ban nhân dân phường Bến Nhỏ. "
    "Ghi rõ nguồn khi phát hành lại thông tin từ trang này.</p></footer>"
)

BOMB = gzip.compress(b"a" * (11 << 20), 1)

Headers = dict[str, str]
Reply = tuple[int, Headers, bytes]


class TestClock:
    """Time that passes only when somebody sleeps."""

    __test__ = False

    def __init__(self) -> None:
        self.time = 1_790_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def html(title: str, *parts: str, head: str = "") -> Reply:
    page = f"<html><head><title>{title}</title>{head}</head><body>{''.join(parts)}{FOOTER}</body></html>"
    return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()


def article(name: str, *, more: str = "", head: str = "") -> Reply:
    paragraphs = "".join(f"<p>{SENTENCES[name]} Đoạn {n} {more}.</p>" for n in ("một", "hai", "ba"))
    title = TITLES[name]
    return html(
        title, f"<article><h1>{title}</h1>{paragraphs}</article>", '<p><a href="/">Trang chủ</a></p>', head=head
    )


@dataclass
class Site:
    """The site. asked: path and the clock's time of every request; pages: path → reply, which a test may change."""

    clock: TestClock
    pages: dict[str, Callable[[Headers], Reply]] = field(default_factory=dict)
    asked: list[tuple[str, float]] = field(default_factory=list)
    headers: list[Headers] = field(default_factory=list)
    port: int = 0
    secure: bool = False
    together: int = 0
    most_together: int = 0

    @property
    def url(self) -> str:
        return f"http{'s' if self.secure else ''}://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def answer(self, path: str, headers: Headers) -> Reply:
        page = self.pages.get(path) or self.pages.get(urlsplit(path).path)
        return page(headers) if page else self._computed(path)

    def _computed(self, path: str) -> Reply:
        parts = urlsplit(path)
        if parts.path.startswith("/lich/"):
            # A calendar without end: each day leads to the next ones.
            day = int(parts.path.rsplit("/", 1)[1])
            ways = "".join(f'<a href="/lich/{day + n}">ngày {day + n}</a> ' for n in range(1, 9))
            return html(f"Lịch {day}", f"<h1>Lịch công tác ngày {day}</h1>", ways)
        if parts.path.startswith("/mat/"):
            return html("Không tìm thấy trang", "<p>Trang bạn tìm không có.</p>")
        return 404, {"Content-Type": "text/html"}, b"<h1>404</h1>"


def sitemap(*entries: tuple[str, str], root: str = "urlset", entry: str = "url") -> bytes:
    inner = "".join(
        f"<{entry}><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{entry}>" for url, day in entries
    )
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'.encode()


def portal(site: Site) -> None:
    """Fill a site with an ordinary portal and its traps."""
    own = site.url
    counter = itertools.count()

    def tagged(name: str) -> Callable[[Headers], Reply]:
        def reply(headers: Headers) -> Reply:
            tag = f'"{name}-1"'
            if headers.get("if-none-match") == tag:
                return 304, {"ETag": tag}, b""
            status, told, body = article(name)
            return status, {**told, "ETag": tag}, body

        return reply

    links = (
        "/tin/cau-moi", "/tin/cho-moi?utm_source=trang-chu", "/tin/cho-moi#binh-luan", "/rieng/noi-bo", "/lich/1",
        "/tin/an", "/tin/vong-1", "/tin/xa", "/anh/cau.jpg", "javascript:alert(1)", "mailto:a@example.org", "/cam/a",
        "http://169.254.169.254/latest/meta-data", "/tin/bom", "/tin/khac", "/mat/1", "/tin/in?bai=cau-moi", "/tin/loi",
        "/phien?sid=1", "//other.example.org/x", "http://2130706433/", "/a/a/a/a/a", "/tin/pdf",
    )  # fmt: skip

    def front(headers: Headers) -> Reply:
        return html("Trang chủ", *(f'<a href="{link}">{link}</a> ' for link in links))

    def session(headers: Headers) -> Reply:
        ways = f'<a href="/phien?sid={next(counter) + 2}">xem tiếp</a> <a href="/tin/y-te">y tế</a>'
        return html("Phiên", "<p>Trang theo phiên.</p>", ways)

    files = {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, f"User-agent: *\nDisallow: /rieng/\nDisallow: /*?in=\n"
                        f"Crawl-delay: 2\nSitemap: {own}/sitemap.xml\n".encode()),
        "/sitemap.xml": (200, {"Content-Type": "application/xml"}, sitemap(
            (f"{own}/sitemap.xml", ""), (f"{own}/sitemap-tin.xml.gz", ""), root="sitemapindex", entry="sitemap")),
        "/sitemap-tin.xml.gz": (200, {"Content-Type": "application/gzip"}, gzip.compress(sitemap(
            (f"{own}/tin/truong-hoc", "2021-09-01"), (f"{own}/rieng/tu-so-do", ""), ("http://10.0.0.1/x", "")))),
        "/feed.rss": (200, {"Content-Type": "application/rss+xml"}, (
            "<rss version='2.0'><channel><title>Tin</title>"
            f"<item><title>Y tế</title><link>{own}/tin/y-te</link></item>"
            "<item><title>Xấu</title><link>javascript:alert(1)</link></item></channel></rss>").encode()),
        "/tin/cau-moi": None,
        "/tin/an": html("Ẩn", f"<p>{SENTENCES['y-te']}</p>", head='<meta name="robots" content="noindex, nofollow">'),
        "/tin/vong-1": (302, {"Location": "/tin/vong-2"}, b""),
        "/tin/vong-2": (302, {"Location": "/tin/vong-1"}, b""),
        "/tin/xa": (302, {"Location": "http://127.0.0.1:1/"}, b""),
        "/tin/bom": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, BOMB),
        "/tin/khac": (301, {"Location": "/tin/truong-hoc"}, b""),
        "/tin/loi": (500, {}, b"loi"),
        "/tin/in": article("cau-moi", head='<link rel="canonical" href="/tin/cau-moi">'),
        "/tin/pdf": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
        "/anh/cau.jpg": (200, {"Content-Type": "image/jpeg"}, b"x"),
        "/rieng/noi-bo": article("cau-moi"),
        "/cam/a": article("cho-moi"),
    }  # fmt: skip
    site.pages = {path: (lambda headers, reply=reply: reply) for path, reply in files.items() if reply}
    site.pages |= {f"/tin/{name}": tagged(name) for name in TITLES}
    site.pages |= {"/": front, "/phien": session}


def without_traps(site: Site) -> None:
    """Leave the articles alone on the front page: for tests of something else than the traps."""
    front = html("Trang chủ", *(f'<a href="/tin/{name}">{title}</a> ' for name, title in TITLES.items()))
    site.pages["/"] = lambda headers: front


@contextmanager
def serving(site: Site, *, slowly: float = 0.0, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve a site in threads of this process. slowly: seconds between two bytes of every body; tls: by https."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.together += 1
            site.most_together = max(site.most_together, site.together)
            told = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append((self.path, site.clock.now()))
            site.headers.append(told)
            status, headers, body = site.answer(self.path, told)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            site.together -= 1
            self._body(body)

        def _body(self, body: bytes) -> None:
            try:
                if not slowly:
                    self.wfile.write(body)
                for byte in body if slowly else b"":
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(slowly)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # a guest who hangs up, or who does not trust the certificate

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        # The handshake belongs to the thread of its connection: one that fails must not end the server's loop.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site.secure = tls is not None
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def closed_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
