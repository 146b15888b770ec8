"""Who may ask, and how often: hosts, proxies, the read token, the requests of one client."""

from __future__ import annotations

import importlib.util
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from searchapp import report
from searchapp.config import Settings
from searchapp.engine import Engine, Stats
from searchapp.errors import EngineUnavailableError, MissingExtraError, NoIndexError, StaleIndexError
from searchapp.web import blueprint, create_app
from searchapp.web.serving import headers

TOKEN = "kho-rieng-0123456789"
VISITOR = {"REMOTE_ADDR": "203.0.113.7"}

Make = Callable[..., FlaskClient]


@pytest.fixture
def make(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> Make:
    """A client of the site under other settings."""

    def client(**changed: Any) -> FlaskClient:
        return create_app(replace(sample_settings, **changed), sample_engine).test_client()

    return client


# Hosts


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("tracuu.example.vn", 200),
        ("tracuu.example.vn:8443", 200),
        ("TRACUU.example.vn", 200),
        ("a.kho.example.vn", 200),  # ".kho.example.vn" means those below it
        ("evil.example.com", 400),
        ("tracuu.example.vn.evil.com", 400),
        ("tracuu.example.vn@evil.com", 400),
        ("", 400),
        ('x"><script>', 400),
    ],
)
def test_p21_only_known_hosts_are_answered(make: Make, host: str, status: int) -> None:
    client = make(trusted_hosts=("tracuu.example.vn", ".kho.example.vn"))
    for path in ("/", "/tim-kiem.json?q=a", "/healthz"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == status, (path, answer.text)
        assert "evil" not in answer.text and "<script>" not in answer.text


@pytest.mark.parametrize(
    "path", ["/sitemap.xml", "/opensearch.xml", "/robots.txt", "/tim-kiem.atom?q=a", "/sitemap/bai-1.xml"]
)
@pytest.mark.parametrize(
    ("settings", "host", "says"),
    [
        ({"public_base_url": "https://tracuu.example.vn"}, "evil.example.com", "https://tracuu.example.vn/"),
        ({}, "evil.example.com", ""),
        ({}, "localhost", "http://localhost/"),
        ({"trusted_hosts": ("kho.example.vn",)}, "kho.example.vn", "http://kho.example.vn/"),
    ],
    ids=["configured", "made up", "this machine", "trusted"],
)
def test_p21_absolute_addresses_never_repeat_a_made_up_host(
    make: Make, path: str, settings: dict[str, Any], host: str, says: str
) -> None:
    answer = make(**settings).get(path, headers={"Host": host, "X-Forwarded-Host": "evil.example.com"})
    assert answer.status_code == 200 and "evil" not in answer.text
    if not path.endswith("?q=a"):  # without a configured address feeds name paths only
        assert says in answer.text


# Proxies


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, "198.51.100.9", "203.0.113.7"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "10.9.9.9, 198.51.100.9", "198.51.100.9"),  # what the visitor wrote himself stands before the proxy's word
        (2, "198.51.100.9, 192.0.2.1", "198.51.100.9"),
        (1, "", "203.0.113.7"),
        (1, "no address", ""),
        (1, "198.51.100.9:4711", "198.51.100.9"),  # as balancers of Azure and IIS send it
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_forwarded_addresses_count_only_behind_known_proxies(
    make: Make, proxies: int, forwarded: str, client: str
) -> None:
    site = make(trusted_proxies=proxies, rate_limit="2 per hour")
    sent = {"X-Forwarded-For": forwarded} if forwarded else {}
    statuses = [site.get("/gioi-thieu", headers=sent, environ_base=VISITOR).status_code for _ in range(3)]
    assert statuses == ([200, 200, 429] if client else [200] * 3)
    other = {"REMOTE_ADDR": client or "192.0.2.200"}  # the same client without the header shares its count
    direct = make(trusted_proxies=0, rate_limit="2 per hour").get("/gioi-thieu", environ_base=other)
    assert direct.status_code == 200


