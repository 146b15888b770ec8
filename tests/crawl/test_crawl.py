"""A crawl of a portal with traps: complete, polite, stoppable, and never losing what it has."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from trap_site import TITLES, Reply, Site, TestClock, article, html, portal, serving, sitemap, without_traps
from warcio.archiveiterator import ArchiveIterator

from searchapp.cli import main
from searchapp.config import Settings
from searchapp.config.sites import SiteSettings
from searchapp.crawl import CrawlReport
from searchapp.crawl import crawl as run_crawl
from searchapp.crawl.frontier import Frontier
from searchapp.crawl.warc_writer import Store
from searchapp.engines import generations, open_engine
from searchapp.errors import BusyIndexError, SettingsError, StateError
from searchapp.ingest import reindex
from searchapp.report import load_origins
from searchapp.text.translated import in_vietnamese

DAY = 86_400.0


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site(TestClock())) as site:
        portal(site)
        yield site


@pytest.fixture
def settings(site: Site, tmp_path: Path) -> SiteSettings:
    return SiteSettings(
        start=(f"{site.url}/",), feeds=(f"{site.url}/feed.rss",), deny=("/cam/*",), contact="van-thu@example.vn",
        private=True, store=tmp_path / "crawl",
    )  # fmt: skip


def crawl(site: Site, settings: SiteSettings) -> CrawlReport:
    return run_crawl("thu", settings, clock=site.clock)


def reply(status: int, headers: dict[str, str], body: bytes) -> object:
    answer: Reply = (status, headers, body)
    return lambda asked: answer


def records(folder: Path) -> list[tuple[str, str]]:
    """Type and path of every record, by another reader than ours, with its digests checked."""
    found = []
    for file in sorted(folder.glob("*.warc.gz")):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                record.content_stream().read()
                found.append((record.rec_type, url.partition("://")[2].partition("/")[2]))
    return found


def test_everything_that_may_be_read_is_read_and_nothing_else_is_asked_for(site: Site, settings: SiteSettings) -> None:
    report = crawl(site, settings)
    kept = [path for kind, path in records(settings.store) if kind == "response"]
    assert {f"tin/{name}" for name in TITLES} <= set(kept)
    assert not {"tin/an", "mat/1", "tin/in?bai=cau-moi", "tin/bom", "tin/loi"} & set(kept)
    asked = site.paths()
    assert len(asked) == len(set(asked)) == report.requests
    forbidden = ("/rieng", "/cam", "/anh", "/a/a", "/latest", "/x")
    assert [path for path in asked if path.startswith(forbidden)] == []
    assert sum(path.startswith("/lich/") for path in asked) < 25
    assert sum(path.startswith("/phien") for path in asked) == 1, "a session id is no new page"
    reasons = {*report.refused, *report.failed}
    assert {
        "robots.txt", "noindex", "redirects to another site, 127.0.0.1:1", "denied by the settings",
        "the same text as another page",
        "a page that says that there is none (soft 404)", "another address of a page, as the page says",
        "a path that repeats itself", "not a text (image/png)", "unpacks to more than 10 MB", "the site answered 500",
        "on another site, or no page",
    } <= reasons  # fmt: skip
    assert (report.stopped, report.left) == ("", 0)


def test_it_is_polite(site: Site, settings: SiteSettings) -> None:
    crawl(site, settings)
    assert site.paths()[0] == "/robots.txt"
    times = [at for _, at in site.asked]
    assert min(b - a for a, b in pairwise(times)) >= 2, "the delay that robots.txt asks for"
    assert site.most_together == 1
    agents = {told["user-agent"] for told in site.headers}
    assert agents == {f"searchapp/{__import__('searchapp').__version__} (+van-thu@example.vn)"}
    assert not [told for told in site.headers if "cookie" in told or "referer" in told]


def test_what_has_not_changed_is_not_sent_again(site: Site, settings: SiteSettings) -> None:
    crawl(site, settings)
    before = len(site.asked)
    assert crawl(site, settings).unchanged == 1, "only the front page, which is always asked for"
    assert not [path for path in site.paths()[before:] if path in {f"/tin/{name}" for name in TITLES}]
    site.clock.time += 8 * DAY
    site.pages["/tin/cho-moi"] = reply(*article("cho-moi", more="đã sửa"))
    report = crawl(site, settings)
    assert (report.new, report.changed) == (0, 2), "the market, and the page that changes with each visit"
    revisits = [path for kind, path in records(settings.store) if kind == "revisit"]
    assert {"tin/cau-moi", "tin/truong-hoc", "tin/y-te", ""} <= set(revisits)
    assert [path for kind, path in records(settings.store) if kind == "response"].count("tin/cho-moi") == 2


def test_a_sitemap_can_ask_for_a_page_before_its_time(site: Site, settings: SiteSettings) -> None:
    without_traps(site)
    crawl(site, settings)
    newer = sitemap((f"{site.url}/tin/truong-hoc", "2099-01-01"))
    site.pages["/sitemap.xml"] = reply(200, {"Content-Type": "text/xml"}, newer)
    before = len(site.asked)
    crawl(site, settings)
    assert "/tin/truong-hoc" in site.paths()[before:]
    before = len(site.asked)
    crawl(site, settings)
    assert "/tin/truong-hoc" not in site.paths()[before:], "once is enough"


def test_a_run_that_was_stopped_goes_on_where_it_was(site: Site, settings: SiteSettings) -> None:
    def stop(requests: int, left: int) -> None:
        if requests >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_crawl("thu", settings, clock=site.clock, tick=stop)
    assert [path for kind, path in records(settings.store) if kind == "response"], "what was fetched is kept"
    first = site.paths()
    report = crawl(site, settings)
    again = site.paths()[len(first) :]
    assert report.resumed and set(first) & set(again) == {"/robots.txt"}
    kept = {path for kind, path in records(settings.store) if kind == "response"}
    assert {f"tin/{name}" for name in TITLES} <= kept


def test_a_run_that_was_killed_leaves_whole_records(site: Site, settings: SiteSettings) -> None:
    without_traps(site)
    crawl(site, settings)
    (file,) = settings.store.glob("*.warc.gz")
    whole = records(settings.store)
    data = file.read_bytes()
    file.unlink()
    (settings.store / f".{file.name}.open").write_bytes(data + data[: len(data) // 3])
    (settings.store / ".thu-1.warc.gz.open").write_bytes(b"\x1f\x8b half")
    crawl(site, replace(settings, start=(f"{site.url}/tin/cau-moi",), feeds=()))
    assert records(settings.store)[: len(whole)] == whole
    assert not list(settings.store.glob(".*.open"))


def test_the_disk_has_a_page_before_it_counts_as_kept(
    site: Site, settings: SiteSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut a page that only memory had would answer 304 for ever, and be in no file."""
    done: list[str] = []
    write, save, sync = Store._write, Frontier.save, os.fsync
    monkeypatch.setattr(Store, "_write", lambda *asked: (write(*asked), done.append("written"))[0])
    monkeypatch.setattr(Frontier, "save", lambda self, known: (save(self, known), done.append(known.outcome))[0])
    monkeypatch.setattr("searchapp.crawl.warc_writer.os.fsync", lambda file: (sync(file), done.append("synced"))[0])
    report = crawl(site, settings)
    assert done.count("kept") == report.new > 4
    assert all(done[at - 2 : at] == ["synced", "written"] for at, one in enumerate(done) if one == "kept"), done


