"""A crawl goes only where it may, for so long and so much: private addresses, slow servers, bombs, rules of robots."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path

import httpcore
import pytest
from trap_site import Site, TestClock, closed_port, serving

from searchapp.config import load
from searchapp.config.sites import SiteSettings
from searchapp.crawl import fetch, politeness
from searchapp.crawl.fetch import Answer, Fetcher, FetchError, RefusedAddressError, Road, is_public, resolve, unpacked
from searchapp.crawl.frontier import Scope, is_other_spelling, shape
from searchapp.errors import SettingsError
from searchapp.readers import hyperlinks
from searchapp.readers.items import Link, Outline

PAGE = "https://bao.example.org"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.1.1.1", True), ("2606:4700:4700::1111", True), ("127.0.0.1", False), ("::1", False), ("0.0.0.0", False),
        ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("fe80::1%eth0", False), ("fc00::1", False), ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False), ("2002:7f00:1::", False), ("::127.0.0.1", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("100.64.0.1", False), ("240.0.0.1", False),
    ],
)  # fmt: skip
def test_only_addresses_of_the_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0.0.0.0", "[::1]", "localhost."]
)
def test_no_spelling_of_loopback_is_connected_to(host: str) -> None:
    fetcher = Fetcher("thu")
    # A spelling that the system does not read as an address is no way in either.
    with pytest.raises((RefusedAddressError, FetchError)) as refused:
        fetcher.get(f"http://{host}:{closed_port()}/")
    assert "private network" in str(refused.value) or "no address" in str(refused.value)


def test_a_second_answer_of_the_name_server_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    connected = []

    def connect(self: object, host: str, *rest: object) -> httpcore.NetworkStream:
        connected.append(host)
        raise httpcore.ConnectError("no network in tests")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    fetcher = Fetcher("thu", resolve=lambda host, port: answers.pop(0))
    with pytest.raises(FetchError):
        fetcher.get("http://bao.example.org/")
    assert connected == ["93.184.216.34"], "the address that was looked at, not the name"
    with pytest.raises(RefusedAddressError):
        fetcher.get("http://bao.example.org/")
    assert len(connected) == 1


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    road = Road(resolve=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    road.begin()
    with pytest.raises(RefusedAddressError, match="private"):
        road.connect_tcp("bao.example.org", 80)


def test_a_host_is_private_only_by_its_own_name() -> None:
    with serving(Site(TestClock())) as site:
        site.pages["/a"] = lambda told: (200, {}, b"xin chao")
        fetcher = Fetcher("thu", private=frozenset({"noi-bo.example"}), resolve=lambda host, port: ["127.0.0.1"])
        assert fetcher.get(f"http://noi-bo.example:{site.port}/a").content == b"xin chao"
        assert site.headers[0]["host"] == f"noi-bo.example:{site.port}"
        with pytest.raises(RefusedAddressError):
            fetcher.get(f"http://khac.example:{site.port}/a")
        fetcher.close()


def test_an_address_without_a_road_is_passed_over() -> None:
    with serving(Site(TestClock())) as site:
        site.pages["/a"] = lambda told: (200, {}, b"x")
        hosts = frozenset({"a.example"})
        fetcher = Fetcher("thu", private=hosts, resolve=lambda host, port: ["127.0.0.2", "::1", "127.0.0.1"])
        answer = fetcher.get(f"http://a.example:{site.port}/a")
        assert (answer.status, answer.address) == (200, "127.0.0.1")
        fetcher.close()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.example/x", "data:text/plain,x"])
def test_nothing_but_http_is_asked(url: str) -> None:
    with pytest.raises(FetchError):
        Fetcher("thu").get(url)


def test_a_byte_a_second_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.5)
    with serving(Site(TestClock()), slowly=0.05) as site:
        site.pages["/a"] = lambda told: (200, {}, b"x" * 1_000)
        fetcher = Fetcher("thu", private=frozenset({"127.0.0.1"}))
        with pytest.raises(FetchError, match="no whole answer within"):
            fetcher.get(f"{site.url}/a")
        fetcher.close()
    assert 0 < fetch.CONNECT_SECONDS < 20


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 1 << 20)
    with serving(Site(TestClock())) as site:
        site.pages["/a"] = lambda told: (200, {}, b"x" * (2 << 20))
        site.pages["/b"] = lambda told: (200, {}, b"ngan")
        fetcher = Fetcher("thu", private=frozenset({"127.0.0.1"}))
        with pytest.raises(FetchError, match="more than 1 MB"):
            fetcher.get(f"{site.url}/a")
        assert fetcher.get(f"{site.url}/b").content == b"ngan", "the connection is not left half read"
        fetcher.close()


@pytest.mark.parametrize(
    ("body", "encoding", "content"),
    [
        (b"x", "", b"x"),
        (gzip.compress(b"x"), "gzip", b"x"),
        (zlib.compress(b"x"), "deflate", b"x"),
        (zlib.compress(b"x")[2:-4], "deflate", b"x"),
        (b"", "gzip", b""),
    ],
    ids=range(5),  # what is packed holds the time
)
def test_what_is_packed_is_unpacked(body: bytes, encoding: str, content: bytes) -> None:
    assert unpacked(body, encoding) == content


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(b"a" * (11 << 20)), "gzip", "unpacks to more than 10 MB"),
        (zlib.compress(b"a" * (11 << 20)), "deflate", "unpacks to more than 10 MB"),
        (b"x", "gzip", "cut short"),
        (b"hong", "gzip", "damaged"),
        (b"x", "br", "not asked for"),
        (gzip.compress(gzip.compress(b"x")), "gzip,gzip", "not asked for"),
    ],
    ids=range(6),
)
def test_what_cannot_be_unpacked_is_refused(body: bytes, encoding: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        unpacked(body, encoding)


def answer(status: int = 200, body: str = "", **headers: str) -> Answer:
    told = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(f"{PAGE}/robots.txt", status, "", told, body.encode(), body.encode())


@pytest.mark.parametrize(
    ("told", "path", "kind"),
    [
        ("text/html; charset=utf-8", "/a.pdf", "text/html"),
        ("application/octet-stream", "/van-ban/05-NQ.PDF", "application/pdf"),
        ("application/force-download", "/a.doc", "application/msword"),
        ("application/octet-stream", "/a.bin", "application/octet-stream"),
        ("", "/a.odt", "application/vnd.oasis.opendocument.text"),
        ("", "/tin/1", "text/html"),
    ],
)
def test_a_document_sent_as_a_download_is_a_document(told: str, path: str, kind: str) -> None:
    assert politeness.kind_of(Answer(PAGE + path, 200, "", (("Content-Type", told),), b"", b"")) == kind


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /rieng/", "/rieng/a", False),
        ("User-agent: *\nDisallow: /rieng/", "/tin", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /\nAllow: /tin/", "/tin/a", True),
        ("User-agent: *\nDisallow:\n\nUser-agent: searchapp\nDisallow: /", "/tin", False),
        ("User-agent: khac\nDisallow: /", "/tin", True),
        ("\ufeffUser-agent: *\nDisallow: /tin", "/tin", False),
        ("<html>không có</html>", "/tin", True),
    ],
)
def test_robots_txt(rules: str, path: str, allowed: bool) -> None:
    found = politeness.robots(answer(body=rules), "searchapp")
    assert found and found.allows(PAGE + path) is allowed


def test_the_pause_is_the_longest_that_anybody_asks_for() -> None:
    found = politeness.robots(answer(body="User-agent: *\nCrawl-delay: 3\nRequest-rate: 1/10"), "searchapp")
    assert found and found.delay == 10
    clock = TestClock()
    pace = politeness.Pace(clock, 5)
    for _ in range(3):
        pace.wait()
        pace.done()
    clock.time -= 1_000_000
    pace.wait()
    assert clock.slept == [5, 5, 5]


@pytest.mark.parametrize(
    ("said", "tries", "wait"),
    [("5", 0, 5.0), ("", 0, 30.0), ("", 2, 120.0), ("Thu, 01 Jan 1970 00:01:40 GMT", 0, 90.0), ("soon", 1, 60.0),
     ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 0.0), ("-5", 0, 30.0), ("9" * 400, 0, 999_999_999.0)],
)  # fmt: skip
def test_retry_after(said: str, tries: int, wait: float) -> None:
    assert politeness.retry_after(answer(429, retry_after=said), 10.0, tries) == wait


SITE = SiteSettings(start=(f"{PAGE}/",), allow=("/tin/*",), deny=("/tin/cu/*",), contact="a@example.vn")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (f"{PAGE}/tin/1#top", f"{PAGE}/tin/1"),
        ("http://bao.example.org/tin/1?PHPSESSID=a1&id=3&sid=9&utm_medium=x", f"{PAGE}/tin/1?id=3"),
        (f"{PAGE}/tin/1;jsessionid=AB12?id=3", f"{PAGE}/tin/1?id=3"),
        (f"{PAGE}/(S(abc123))/tin/1", f"{PAGE}/tin/1"),
        ("javascript:alert(1)", ""),
        ("http://a@bao.example.org/", ""),
        (f" {PAGE}/tin/nghị quyết|5", f"{PAGE}/tin/ngh%E1%BB%8B%20quy%E1%BA%BFt%7C5"),
        ("http://[2001:DB8::1]:8080/tin", "http://[2001:db8::1]:8080/tin"), ("http://[::1", ""),
        ("https://báo.example.org/tin", "https://xn--bo-mia.example.org/tin"),
    ],
)  # fmt: skip
def test_addresses_have_one_spelling(url: str, kept: str) -> None:
    assert Scope(SITE).address(url) == kept


@pytest.mark.parametrize(
    ("path", "refused"),
    [("/tin/1", ""), ("/", ""), ("/video", "outside"), ("/tin/cu/9", "denied"), ("/tin/a/a/a/a", "repeats")],
)
def test_what_is_asked_for(path: str, refused: str) -> None:
    assert refused in Scope(SITE).refusal(PAGE + path) and bool(Scope(SITE).refusal(PAGE + path)) is bool(refused)


@pytest.mark.parametrize(
    ("own", "canonical", "believed"),
    [
        ("/in?bai=7", "/tin/7", True), ("/tin/7?in=1", "/tin/7", True), ("/tin/7", "/tin/7", False),
        ("/tin/7", "/", False), ("/tin/7", "/tin/", False), ("/tin/7", "/tin", False), ("/in/7", "/tin/7", True),
    ],
)  # fmt: skip
def test_a_canonical_address_is_believed_unless_it_is_every_pages(own: str, canonical: str, believed: bool) -> None:
    assert is_other_spelling(PAGE + own, PAGE + canonical) is believed
    assert not is_other_spelling(PAGE + own, "https://khac.example.org" + canonical)


def test_pages_of_one_shape_differ_in_numbers_alone() -> None:
    assert shape(f"{PAGE}/lich/2026/11?ngay=3") == shape(f"{PAGE}/lich/2027/1?ngay=30") != shape(f"{PAGE}/lich/a/11")


PAGES = {
    "base": (b'<head><base href="/muc/"></head><a href="1">x</a>', [f"{PAGE}/muc/1"]),
    "a base elsewhere": (b'<head><base href="https://khac.example/"></head><a href="1">x</a>', [f"{PAGE}/tin/1"]),
    "a base that is a script": (b'<head><base href="javascript:x"></head><a href="1">x</a>', [f"{PAGE}/tin/1"]),
    "nofollow": (b'<a rel="nofollow" href="1">x</a><a rel="UGC" href="2">x</a><a href="3">x</a>', [f"{PAGE}/tin/3"]),
    "no address": (b'<a name="x">x</a><a href="">x</a><a href="http://[">x</a>', [""]),
}


@pytest.mark.parametrize("name", PAGES)
def test_links_of_a_page(name: str) -> None:
    data, urls = PAGES[name]
    found = list(hyperlinks.read(b"<html>" + data + b"<p>Xin ch\xc3\xa0o</p></html>", f"{PAGE}/tin/"))
    assert [link.url for link in found if isinstance(link, Link)] == urls


def test_a_sitemap_of_lines_and_a_json_feed() -> None:
    first, *links = hyperlinks.read(f"{PAGE}/1\n{PAGE}/2\n".encode(), PAGE)
    assert (first, links) == (Outline("sitemap"), [Link(f"{PAGE}/1"), Link(f"{PAGE}/2")])
    items = [{"url": "https://a.example/1", "date_published": "2026-01-02T03:04:05Z"}, 7]
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    assert list(hyperlinks.read(feed, PAGE))[1:] == [Link("https://a.example/1", changed="2026-01-02")]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("", "say where to begin"),
        ('start = ["ftp://a.example"]', "no http or https address"),
        ('start = ["https://a.example"]', "contact must be"),
        ('start = ["https://a.example"]\ncontact = "a@b.vn"\ndelay = 0', "delay must be a number from 0.1"),
        ('start = ["https://a.example"]\ncontact = "a@b.vn"\nallow = ["tin"]', "must be a path"),
        ('start = ["https://a.example"]\ncontact = "a@b.vn"\ntext_at = "div["', "no CSS selector"),
        ('start = ["https://a.example"]\ncontact = "a@b.vn"\nagent = "a b"', "one word"),
        ('start = "https://a.example"', "start must be a list"),
        ('strat = ["https://a.example"]', "did you mean 'start'"),
    ],
)
def test_a_wrong_site_stops_with_what_is_wrong(tmp_path: Path, lines: str, says: str) -> None:
    (tmp_path / "searchapp.toml").write_text(f"[sites.tinh]\n{lines}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\[sites\.tinh\]") as error:
        load(tmp_path / "searchapp.toml", {})
    assert says in str(error.value)


def test_the_systems_resolver_is_the_one_that_is_vetted() -> None:
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]