@pytest.mark.parametrize("proxies", [0, 1])
def test_forwarded_scheme_and_host_never_reach_an_address(make: Make, proxies: int) -> None:
    sent = {"X-Forwarded-Host": "evil.example.com", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Proto": "https"}
    answer = make(trusted_proxies=proxies).get("/", headers=sent)
    assert answer.status_code == 200 and "evil" not in answer.text


# Requests of one client


def test_p9_one_client_cannot_ask_without_end(make: Make) -> None:
    site = make(rate_limit="3 per minute")
    answers = [site.get("/tim-kiem?q=đảng", environ_base=VISITOR) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    refused = answers[-1]
    assert 1 <= int(refused.headers["Retry-After"]) <= 61 and refused.headers["Cache-Control"] == "no-store"
    assert "Quá nhiều yêu cầu" in refused.text and f"Hãy đợi {refused.headers['Retry-After']} giây" in refused.text
    assert site.get("/tim-kiem?q=đảng", environ_base={"REMOTE_ADDR": "203.0.113.8"}).status_code == 200


@pytest.mark.parametrize("jump", [-86_400, -300_000_000, 86_400, 300_000_000])
@pytest.mark.parametrize("limit", [{"rate_limit": "3 per minute"}, {"rate_limit": "", "processor_seconds": 0.001}])
def test_a_clock_that_is_set_closes_the_site_to_nobody(
    make: Make, monkeypatch: pytest.MonkeyPatch, limit: dict[str, Any], jump: int
) -> None:
    """A machine came up a year ahead; its clock is mended, and a minute is a minute still."""
    usual, steady, passed = time.time, time.monotonic, [0.0, 0.0]
    monkeypatch.setattr(time, "time", lambda: usual() + passed[0] + passed[1])
    monkeypatch.setattr(time, "monotonic", lambda: steady() + passed[1])
    site = make(**limit)

    def ask() -> Any:
        return site.get("/tim-kiem?q=đảng", environ_base=VISITOR)

    assert [ask().status_code for _ in range(5)][-1] == 429
    passed[0] = jump
    refused = ask()
    if jump < 0 or refused.status_code != 200:  # whoever is let in early by a clock put forward costs little
        assert refused.status_code == 429 and int(refused.headers["Retry-After"]) <= 61
    passed[1] = 62
    assert ask().status_code == 200


def test_p9_data_is_refused_as_data(make: Make) -> None:
    site = make(rate_limit="1 per minute")
    site.get("/", environ_base=VISITOR)
    refused = site.get("/api/v1/search?q=đảng", environ_base=VISITOR)
    assert refused.status_code == 429 and refused.json is not None
    assert refused.json["ok"] is False and refused.json["status"] == 429 and "giây" in refused.json["error"]
    assert refused.headers["Access-Control-Allow-Origin"] == "*" and "Retry-After" in refused.headers
    english = site.get("/?lang=en", environ_base=VISITOR)
    assert "Wait " in english.text and "second" in english.text


def test_p9_addresses_that_do_not_exist_count_too(make: Make) -> None:
    site = make(rate_limit="2 per hour")
    assert [site.get(f"/x{n}", environ_base=VISITOR).status_code for n in range(4)] == [404, 404, 429, 429]


@pytest.mark.parametrize("path", ["/static/searchapp.css", "/healthz"])
def test_p9_what_a_page_is_made_of_and_what_watches_is_not_counted(make: Make, path: str) -> None:
    site = make(rate_limit="1 per minute")
    assert {site.get(path, environ_base=VISITOR).status_code for _ in range(4)} == {200}
    assert site.get("/", environ_base=VISITOR).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one customer has a whole /64
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_who_is_one_client(make: Make, one: str, other: str, same: bool) -> None:
    site = make(rate_limit="1 per minute")
    assert site.get("/", environ_base={"REMOTE_ADDR": one}).status_code == 200
    assert site.get("/", environ_base={"REMOTE_ADDR": other}).status_code == (429 if same else 200)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "", "::ffff:127.0.0.1"])
def test_this_machine_is_not_limited(make: Make, address: str) -> None:
    site = make(rate_limit="1 per hour")
    assert {site.get("/", environ_base={"REMOTE_ADDR": address}).status_code for _ in range(3)} == {200}