def test_the_addresses_of_a_list_reach_the_disk_at_once(
    site: Site, settings: SiteSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sitemap of fifty thousand took three minutes: each address waited for the disk."""
    together: list[bool] = []
    add = Frontier.add
    monkeypatch.setattr(
        Frontier, "add", lambda self, *a, **k: (together.append(self._base.in_transaction), add(self, *a, **k))[1]
    )
    many = sitemap(*((f"{site.url}/tin/{n}", "") for n in range(500)))
    site.pages["/sitemap.xml"] = reply(200, {"Content-Type": "application/xml"}, many)
    report = crawl(site, replace(settings, pages=6))
    assert report.left > 450 and together.count(False) < 10 < 500 < together.count(True)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("rubbish", "damaged: remove it"), ("half", "damaged: remove it"), ("folder", "check its rights"),
        ("no folder", "give another folder in 'store' of [sites.thu]"),
        ("/proc", "give another folder in 'store' of [sites.thu]"),
    ],
)  # fmt: skip
def test_a_folder_of_a_site_that_cannot_be_used_is_told(
    site: Site, settings: SiteSettings, what: str, says: str, tmp_path: Path
) -> None:
    """Each ended the command with a traceback."""
    crawl(site, settings)
    file = settings.store / ".frontier.sqlite"
    match what:
        case "rubbish":
            file.write_bytes(b"rubbish" * 1000)
        case "half":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        case "folder":
            file.unlink()
            file.mkdir()
        case "/proc":
            settings = replace(settings, store=Path("/proc/none"))
        case _:
            (tmp_path / "file").touch()
            settings = replace(settings, store=tmp_path / "file" / "crawl")
    with pytest.raises((StateError, SettingsError)) as told:
        crawl(site, settings)
    assert says in str(told.value) and in_vietnamese(str(told.value)) != str(told.value)


def test_only_one_crawl_of_a_site_at_a_time(site: Site, settings: SiteSettings) -> None:
    without_traps(site)
    settings.store.mkdir()
    frontier = Frontier(settings.store)
    with pytest.raises(BusyIndexError, match="another crawl"):
        crawl(site, settings)
    frontier.close()
    assert crawl(site, settings).new


@pytest.mark.parametrize(
    "broken",
    [
        (200, {"Content-Type": "text/html"}, b"<html><body><h1>Bao tri he thong</h1></body></html>"),
        (200, {"Content-Type": "application/xml"}, sitemap()),
        (200, {"Content-Type": "application/xml"}, b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><urlset/>"),
        (200, {"Content-Type": "application/xml"}, b""),
        (404, {}, b""),
        (500, {}, b""),
    ],
    ids=["an error page", "empty", "a DTD", "nothing", "gone", "broken"],
)
def test_nothing_is_lost_because_a_list_shrank(site: Site, settings: SiteSettings, broken: Reply) -> None:
    without_traps(site)
    crawl(site, settings)
    before = records(settings.store)
    for path in ("/sitemap.xml", "/feed.rss"):
        site.pages[path] = reply(*broken)
    site.clock.time += 8 * DAY
    report = crawl(site, settings)
    assert report.gone == 0 and report.unchanged >= len(TITLES)
    assert records(settings.store)[: len(before)] == before


def test_a_page_that_is_gone_keeps_its_capture(site: Site, settings: SiteSettings) -> None:
    without_traps(site)
    crawl(site, settings)
    site.pages["/tin/y-te"] = reply(410, {}, b"")
    site.clock.time += 8 * DAY
    assert crawl(site, settings).gone == 1
    assert ("response", "tin/y-te") in records(settings.store)


@pytest.mark.parametrize(
    ("said", "waited", "stopped"),
    [
        ("7", 7.0, ""),
        ("", 30.0, ""),
        ("Mon, 21 Sep 2026 15:00:00 GMT", None, "asks to come back"),
        ("86400", None, "busy"),
    ],
    ids=["seconds", "nothing said", "a date far off", "a day"],
)
def test_a_busy_site_is_given_time(
    site: Site, settings: SiteSettings, said: str, waited: float | None, stopped: str
) -> None:
    without_traps(site)
    calm = site.pages["/tin/cau-moi"]
    busy = [(429, {"Retry-After": said} if said else {}, b"")]

    def sometimes(asked: dict[str, str]) -> Reply:
        return busy.pop() if busy else calm(asked)

    site.pages["/tin/cau-moi"] = sometimes
    report = crawl(site, settings)
    assert stopped in report.stopped
    if waited:
        assert waited in site.clock.slept and report.new >= len(TITLES)
    else:
        assert report.left > 0
        assert crawl(site, settings).resumed


@pytest.mark.parametrize("said", ["9999999", "Wed, 21 Oct 2099 07:28:00 GMT", ""])
def test_an_address_that_is_always_busy_holds_up_no_other(site: Site, settings: SiteSettings, said: str) -> None:
    without_traps(site)
    calm = site.pages["/tin/cau-moi"]
    site.pages["/tin/cau-moi"] = reply(503, {"Retry-After": said} if said else {}, b"")
    first = crawl(site, settings)
    assert "is busy (503)" in first.stopped and first.left > 0
    second = crawl(site, settings)
    assert second.resumed and not second.stopped and second.left == 0
    assert first.new + second.new >= len(TITLES) - 1
    assert [urls for reason, urls in second.failed.items() if "busy" in reason] == [[f"{site.url}/tin/cau-moi"]]
    site.pages["/tin/cau-moi"] = calm
    third = crawl(site, settings)
    assert not third.resumed and not third.stopped, "the next run begins anew, and asks for it again"
    assert ("response", "tin/cau-moi") in records(settings.store)


def test_a_site_that_is_down_is_left_alone(site: Site, settings: SiteSettings) -> None:
    for path in site.paths() or ["/", "/feed.rss", "/sitemap.xml", *(f"/tin/{name}" for name in TITLES)]:
        site.pages[path] = reply(500, {}, b"")
    report = crawl(site, settings)
    assert report.requests < 10 and report.failed


@pytest.mark.parametrize("status", [500, 503])
def test_without_robots_txt_nothing_is_asked(site: Site, settings: SiteSettings, status: int) -> None:
    site.pages["/robots.txt"] = reply(status, {"Retry-After": "9999"}, b"")
    report = crawl(site, settings)
    assert set(site.paths()) == {"/robots.txt"} and report.stopped


def test_a_site_without_rules_is_open(site: Site, settings: SiteSettings) -> None:
    site.pages["/robots.txt"] = reply(404, {}, b"")
    assert crawl(site, settings).new >= len(TITLES)
    assert "/rieng/noi-bo" in site.paths()


def test_a_calendar_that_is_written_out_is_a_trap_all_the_same(site: Site, settings: SiteSettings) -> None:
    words = ("hai", "ba", "tư", "năm", "sáu", "bảy", "nhật")

    def day(asked: dict[str, str]) -> Reply:
        number = int(site.paths()[-1].rsplit("=", 1)[1])
        name = " ".join(words[int(digit)] for digit in f"{number:o}".replace("7", "6"))
        return html(
            f"Thứ {name}", f"<h1>Thứ {name}</h1>", *(f'<a href="/xem?ngay={number + n}">{n}</a>' for n in (1, 2, 3))
        )

    site.pages["/xem"] = day
    site.pages["/"] = reply(*html("Trang chủ", '<a href="/xem?ngay=1">lịch</a> <a href="/tin/cau-moi">cầu</a>'))
    report = crawl(site, replace(settings, depth=100))
    asked = [path for path in site.paths() if path.startswith("/xem")]
    assert 20 <= len(asked) <= 23 and "/tin/cau-moi" in site.paths()
    assert any("a calendar" in reason for reason in report.refused)


@pytest.mark.parametrize(
    ("broken", "path", "incomplete"),
    [
        ((404, {}, b""), "/tin/cau-moi", False),
        ((500, {}, b""), "/tin/cau-moi", False),
        ((403, {}, b""), "/tin/cau-moi", False),
        ((404, {}, b""), "/", True),
        ((302, {"Location": "https://khac.example/"}, b""), "/", True),
        ((500, {}, b""), "/feed.rss", True),
        ((200, {"Content-Type": "text/html"}, b"<p>Bao tri</p>"), "/feed.rss", True),
    ],
    ids=["a dead link", "a broken page", "a closed page", "no start", "a start elsewhere", "no feed", "a feed of html"],
)
def test_one_bad_page_is_every_night_but_a_bad_address_of_the_settings_is_not(
    site: Site, settings: SiteSettings, broken: Reply, path: str, incomplete: bool
) -> None:
    without_traps(site)
    site.pages[path] = reply(*broken)
    report = crawl(site, settings)
    assert (report.incomplete, report.missing) == (incomplete, [site.url + path] if incomplete else [])
    assert report.failed or report.refused, "it is named either way"
    assert any(path in line for line in report.lines())


@pytest.mark.parametrize("path", ["/rieng/a", "/mat/1", "/tin/pdf"], ids=["forbidden", "soft 404", "an image"])
def test_a_start_page_that_cannot_be_used_is_told(site: Site, settings: SiteSettings, path: str) -> None:
    report = crawl(site, replace(settings, start=(site.url + path,)))
    assert report.incomplete and report.missing == [site.url + path]


def test_a_site_that_refuses_page_after_page_is_left_alone(site: Site, settings: SiteSettings) -> None:
    ways = [f'<a href="/tin/{n}">{n}</a>' for n in range(100)]
    site.pages["/"] = reply(*html("Trang chủ", *ways))
    site.pages |= {f"/tin/{n}": reply(403, {}, b"") for n in range(100)}
    report = crawl(site, settings)
    refused = [path for path in site.paths() if path.removeprefix("/tin/").isdigit()]
    assert len(refused) == 20 and report.incomplete and "20 requests in a row failed" in report.stopped
    assert crawl(site, settings).resumed and len(site.paths()) > len(refused), "the next run goes on behind them"


def test_limits_of_a_run(site: Site, settings: SiteSettings) -> None:
    report = crawl(site, replace(settings, pages=6))
    assert report.requests == 6 and "as many as a run may" in report.stopped and report.left
    assert not report.incomplete, "a large site takes several nights"
    shallow = crawl(site, replace(settings, depth=0, store=settings.store / "khac"))
    assert any("more than 0 links" in reason for reason in shallow.refused)


def test_reindex_reads_the_newest_version_of_each_page(site: Site, settings: SiteSettings, tmp_path: Path) -> None:
    without_traps(site)
    crawl(site, settings)
    index = tmp_path / "index"
    first = reindex([settings.store], index, Settings(index=index), jobs=1)
    assert (first.articles, first.skipped) == (len(TITLES), ())
    site.clock.time += 8 * DAY
    site.pages["/tin/cho-moi"] = reply(*article("cho-moi", more="đã sửa"))
    crawl(site, settings)
    again = reindex([settings.store], index, Settings(index=index), jobs=1)
    assert (again.articles, again.changed, again.removed, again.copies) == (len(TITLES), 1, 0, 1)
    engine = open_engine(Settings(index=index))()
    shown = engine.articles([key for key, _ in engine.titles()])
    engine.close()
    assert {one.url: "đã sửa" in one.text for one in shown} == {
        f"{site.url}/tin/{name}": name == "cho-moi" for name in TITLES
    }
    assert {one.title for one in shown} == set(TITLES.values())
    assert not reindex([settings.store], index, Settings(index=index), jobs=1).published


def test_the_same_article_from_file_feed_and_site_is_one(site: Site, settings: SiteSettings, tmp_path: Path) -> None:
    without_traps(site)
    site.clock.time = datetime(2024, 12, 31, 17, 30, tzinfo=UTC).timestamp()
    crawl(site, settings)
    index, corpus = tmp_path / "index", tmp_path / "corpus"
    corpus.mkdir()
    row = {"title": TITLES["y-te"], "text": "Trạm y tế phường có thêm giường bệnh.", "url": f"{site.url}/tin/y-te"}
    (corpus / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (corpus / "b.rss").write_bytes(
        site.answer("/feed.rss", {})[2].replace(
            b"</link>", b"</link><description>Tin ng\xe1\xba\xafn.</description>", 1
        )
    )
    report = reindex([corpus, settings.store], index, Settings(index=index), jobs=1)
    assert (report.articles, report.copies) == (len(TITLES), 2), report
    (sources,) = load_origins(generations.current(index)).values()
    assert [one.kind for one in sources] == ["file", "feed", "page"]
    assert sources[2].seen == "2025-01-01", "the day that readers had, not that of Greenwich"


def test_the_command(site: Site, settings: SiteSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "searchapp.toml"
    config.write_text(
        f'[sites.phuong]\nstart = ["{site.url}/tin/cau-moi"]\nallow = ["/tin/cau-moi"]\ncontact = "a@example.vn"\n'
        "delay = 0.1\nprivate = true\n",
        encoding="utf-8",
    )
    site.pages["/robots.txt"] = reply(404, {}, b"")
    with pytest.raises(SystemExit) as left:
        main(["--config", str(config), "crawl", "phuongg"])
    assert left.value.code == 2 and "did you mean 'phuong'?" in capsys.readouterr().err
    main(["--config", str(config), "crawl", "phuong", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["stopped"], len(told["files"])) == (1, "", 1)
    main(["--config", str(config), "crawl", "phuong"])
    assert "0 new pages, 0 changed, 1 unchanged" in capsys.readouterr().out
    assert (tmp_path / "crawl" / "phuong" / told["files"][0]).is_file()
    with sqlite3.connect(tmp_path / "crawl" / "phuong" / ".frontier.sqlite") as base:
        assert base.execute("SELECT count(*) FROM address WHERE due > 0").fetchone() == (0,)


def test_notices_that_differ_in_figures_and_a_title_with_404_are_pages(site: Site, settings: SiteSettings) -> None:
    folder = Path(__file__).parents[1] / "cases" / "faults" / "crawl-site"
    told = {"Content-Type": "text/html; charset=utf-8"}
    for path in folder.rglob("*.html"):
        address = "/" if path.name == "index.html" else f"/{path.relative_to(folder)}"
        body = path.read_bytes()
        site.pages[address] = lambda headers, body=body: (200, told, body)
    crawl(site, settings)
    kept = {path for kind, path in records(settings.store) if kind == "response"}
    assert {f"tin/{name}.html" for name in ("tcd-5", "tcd-6", "tcd-7", "tcd-8", "qd", "ok")} <= kept


@pytest.mark.parametrize(
    ("link", "asked"),
    [
        ("/tin/nghị quyết.html", "/tin/ngh%E1%BB%8B%20quy%E1%BA%BFt.html"), ("/tin/a|{b}", "/tin/a%7C%7Bb%7D"),
        ("/tin/hoà?q=số 5", "/tin/ho%C3%A0?q=s%E1%BB%91%205"), ("tin\\cũ", "/tin/c%C5%A9"), ("/tin/50%", "/tin/50%"),
        ("/chuyen", "/tin/%C4%91%E1%BA%BFn"), ("http://[::1", ""), ("/hong", ""), ("/tu-chuyen", "/tin/moi"),
    ],
)  # fmt: skip
def test_links_are_asked_for_as_browsers_ask(site: Site, settings: SiteSettings, link: str, asked: str) -> None:
    """An address with a letter beside ASCII, or a redirect to none, ended every run with a traceback."""
    without_traps(site)
    front = html("Trang chủ", f'<a href="{link}">x</a>', '<a href="/tin/cau-moi">cầu</a>')
    site.pages |= {
        "/": lambda headers: front,
        "/chuyen": reply(302, {"Location": "/tin/đến".encode().decode("latin-1")}, b""),  # bare bytes
        "/tu-chuyen": lambda headers: html("x", head='<META HTTP-EQUIV="Refresh" CONTENT="0; URL=/tin/moi">'),
        "/hong": reply(302, {"Location": "http://[::1"}, b""),
    }
    report = crawl(site, replace(settings, allow=("/tin/*", "/chuyen", "/hong", "/tu-chuyen")))
    assert not report.stopped and "/tin/cau-moi" in site.paths()
    assert not asked or asked in site.paths(), site.paths()


@pytest.mark.parametrize("home", ["", "0;url=/trang-chu", "1; URL='/trang-chu'"])
def test_what_the_settings_name_is_asked_for_behind_its_redirect_in_every_run(
    site: Site, settings: SiteSettings, home: str
) -> None:
    """Portals move "/" to "/trang-chu" and "/sitemap.xml" to "/sitemap_index.xml": those were read once, for ever."""
    without_traps(site)
    moved = {"/": "/trang-chu", "/feed.rss": "/feed/", "/sitemap.xml": "/sitemap_index.xml"}
    for old, new in moved.items():
        site.pages[new] = site.pages[old]
        site.pages[old] = reply(301, {"Location": new}, b"")
    refreshing = html("Chuyển hướng", head=f'<meta http-equiv="refresh" content="{home}">')
    site.pages["/"] = (lambda headers: refreshing) if home else site.pages["/"]
    crawl(site, settings)
    first = len(site.asked)
    site.clock.time += DAY
    crawl(site, settings)
    again = site.paths()[first:]
    assert [again.count(new) for new in moved.values()] == [1, 1, 1], again


@pytest.mark.parametrize(
    ("status", "headers", "rules", "says"),
    [
        (200, {}, "User-agent: *\nCrawl-delay: 1e10", "longer than a run waits"),
        (200, {}, "User-agent: *\nRequest-rate: 1/9999d", "longer than a run waits"),
        (302, {"Location": "http://[::1"}, "", "of no web address"),
        (302, {"Location": "/rô.txt".encode().decode("latin-1")}, "", ""),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_kept_end_the_run(
    site: Site, settings: SiteSettings, status: int, headers: dict[str, str], rules: str, says: str
) -> None:
    """Each ended it with a traceback, or made it wait for a hundred years."""
    without_traps(site)
    site.pages["/robots.txt"] = reply(status, headers, rules.encode())
    report = crawl(site, settings)
    assert says in report.stopped and bool(says) is bool(report.stopped)
    assert not says or in_vietnamese(report.stopped) != report.stopped
    assert sum(site.clock.slept) < 1_000


def test_patterns_of_the_settings_mean_letters_and_their_bytes(site: Site, settings: SiteSettings) -> None:
    without_traps(site)
    front = html("Trang chủ", *(f'<a href="/{path}/1">x</a>' for path in ("tin-tức", "tin-t%E1%BB%A9c", "xã", "khác")))
    site.pages["/"] = lambda headers: front
    crawl(site, replace(settings, allow=("/tin-tức/*", "/x%C3%A3/*", "/khác/*"), deny=("/kh%C3%A1c/*",)))
    assert {"/tin-t%E1%BB%A9c/1", "/x%C3%A3/1"} < set(site.paths()) and "/kh%C3%A1c/1" not in site.paths()


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ((("X-Robots-Tag", "noarchive"), ("X-Robots-Tag", "noindex")), False),
        ((("X-Robots-Tag", "otherbot: noindex, nofollow"),), True),
        ((("X-Robots-Tag", "SearchApp: noindex"),), False),
        ((("X-Robots-Tag", "unavailable_after: 25 Jun 2030 15:00:00 GMT"),), True),
        ((("X-Robots-Tag", "max-snippet: 5, none"),), False),
        ((("Content-Type", "text/html, text/html; charset=utf-8"),), True),
        ((("Content-Encoding", "UTF-8"),), True), ((("Content-Encoding", "none"),), True),
        ((("Content-Encoding", "br"),), False),
    ],
)  # fmt: skip
def test_headers_are_read_as_servers_send_them(
    site: Site, settings: SiteSettings, headers: tuple[tuple[str, str], ...], kept: bool
) -> None:
    without_traps(site)
    status, told, body = article("cau-moi")
    site.pages["/tin/cau-moi"] = lambda asked: (status, Doubled(told | dict(headers), headers), body)
    crawl(site, settings)
    assert (("response", "tin/cau-moi") in records(settings.store)) is kept


class Doubled(dict[str, str]):
    """Headers of which one stands twice."""

    def __init__(self, first: dict[str, str], all_of: tuple[tuple[str, str], ...]) -> None:
        super().__init__(first)
        self._again = all_of[:-1]

    def items(self) -> Any:
        return [*super().items(), *self._again]
