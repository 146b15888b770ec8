"""A crawl over https on loopback: by a certificate that is trusted, and by every sort that must not be."""

from __future__ import annotations

import datetime
import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from test_crawl import records
from trap_site import TITLES, Site, TestClock, portal, serving, without_traps

from searchapp.cli import main
from searchapp.config.sites import SiteSettings
from searchapp.crawl import crawl as run_crawl
from searchapp.crawl.fetch import Fetcher, FetchError

PAST = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is one of the machine's, as docs/sources.md says how."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def server_context(authority: trustme.CA, name: str = "127.0.0.1", **options: datetime.datetime) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, **options).configure_cert(context)
    return context


@pytest.fixture
def site(authority: trustme.CA) -> Iterator[Site]:
    with serving(Site(TestClock()), tls=server_context(authority)) as site:
        portal(site)
        yield site


def settings_of(site: Site, tmp_path: Path) -> SiteSettings:
    return SiteSettings(start=(f"{site.url}/",), contact="a@example.vn", private=True, store=tmp_path / "crawl")


@pytest.mark.usefixtures("trusted")
def test_a_portal_by_https_is_read_like_any_other(site: Site, tmp_path: Path) -> None:
    without_traps(site)
    report = run_crawl("thu", settings_of(site, tmp_path), clock=site.clock)
    assert site.url.startswith("https:") and not report.incomplete
    kept = [path for kind, path in records(tmp_path / "crawl") if kind == "response"]
    assert {f"tin/{name}" for name in TITLES} <= set(kept)
    assert {told["host"] for told in site.headers} == {f"127.0.0.1:{site.port}"}


@pytest.mark.usefixtures("trusted")
def test_no_redirect_leads_from_https_to_http(site: Site, tmp_path: Path) -> None:
    without_traps(site)
    plain = f"http://127.0.0.1:{site.port}/tin/da-doi"
    site.pages["/tin/y-te"] = lambda asked: (302, {"Location": plain}, b"")
    report = run_crawl("thu", settings_of(site, tmp_path), clock=site.clock)
    # A host that is known by https is asked by https, whatever a redirect says: by http nothing would answer here.
    assert site.paths().count("/tin/da-doi") == 1 and not report.incomplete
    assert report.failed == {"the site answered 404": [f"{site.url}/tin/da-doi"]}


@pytest.mark.parametrize(
    ("name", "options", "trust", "reason"),
    [
        ("127.0.0.1", {}, False, "unable to get local issuer certificate"),
        ("khac.example", {}, True, "IP address mismatch"),
        ("127.0.0.1", {"not_before": PAST, "not_after": PAST + datetime.timedelta(days=90)}, True, "has expired"),
    ],
    ids=["of nobody we know", "of another host", "expired"],
)
def test_a_certificate_that_is_not_valid_is_one_clear_line(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, options: dict[str, datetime.datetime], trust: bool, reason: str,
) -> None:  # fmt: skip
    (authority if trust else trustme.CA()).cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with serving(Site(TestClock()), tls=server_context(authority, name, **options)) as site:
        portal(site)
        config = tmp_path / "searchapp.toml"
        config.write_text(
            f'[sites.tinh]\nstart = ["{site.url}/"]\ncontact = "a@example.vn"\nprivate = true\ndelay = 0.1\n',
            encoding="utf-8",
        )
        with pytest.raises(SystemExit) as left:
            main(["--config", str(config), "crawl", "tinh"])
        told = capsys.readouterr()
        (line,) = [line for line in told.out.splitlines() if "certificate" in line]
        assert left.value.code == 3 and site.asked == [], "nothing is asked over a connection that is not trusted"
        assert line.startswith(f"stopped: {site.url}/robots.txt cannot be read (its certificate is not valid: ")
        assert reason in line and "Traceback" not in told.out + told.err
        with pytest.raises(SystemExit):
            main(["--config", str(config), "crawl", "tinh", "--json"])
        assert json.loads(capsys.readouterr().out)["incomplete"] is True


def test_a_server_without_https_is_told_as_such() -> None:
    with serving(Site(TestClock())) as site:
        fetcher = Fetcher("thu", private=frozenset({"127.0.0.1"}))
        with pytest.raises(FetchError, match="no encrypted connection"):
            fetcher.get(f"https://127.0.0.1:{site.port}/")
        fetcher.close()