def test_no_limit_by_setting(make: Make) -> None:
    site = make(rate_limit="")
    assert {site.get("/gioi-thieu", environ_base=VISITOR).status_code for _ in range(30)} == {200}


def test_a_counting_server_that_is_down_does_not_close_the_site(make: Make) -> None:
    if importlib.util.find_spec("redis") is None:
        with pytest.raises(MissingExtraError, match="redis"):
            make(rate_store="redis://127.0.0.1:9/0")
        return
    site = make(rate_store="redis://127.0.0.1:9/0", rate_limit="2 per hour")
    statuses = [site.get("/gioi-thieu", environ_base=VISITOR).status_code for _ in range(4)]
    assert statuses[0] == 200 and statuses[-1] == 429  # it counts in memory meanwhile


def test_p22_who_has_spent_a_minute_waits(make: Make) -> None:
    site = make(processor_seconds=0.05, rate_limit="")
    answers = [site.get("/tim-kiem?q=nghị quyết", environ_base=VISITOR) for _ in range(40)]
    assert answers[0].status_code == 200 and answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60 and "<h1>" in answers[-1].text
    for other in ({"REMOTE_ADDR": "203.0.113.8"}, {}):
        assert site.get("/gioi-thieu", environ_base=other).status_code == 200
    assert site.get("/readyz", environ_base=VISITOR).status_code == 200
    assert make(processor_seconds=0).get("/", environ_base=VISITOR).status_code == 200


def test_p22_one_client_never_holds_all_threads(make: Make) -> None:
    site = make(threads=4, rate_limit="")
    held = [site.get("/tim-kiem.csv?q=đảng", environ_base=VISITOR) for _ in range(2)]  # not read to their end
    assert [answer.status_code for answer in held] == [200, 200]
    refused = site.get("/gioi-thieu", environ_base=VISITOR)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert site.get("/gioi-thieu", environ_base={"REMOTE_ADDR": "203.0.113.8"}).status_code == 200
    for answer in held:
        answer.close()
    assert site.get("/gioi-thieu", environ_base=VISITOR).status_code == 200


@pytest.mark.parametrize("how", ["sent", "refused", "missing", "bug"])
def test_p22_what_has_ended_is_given_back(make: Make, how: str) -> None:
    site = make(threads=3, rate_limit="")
    site.application.config["PROPAGATE_EXCEPTIONS"] = False
    site.application.add_url_rule("/bug", "bug", lambda: 1 / 0)
    path = {"sent": "/", "refused": "/tim-kiem?trang=x", "missing": "/khong-co", "bug": "/bug"}[how]
    assert {site.get(path, environ_base=VISITOR).status_code for _ in range(5)} & {429} == set()


# The read token

PAGES = [
    "/",
    "/tim-kiem?q=đảng",
    "/tim-kiem.json?q=đảng",
    "/tim-kiem.atom?q=đảng",
    "/tim-kiem.feed.json?q=đảng",
    "/tim-kiem.csv?q=đảng",
    "/tim-kiem.jsonl?q=đảng",
    "/api/v1/search?q=đảng",
    "/api/v1/suggest?q=da",
    "/api/v1/stats",
    "/api/v1/openapi.json",
    "/bai/{article}",
    "/van-ban/{document}",
    "/van-ban/{document}.ics",
    "/ngay",
    "/sitemap.xml",
    "/robots.txt",
    "/opensearch/suggest?q=da",
    "/khong-co-trang-nay",
]


def basic(password: str) -> str:
    return "Basic " + b64encode(f"ai:{password}".encode()).decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_private_collection_shows_nothing_without_its_token(
    make: Make, sample_pages: dict[str, str], path: str
) -> None:
    site, url = make(read_token=TOKEN), path.format(**sample_pages)
    refused = site.get(url)
    assert refused.status_code == 401 and refused.headers["Cache-Control"] == "no-store"
    assert [value.split()[0] for value in refused.headers.getlist("WWW-Authenticate")] == ["Basic", "Bearer"]
    assert "Access-Control-Allow-Origin" not in refused.headers and "Đảng bộ" not in refused.text
    shown = site.get(url, headers={"Authorization": f"Bearer {TOKEN}"})
    assert shown.status_code in (200, 301, 302, 404)
    assert "public" not in shown.headers.get("Cache-Control", "")
    assert "Access-Control-Allow-Origin" not in shown.headers
    if shown.status_code == 200:
        assert "private" in shown.headers["Cache-Control"] and "Authorization" in shown.headers["Vary"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (basic(TOKEN), 200),
        ("", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        (TOKEN, 401),
        (basic(""), 401),
        (basic("sai"), 401),
        ("Basic !!!", 401),
        (f"Digest {TOKEN}", 401),
        ("Bearer " + "ạ".encode().decode("latin-1"), 401),
    ],
)
def test_which_token_opens(make: Make, sent: str, status: int) -> None:
    site = make(read_token=TOKEN)
    assert site.get("/", headers={"Authorization": sent} if sent else {}).status_code == status
    assert site.get(f"/?token={TOKEN}&read_token={TOKEN}").status_code == 401  # never in an address


def test_a_token_is_asked_for_in_words_and_what_watches_stays_open(make: Make) -> None:
    site = make(read_token=TOKEN)
    assert "cần mã truy cập" in site.get("/").text and "access code" in site.get("/?lang=en").text
    assert site.get("/healthz").status_code == 200 and site.get("/static/searchapp.css").status_code == 200
    assert site.post("/api/v1/citations", data="Nghị quyết 05-NQ/TU").status_code == 401
    assert site.get("/", headers={"If-None-Match": "*"}).status_code == 401
    assert TOKEN not in repr(Settings(read_token=TOKEN))


def test_a_mounted_collection_is_as_private(sample_settings: Settings, sample_engine: Callable[[], Engine]) -> None:
    host = Flask("host")
    host.add_url_rule("/", "own", lambda: "own")
    private = replace(sample_settings, read_token=TOKEN)
    host.register_blueprint(blueprint(private, sample_engine), url_prefix="/tra-cuu")
    site = host.test_client()
    assert site.get("/").status_code == 200
    assert site.get("/tra-cuu/").status_code == 401
    assert site.get("/tra-cuu/", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


# What every answer says


EVERY = [
    "/",
    "/tim-kiem?q=a",
    "/tim-kiem.json?q=a",
    "/khong-co",
    "/tim-kiem?trang=0",
    "/static/searchapp.css",
    "/healthz",
]


@pytest.mark.parametrize("path", EVERY)
def test_p13_every_answer_forbids_what_it_does_not_need(make: Make, path: str) -> None:
    answer = make().get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'" and policy["form-action"] == "'self'"
    assert "unsafe" not in str(policy) and "*" not in str(policy)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Set-Cookie" not in answer.headers and "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    ("origins", "ancestors"),
    [
        ((), "'none'"),
        (("https://bao.example.vn",), "https://bao.example.vn"),
        (("https://a.example.vn", "http://b.example.vn:8080"), "https://a.example.vn http://b.example.vn:8080"),
    ],
)
def test_p13_a_page_for_frames_names_who_may_frame_it(make: Make, origins: tuple[str, ...], ancestors: str) -> None:
    app = make().application
    with app.test_request_context():
        answer = headers.secure(headers.framable(app.make_response("x"), origins))
    assert answer.headers["Content-Security-Policy"].endswith(f"; frame-ancestors {ancestors}")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/tim-kiem", 405),
        ("PUT", "/", 405),
        ("DELETE", "/bai/x", 405),
        ("TRACE", "/", 405),
        ("PATCH", "/api/v1/search", 405),
        ("GET", "/api/v1/citations", 405),
        ("QUATSCH", "/", 405),
        ("OPTIONS", "/", 200),
    ],
)
def test_u16_only_what_reads_is_allowed(make: Make, method: str, path: str, status: int) -> None:
    answer = make().open(path, method=method)
    assert answer.status_code == status
    assert "GET" in answer.headers["Allow"] or "POST" in answer.headers["Allow"]


def test_u16_a_body_larger_than_a_text_is_refused(make: Make) -> None:
    site = make()
    big = b"x" * 1_000_001
    assert site.post("/api/v1/citations", data=big, content_type="text/plain").status_code == 413
    chunked = {"wsgi.input_terminated": True}  # without a length, as gunicorn gives a chunked body
    sent = site.post("/api/v1/citations", input_stream=_stream(big), environ_overrides=chunked)
    assert sent.status_code == 413


def _stream(data: bytes) -> Any:
    import io

    return io.BytesIO(data)


# Counts and health


@pytest.mark.parametrize(
    ("settings", "environ", "sent", "status"),
    [
        ({}, {}, {}, 200),
        ({}, VISITOR, {}, 404),
        ({}, {}, {"X-Forwarded-For": "203.0.113.7"}, 404),  # through a proxy that nobody told us about
        ({}, {}, {"Forwarded": "for=203.0.113.7"}, 404),
        ({"trusted_proxies": 1}, {}, {"X-Forwarded-For": "203.0.113.7"}, 404),
        ({"trusted_proxies": 1}, {}, {"X-Forwarded-For": "127.0.0.1"}, 200),
        ({"trusted_proxies": 1}, {}, {"X-Forwarded-For": "127.0.0.1:4711"}, 200),
        ({"trusted_proxies": 1}, {}, {"X-Forwarded-For": "unknown"}, 404),
        ({}, {"REMOTE_ADDR": ""}, {}, 404),  # a Unix socket
        ({"metrics_from": ("203.0.113.0/24",)}, VISITOR, {}, 200),
        ({"metrics_from": ()}, {}, {}, 404),
        ({"read_token": TOKEN}, {}, {}, 401),
    ],
)
def test_counts_are_shown_only_nearby(
    make: Make, settings: dict[str, Any], environ: dict[str, str], sent: dict[str, str], status: int
) -> None:
    answer = make(**settings).get("/metrics", environ_base=environ, headers=sent)
    assert answer.status_code == status
    assert ("searchapp_index_articles" in answer.text) is (status == 200)


def test_counts_without_an_index_say_so(sample_settings: Settings) -> None:
    site = create_app(sample_settings, _no_index).test_client()
    page = site.get("/metrics").text
    assert "searchapp_index_up 0.0" in page and "searchapp_index_articles" not in page


def test_invented_methods_and_addresses_are_one_series(make: Make) -> None:
    site = make()
    for word in ("ABC", "XYZ"):
        site.open(f"/{word}", method=word)
    page = site.get("/metrics").text
    assert "ABC" not in page and 'method="other",route="none"' in page


class Live:
    """An engine with something to say about itself, as generations.Live has."""

    def __init__(self, engine: Engine, problem: str) -> None:
        self.engine, self.problem = engine, problem

    def __call__(self) -> Engine:
        return self.engine


def _no_index() -> Engine:
    raise NoIndexError("nothing has been indexed")


def _stale_index() -> Engine:
    raise StaleIndexError("built by another version")


@pytest.mark.parametrize(
    ("state", "health", "ready", "problems"),
    [
        ("well", 200, 200, []),
        ("older", 503, 200, ["older-generation"]),
        ("aged", 503, 200, ["no-reindex"]),
        ("renewed", 200, 200, []),  # nothing new to publish, but looked at
        ("broken", 503, 200, ["no-reindex"]),  # LAST_RUN.json after a power cut
        ("ahead", 503, 200, ["clock"]),
        ("was ahead", 200, 200, []),
        ("missing", 503, 503, ["NoIndexError"]),
        ("stale", 503, 503, ["StaleIndexError"]),
    ],
)
def test_p5_health_tells_the_watcher_and_ready_the_balancer(
    sample_settings: Settings, sample_engine: Callable[[], Engine], tmp_path: Path, state: str, health: int, ready: int,
    problems: list[str],
) -> None:  # fmt: skip
    engine = Live(_Aged(sample_engine()), "" if state != "older" else "CURRENT is damaged")
    hours = 1 if state in ("aged", "renewed", "broken") else 0
    settings = replace(sample_settings, index=tmp_path, max_index_age_hours=hours)
    if state == "broken":
        (tmp_path / "LAST_RUN.json").write_text("[]", encoding="utf-8")
    if "ahead" in state:
        engine = Live(_Aged(sample_engine(), "2099-01-01T00:00:00+00:00"), "")
    if state == "was ahead":
        report.save_run(tmp_path, exit_code=0, seconds=1.0)
    if state == "renewed":
        report.save_run(tmp_path, exit_code=3, seconds=1)
        report.save_run(tmp_path, exit_code=1, seconds=1)  # the last one failed, an hour has not passed
    opened = {"missing": _no_index, "stale": _stale_index}.get(state, engine)
    site = create_app(settings, opened).test_client()
    for path, status in (("/healthz", health), ("/readyz", ready), ("/api/v1/health", health)):
        answer = site.get(path)
        assert answer.status_code == status and answer.json is not None, path
        assert answer.json["problems"] == problems and answer.headers["Cache-Control"] == "no-store"
    assert "/" not in str(answer.json)  # no folder of ours


class _Aged:
    """The engine, built two hours ago, or at another time."""

    def __init__(self, engine: Engine, built: str = "") -> None:
        self._engine, self._built = engine, built
        self.generation = engine.generation

    def stats(self) -> Stats:
        built = datetime.now(UTC) - timedelta(hours=2)
        return replace(self._engine.stats(), built=self._built or built.isoformat(timespec="seconds"))


@pytest.mark.parametrize(("status", "path"), [(404, "/khong-co"), (429, "/"), (503, "/")])
def test_refusals_are_pages_of_the_site(make: Make, sample_settings: Settings, status: int, path: str) -> None:
    site = create_app(sample_settings, _no_index).test_client() if status == 503 else make(rate_limit="1 per hour")
    visitor = VISITOR if status == 429 else {}
    answers = [site.get(path, environ_base=visitor) for _ in range(2)]
    assert answers[1].status_code == status and "<h1>" in answers[1].text and "searchapp.css" in answers[1].text
    assert answers[1].headers["X-Request-ID"] != answers[0].headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("/tim-kiem?q=giáo&nam=2021&trang=2", "/tim-kiem?q=gi%C3%A1o&amp;nam=2021&amp;trang=2"),
        ("/tim-kiem?q=a&lang=en", "/tim-kiem?q=a&amp;lang=en"),
        ("/van-ban?loai=nghi-quyet", "/van-ban?loai=nghi-quyet"),
        ("/ngay/2021-09", "/ngay/2021-09"),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_who_waited_comes_back_to_the_same_page(
    make: Make, sample_settings: Settings, path: str, again: str, status: int
) -> None:
    def busy() -> Engine:
        raise EngineUnavailableError("x")

    site = create_app(sample_settings, busy).test_client() if status == 503 else make(rate_limit="1 per hour")
    visitor = VISITOR if status == 429 else {}
    page = [site.get(path, environ_base=visitor) for _ in range(2)][1]
    said = "Try again" if path.endswith("lang=en") else "Thử lại"
    assert page.status_code == status and f'class="button" href="{again}">{said}<' in page.text


def test_an_empty_archive_offers_no_second_try(sample_settings: Settings) -> None:
    page = create_app(sample_settings, _no_index).test_client().get("/tim-kiem?q=a").text
    assert "Chưa có bài nào được đưa vào kho. Hãy quay lại sau." in page and "Thử lại" not in page


@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [(0, "abcdef0123456789", False), (1, "abcdef0123456789", True), (1, "có dấu", False), (1, "x" * 65, False)],
)
def test_a_request_keeps_the_number_that_a_believed_proxy_gave_it(
    make: Make, proxies: int, given: str, kept: bool
) -> None:
    answer = make(trusted_proxies=proxies).get("/", headers={"X-Request-ID": given.encode().decode("latin-1")})
    assert (answer.headers["X-Request-ID"] == given) is kept
