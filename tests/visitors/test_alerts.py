"""Following, with a real mail server and real webhooks on loopback: told once, also when something fails halfway."""

from __future__ import annotations

import base64
import html
import http.server
import json
import os
import re
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from smtp_server import Postbox, mail_server

from searchapp import config, visitors
from searchapp.cli import cli, main
from searchapp.config import AlertSettings, Settings
from searchapp.dates import today
from searchapp.engine import Engine
from searchapp.engines import open_engine
from searchapp.errors import BusyIndexError, SettingsError
from searchapp.ingest import reindex
from searchapp.text.translated import in_vietnamese
from searchapp.visitors.alerts import Outcome, Round, alone, post
from searchapp.visitors.alerts.book import ASKED_A_DAY, FILE, TRIES, Book, Every, is_address
from searchapp.visitors.alerts.post import Hooks, Post
from searchapp.web import blueprint, create_app
from searchapp.web.following import letters as following
from searchapp.web.following.letters import Letters, news

MAILS = int(os.environ.get("SEARCHAPP_TEST_MAILS", "400"))
BASE = "https://tracuu.example.vn"
BODY = "Phường Bến Nhỏ họp bàn việc xây cầu và sửa đường, phân công các tổ dân phố cùng làm. " * 3


@pytest.fixture
def box() -> Iterator[Postbox]:
    with mail_server() as server:
        yield server


@pytest.fixture
def archive(tmp_path: Path, box: Postbox) -> Settings:
    """A small archive of its own that can be followed."""
    alerts = AlertSettings(sender="Tra cứu <tra-cuu@example.vn>", smtp=f"127.0.0.1:{box.port}")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    settings = replace(
        Settings(),
        index=tmp_path / "index",
        corpus=(corpus,),
        state=tmp_path / "state",
        public_base_url=BASE,
        alerts=alerts,
    )
    add(settings, "cau-cu", "Cầu cũ qua sông")
    return settings


def add(settings: Settings, name: str, title: str, body: str = BODY) -> None:
    """One more article, indexed."""
    text = f"---\ntitle: {title}\ndate: 2021-03-05\nsource: Báo Bến Nhỏ\n---\n{body} {name}"
    (settings.corpus[0] / f"{name}.md").write_text(text, encoding="utf-8")
    reindex(settings.corpus, settings.index, settings, jobs=1)


def go(settings: Settings, day: date | None = None, private: tuple[str, ...] = ()) -> Outcome:
    """One round, as the command runs it."""
    engine, post, hooks = open_engine(settings)(), Post(settings.alerts, 3.0), Hooks(frozenset(private))
    with alone(settings.state), Book(settings.state, lambda: day or today()) as book, closing(post):
        found = Round(
            book,
            post,
            hooks,
            lambda q, keys: news(engine, settings.public_address, q, keys),
            Letters(settings, book).write,
        )
        return found.run(key for key, _ in engine.titles())


def follow(settings: Settings, *addresses: str, asked: str = "q=cầu", every: Every = "daily") -> None:
    with closing(Book(settings.state)) as book:
        for address in addresses:
            assert book.follow("mail", address, asked, "cầu", every, live=True)


def links_of(mail: EmailMessage) -> list[str]:
    body = mail.get_body(("plain",))
    assert body is not None
    return re.findall(rf"{BASE}(\S+)", body.get_content())


# The whole road, through the pages


def test_asked_confirmed_told_and_left(archive: Settings, box: Postbox) -> None:
    go(archive)
    site = create_app(archive).test_client()
    assert 'href="/theo-doi?q=c%E1%BA%A7u"' in site.get("/tim-kiem?q=cầu").text
    assert "Theo dõi qua thư điện tử" in site.get("/theo-doi?q=cầu").text
    answer = site.post("/theo-doi?q=cầu", data={"email": "an@example.org", "luc": "ngay"})
    assert answer.status_code == 200 and "an@example.org" not in answer.text
    ((to, mail),) = box.accepted
    assert to == "an@example.org" and mail["Auto-Submitted"] == "auto-generated"
    (confirm,) = links_of(mail)
    add(archive, "cau-1", "Cầu mới một")
    go(archive)
    assert len(box.accepted) == 1, "nobody is told before confirming"
    assert "button" in site.get(confirm).text  # looking at the link does nothing
    add(archive, "cau-2", "Cầu mới hai")
    go(archive)
    assert len(box.accepted) == 1
    assert site.post(confirm).status_code == 200
    add(archive, "cau-3", "Cầu mới ba")
    add(archive, "khac", "Chuyện khác hẳn", "Đoàn viên thanh niên trồng cây ở công viên trung tâm của thành phố. " * 3)
    assert go(archive).sent == 1
    mail = box.accepted[1][1]
    body = mail.get_body(("plain",))
    assert body is not None
    told = body.get_content()
    assert "Cầu mới ba" in told and "Cầu mới hai" not in told and "Chuyện khác" not in told
    assert mail["Subject"] == "1 bài mới: cầu"
    # RFC 8058: an https address in brackets, the fixed words, and a POST without cookies from anywhere that works
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = str(mail["List-Unsubscribe"]).strip("<>").removeprefix(BASE)
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example.com"}
    assert site.get(leave).status_code == 200
    assert site.post(leave, data={"List-Unsubscribe": "One-Click"}, headers=headers).status_code == 200
    assert site.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 404  # forgotten
    add(archive, "cau-4", "Cầu mới bốn")
    assert go(archive).sent == 0
    assert b"an@example.org" not in b"".join(file.read_bytes() for file in archive.state.rglob("*"))


def mounted(archive: Settings) -> FlaskClient:
    """The pages below a path of another site."""
    host = Flask("host")
    host.register_blueprint(blueprint(archive), url_prefix="/tra-cuu")
    return host.test_client()


def test_mails_of_a_mounted_archive_lead_below_its_path(archive: Settings, box: Postbox) -> None:
    go(archive)
    site = mounted(archive)  # a page knows where it is without the setting
    site.post("/tra-cuu/theo-doi?q=cầu", data={"email": "an@example.org"})
    (confirm,) = links_of(box.accepted[0][1])
    assert site.post(confirm).status_code == 200
    add(archive, "cau-1", "Cầu mới một")
    go(replace(archive, public_path="/tra-cuu"))
    mail = box.accepted[1][1]
    found = [*links_of(mail), str(mail["List-Unsubscribe"]).strip("<>").removeprefix(BASE)]
    site = mounted(archive)
    assert len(found) == 4 and {link: site.get(link).status_code for link in found} == dict.fromkeys(found, 200)


def test_a_document_can_be_followed(archive: Settings, box: Postbox) -> None:
    add(
        archive,
        "nq",
        "Thực hiện Nghị quyết số 05-NQ/TU",
        f"Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Tỉnh ủy Bình Dương. {BODY}",
    )
    slug = open_engine(archive)().documents("05-NQ/TU")[0].slug
    go(archive)
    follow(archive, "a@example.org", asked=f"van_ban={slug}")
    add(
        archive,
        "nq2",
        "Sơ kết",
        f"Sau một năm thực hiện Nghị quyết số 05-NQ/TU ngày 15/9/2021 của Tỉnh ủy Bình Dương. {BODY} Hai",
    )
    add(archive, "khac", "Không nhắc đến")
    assert go(archive).sent == 1
    told = box.accepted[0][1].get_body(("plain",))
    assert told is not None and "Sơ kết" in told.get_content() and "Không nhắc" not in told.get_content()


# Never twice


STORY = (
    "Sáng nay phường Bến Nhỏ khởi công cây cầu bắc qua rạch Ông Bầu, nối khu chợ cũ với trường trung học vừa xây. "
    "Công trình dài bốn trăm mét, rộng mười hai mét, kinh phí do nhân dân đóng góp một phần, còn lại lấy từ ngân sách. "
    "Chủ tịch Ủy ban nhân dân đề nghị đơn vị thi công bảo đảm an toàn, giữ gìn vệ sinh và hoàn thành trước Tết."
)


def test_the_reprints_of_one_article_can_be_followed(archive: Settings, box: Postbox) -> None:
    add(archive, "cau-cu", "Cầu cũ qua sông", STORY)
    ((key, _),) = open_engine(archive)().titles()
    follow(archive, "an@example.org", asked=f"dang_lai={key}", every="now")
    go(archive)
    other = "Đoàn viên thanh niên trồng cây ở công viên trung tâm của thành phố. " * 3
    add(archive, "khac", "Chuyện khác hẳn", other)
    assert go(archive).sent == 0
    add(archive, "dang-lai", "Cầu cũ qua sông, báo khác đăng lại", STORY)
    assert go(archive).sent == 1
    body = box.accepted[0][1].get_body(("plain",))
    assert body is not None and "báo khác đăng lại" in body.get_content() and "Chuyện khác" not in body.get_content()


def test_a_server_that_fails_halfway_through_many_mails(archive: Settings, box: Postbox) -> None:
    go(archive)
    everybody = [f"ban-doc-{number}@example.org" for number in range(MAILS)]
    follow(archive, *everybody)
    add(archive, "cau-1", "Cầu mới một")
    box.fails = lambda number: "down" if number >= MAILS // 2 else "later" if number == 7 else ""
    first = go(archive)
    assert (first.sent, first.waiting) == (MAILS // 2 - 1, MAILS // 2 + 1)
    assert any("takes no mail" in line for line in first.problems) and len(first.problems) < 9
    box.fails = lambda number: ""
    assert go(archive).sent == MAILS // 2 + 1
    assert go(archive).sent == 0
    assert Counter(box.to()) == Counter(everybody)


def test_a_mail_that_may_have_arrived_is_not_sent_again(archive: Settings, box: Postbox) -> None:
    go(archive)
    follow(archive, *(f"{number}@example.org" for number in range(6)))
    add(archive, "cau-1", "Cầu mới một")
    box.fails = lambda number: "keep and hang up" if number == 2 else "hang up" if number == 4 else ""
    first = go(archive)
    assert (first.sent, first.unsure, first.waiting) == (4, 1, 1)
    assert go(archive).sent == 1
    assert Counter(box.to()) == Counter(f"{number}@example.org" for number in range(6))


def test_a_run_that_is_killed_sends_nothing_twice(archive: Settings, box: Postbox, tmp_path: Path) -> None:
    """SIGKILL in the middle of three hundred mails, then again; who got one gets no second, all but a few get one."""
    go(archive)
    everybody = [f"{number}@example.org" for number in range(300)]
    follow(archive, *everybody)
    add(archive, "cau-1", "Cầu mới một")
    command, environ = commanded(archive, box, tmp_path)
    for wanted in (40, 120):
        process = subprocess.Popen(command, env=environ, cwd=tmp_path, stdout=subprocess.DEVNULL)
        while len(box.accepted) < wanted and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "may have arrived" in done.stdout
    assert max(Counter(box.to()).values()) == 1
    assert len(set(everybody) - set(box.to())) <= 2


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_run_that_is_told_to_end_loses_nothing(
    archive: Settings, box: Postbox, tmp_path: Path, ending: signal.Signals
) -> None:
    go(archive)
    everybody = [f"{number}@example.org" for number in range(60)]
    follow(archive, *everybody)
    add(archive, "cau-1", "Cầu mới một")
    command, environ = commanded(archive, box, tmp_path)
    process = subprocess.Popen(command, env=environ, cwd=tmp_path, stdout=subprocess.DEVNULL)
    while len(box.accepted) < 5 and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(ending)
    assert process.wait() == 1  # the others wait for the next round
    assert 5 <= len(box.accepted) < 60
    subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, check=True)
    assert Counter(box.to()) == Counter(everybody)


def commanded(settings: Settings, box: Postbox, folder: Path) -> tuple[list[str], dict[str, str]]:
    """`alerts send` in a process of its own, and its environment."""
    toml = folder / "searchapp.toml"
    toml.write_text(
        f'index = "index"\ncorpus = ["corpus"]\nstate = "state"\npublic_base_url = "{BASE}"\n'
        f'[alerts]\nsender = "tra-cuu@example.vn"\nsmtp = "127.0.0.1:{box.port}"\n',
        encoding="utf-8",
    )
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return [sys.executable, "-m", "searchapp", "--config", str(toml), "alerts", "send"], environ


def test_two_runs_at_once(archive: Settings) -> None:
    with alone(archive.state), pytest.raises(BusyIndexError):
        go(archive)


def test_an_address_that_is_gone_is_left_alone(archive: Settings, box: Postbox) -> None:
    go(archive)
    follow(archive, "gone@example.org", every="now")
    box.fails = lambda number: "refuse"
    for number in range(TRIES + 2):
        add(archive, f"cau-{number}", f"Cầu mới {number}")
        go(archive)
    assert box.seen <= TRIES * 2 and box.accepted == []
    with closing(Book(archive.state)) as book:
        assert [one.state for one in book.everyone()] == ["off"]


MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize("fault", ["greylist", "later", "hang up"])
def test_a_mail_that_is_put_off_is_tried_for_two_days_and_then_given_up(
    archive: Settings, box: Postbox, fault: str
) -> None:
    go(archive, MONDAY)
    follow(archive, "an@example.org", every="now")
    add(archive, "cau-1", "Cầu mới một")
    box.fails = lambda number: fault
    for _ in range(TRIES * 2):
        assert go(archive, MONDAY).waiting == 1, "an hour of rounds is no reason to lose it"
    last = go(archive, MONDAY + timedelta(2))
    assert last.waiting == 0 and any("given up" in line for line in last.problems)
    with closing(Book(archive.state)) as book:
        assert book.states() == {"given-up": 1}


def test_a_mail_that_is_greylisted_comes_when_the_server_takes_it(archive: Settings, box: Postbox) -> None:
    go(archive, MONDAY)
    follow(archive, "an@example.org", every="now")
    add(archive, "cau-1", "Cầu mới một")
    box.fails = lambda number: "greylist" if number < TRIES * 3 else ""
    sent = sum(go(archive, MONDAY).sent for _ in range(TRIES * 3 + 3))
    assert sent == 1 and box.to() == ["an@example.org"]


def test_nothing_waits_for_an_address_that_is_left_alone(archive: Settings, box: Postbox) -> None:
    go(archive)
    follow(archive, "gone@example.org", every="now")
    box.fails = lambda number: "refuse"
    add(archive, "cau-1", "Cầu mới một")
    rounds = [go(archive) for _ in range(TRIES + 1)]
    assert [one.waiting for one in rounds] == [1] * (TRIES - 1) + [0, 0]
    assert any("left alone" in line for line in rounds[TRIES - 1].problems)


@pytest.mark.parametrize("fault", ["refuse and hang up", "cut", "mumble"])
def test_addresses_that_always_fail_hold_nobody_up(archive: Settings, box: Postbox, fault: str) -> None:
    """Three in front of the line that the server throws out whenever they come."""
    go(archive)
    follow(archive, *(f"{number}@example.org" for number in range(8)), every="now")
    add(archive, "cau-1", "Cầu mới một")
    box.fails = lambda number: fault if number < 3 else ""
    first = go(archive)
    box.fails = lambda number: ""
    second = go(archive)
    assert set(box.to()) >= {f"{number}@example.org" for number in range(3, 8)}
    assert max(Counter(box.to()).values()) == 1
    assert first.sent + first.unsure + second.sent + second.unsure == 8


def test_what_fails_again_and_again_is_asked_last(archive: Settings, box: Postbox) -> None:
    go(archive)
    follow(archive, *(f"{number}@example.org" for number in range(6)), every="now")
    add(archive, "cau-1", "Cầu mới một")
    box.fails = lambda number: "hang up" if number < 3 else ""
    assert go(archive).sent == 0
    assert go(archive).sent == 6
    assert box.to()[:3] == ["3@example.org", "4@example.org", "5@example.org"]


def test_a_server_that_takes_one_mail_a_connection_gets_all(archive: Settings, box: Postbox) -> None:
    go(archive)
    follow(archive, *(f"{number}@example.org" for number in range(5)))
    add(archive, "cau-1", "Cầu mới một")
    box.fails = lambda number: "enough"
    assert go(archive).sent == 5
    assert Counter(box.to()) == Counter(f"{number}@example.org" for number in range(5))


def test_a_server_that_refuses_the_sender_is_told_as_that(archive: Settings, box: Postbox) -> None:
    go(archive)
    follow(archive, *(f"{number}@example.org" for number in range(5)))
    add(archive, "cau-1", "Cầu mới một")
    box.fails = lambda number: "no sender"
    told = go(archive)
    assert told.waiting == 5 and "that sender may not send here" in told.problems[0]
    assert "[alerts]" in told.problems[-1] and "does not answer" not in told.problems[-1]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"tls": "starttls"}, "STARTTLS"),  # a server that offers none gets no mail in the open
        ({"tls": "tls"}, "no encrypted connection"),
        ({"smtp": "[::1]:1"}, "refused"),  # an address of IPv6 is one
        ({"smtp": "127.0.0.1:1"}, "refused"),
    ],
)
def test_one_mail_that_cannot_be_sent_is_enough_for_advice(
    archive: Settings, box: Postbox, settings: dict[str, str], says: str
) -> None:
    broken = replace(archive, alerts=replace(archive.alerts, **settings))  # type: ignore[arg-type]
    go(broken)
    follow(broken, "an@example.org")
    add(broken, "cau-1", "Cầu mới một")
    told = go(broken)
    assert (told.waiting, box.accepted) == (1, []) and says in told.problems[0]
    assert told.problems[-1] == "the mail server failed: look at it and at [alerts]"


def test_a_server_that_answers_without_end_costs_little(archive: Settings, box: Postbox) -> None:
    box.fails = lambda number: "drip"
    letter = EmailMessage()
    with closing(Post(archive.alerts, 5.0, whole=1.0)) as road, pytest.raises(post.NotSentError):
        began = time.monotonic()
        road.send(letter, "an@example.org", lambda: True)
    assert time.monotonic() - began < 3


def test_a_password_with_accents_opens(archive: Settings, box: Postbox) -> None:
    settings = replace(archive, alerts=replace(archive.alerts, user="tra-cuu@example.vn", password="bí mật"))
    go(settings)
    follow(settings, "an@example.org")
    add(settings, "cau-1", "Cầu mới một")
    assert go(settings).sent == 1
    said = next(line for line in box.said if line.startswith(b"AUTH"))
    assert base64.b64decode(said.split()[2]).decode() == "\0tra-cuu@example.vn\0bí mật"


def test_a_clock_that_was_wrong_silences_nobody(archive: Settings, box: Postbox) -> None:
    """The machine came up in 2099, sent a digest, and then learned the day."""
    go(archive, MONDAY)
    follow(archive, "an@example.org", every="daily")
    add(archive, "cau-1", "Cầu mới một")
    assert go(archive, date(2099, 1, 1)).sent == 1
    with closing(Book(archive.state, lambda: date(2099, 1, 1))) as book:
        book.follow("mail", "nobody@example.org", "q=cầu", "cầu", "daily")
    add(archive, "cau-2", "Cầu mới hai")
    assert go(archive, MONDAY).sent == 0, "a digest went out today"
    assert go(archive, MONDAY + timedelta(1)).sent == 1
    go(archive, MONDAY + timedelta(9))
    with closing(Book(archive.state)) as book:
        assert [one.target for one in book.everyone()] == ["an@example.org"], "who did not confirm is forgotten"


# What may go wrong with the file


def _without_rights(settings: Settings) -> None:
    (settings.state / FILE).unlink()
    (settings.state / FILE).mkdir()


def _no_database(settings: Settings) -> None:
    (settings.state / FILE).write_bytes(b"not a database at all" * 400)


def _cut_off(settings: Settings) -> None:
    with (settings.state / FILE).open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 8000)


def _locked(settings: Settings) -> None:
    other = sqlite3.connect(settings.state / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    _LOCKS.append(other)


_LOCKS: list[sqlite3.Connection] = []
BROKEN = [
    (_without_rights, "check its rights"),
    (_no_database, "backup"),
    (_cut_off, "backup"),
    (_locked, "run it again"),
]


@pytest.mark.parametrize(("damage", "advice"), BROKEN)
@pytest.mark.parametrize("command", [["send"], ["status"], ["export"], ["forget", "a@example.org"]])
def test_a_file_that_cannot_be_used_is_told_in_one_line(
    archive: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[Settings], None],
    advice: str,
    command: list[str],
) -> None:
    monkeypatch.setitem(visitors.private_database.__kwdefaults__, "wait", 0.1)
    go(archive)
    follow(archive, "a@example.org")
    damage(archive)
    monkeypatch.setattr(config, "load", lambda *_: archive)
    try:
        if damage is _locked and command[0] in ("status", "export"):
            main(["alerts", *command])  # who only reads need not wait
            return
        with pytest.raises(SystemExit) as ended:
            main(["alerts", *command])
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and advice in said and FILE in said
        assert ended.value.code not in (0, None)
        answer = create_app(archive).test_client().post("/theo-doi?q=cầu", data={"email": "b@example.org"})
        assert answer.status_code == 503 and answer.headers["Retry-After"]
    finally:
        while _LOCKS:
            _LOCKS.pop().close()


def test_looking_leaves_nothing_behind(
    archive: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who looks as another user, as root, would leave a file that the site cannot write."""
    monkeypatch.setattr(config, "load", lambda *_: archive)
    for command in (["status"], ["export"], ["forget", "a@example.org"]):
        with pytest.raises(SystemExit):
            main(["alerts", *command])
            sys.exit(0)
    assert "nobody follows" in capsys.readouterr().out
    assert not archive.state.exists()


def test_forgetting_all_waits_for_a_round(archive: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    follow(archive, "a@example.org")
    monkeypatch.setattr(config, "load", lambda *_: archive)
    with alone(archive.state), pytest.raises(SystemExit) as ended:
        main(["alerts", "forget", "--all"])
    assert ended.value.code == BusyIndexError.exit_code


def test_a_webhook_that_wants_no_more_gets_no_more(archive: Settings) -> None:
    go(archive)
    with receiver(_status(410)) as (url, got):
        hook(archive, url)
        add(archive, "cau-1", "Cầu mới một")
        first = go(archive, private=("127.0.0.1",))
        add(archive, "cau-2", "Cầu mới hai")
        go(archive, private=("127.0.0.1",))
    assert len(got) == 1 and first.waiting == 0 and any("left alone" in line for line in first.problems)


@pytest.mark.parametrize(
    ("said", "later", "waits"),
    [
        ("3600", 60, True), ("3600", 3700, False), ("0", 60, False), ("soon", 60, False), ("-5", 60, False),
        ("999999999", 86_400, True), ("999999999", 3 * 86_400, False), ("9999", -86_400 * 30, False),
        ("Wed, 21 Oct 2099 07:28:00 GMT", 60, True), ("Wed, 21 Oct 2015 07:28:00 GMT", 60, False), ("", 60, False),
    ],
)  # fmt: skip
def test_a_webhook_that_wants_patience_has_it(
    archive: Settings, monkeypatch: pytest.MonkeyPatch, said: str, later: float, waits: bool
) -> None:
    go(archive)
    answers = [503, 200]
    with receiver(lambda handler: _status(answers.pop(0), **{"Retry-After": said})(handler)) as (url, got):
        hook(archive, url)
        add(archive, "cau-1", "Cầu mới một")
        assert go(archive, private=("127.0.0.1",)).waiting == 1
        now = time.time() + later
        with monkeypatch.context() as patched:
            patched.setattr("searchapp.visitors.alerts.book.time.time", lambda: now)
            told = go(archive, private=("127.0.0.1",))
        assert (len(got), told.sent, told.waiting) == ((1, 0, 1) if waits else (2, 1, 0))


# Digests


def test_daily_and_weekly_digests_hold_what_came_meanwhile(archive: Settings, box: Postbox) -> None:
    go(archive)
    follow(archive, "ngay@example.org", every="daily")
    follow(archive, "tuan@example.org", every="weekly")
    monday = date(2026, 3, 2)
    sent: list[tuple[int, int]] = []
    for number in range(9):
        add(archive, f"cau-{number}", f"Cầu mới {number}")
        go(archive, monday + timedelta(number))
        go(archive, monday + timedelta(number))  # a second reindex of the day
        sent.append((box.to().count("ngay@example.org"), box.to().count("tuan@example.org")))
    assert [daily for daily, _ in sent] == list(range(1, 10))
    assert [weekly for _, weekly in sent] == [1] * 7 + [2] * 2
    last = [mail for to, mail in box.accepted if to == "tuan@example.org"][-1]
    assert last["Subject"].startswith("7 bài mới")


def test_the_first_round_is_not_news_and_removed_articles_are_no_news_again(archive: Settings, box: Postbox) -> None:
    follow(archive, "a@example.org", every="now")
    assert go(archive).sent == 0  # a thousand old articles are none
    text = (archive.corpus[0] / "cau-cu.md").read_bytes()
    add(archive, "khac", "Cầu khác")
    assert go(archive).sent == 1
    (archive.corpus[0] / "cau-cu.md").unlink()
    reindex(archive.corpus, archive.index, archive, jobs=1, allow_shrink=True)
    assert go(archive).sent == 0
    (archive.corpus[0] / "cau-cu.md").write_bytes(text)
    reindex(archive.corpus, archive.index, archive, jobs=1)
    assert go(archive).sent == 0


# Bad input


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("an@example.org", True),
        ("an.nguyen+tin@cong-ty.example.vn", True),
        ("an@example", False),
        ("an@example.org\nBcc: b@example.org", False),
        ("an@example.org, b@example.org", False),
        ('"a b"@example.org', False),
        ("An <an@example.org>", False),
        ("-oQ/tmp@example.org", False),
        ("a" * 250 + "@example.org", False),
        ("", False),
    ],
)
def test_only_plain_addresses_are_written_to(archive: Settings, box: Postbox, address: str, good: bool) -> None:
    assert is_address(address) == good
    answer = create_app(archive).test_client().post("/theo-doi?q=cầu", data={"email": address})
    assert answer.status_code == (200 if good else 400)
    assert box.to() == ([address] if good else [])


def test_who_slips_in_an_address_has_not_to_type_it_again(archive: Settings, box: Postbox) -> None:
    site = create_app(archive).test_client()
    page = site.post("/theo-doi?q=cầu", data={"email": 'an"@x', "luc": "tuan"}).text
    assert 'value="an&#34;@x"' in page and 'value="tuan" checked' in page and 'value="ngay" checked' not in page
    assert 'value="ngay" checked' in site.get("/theo-doi?q=cầu").text


def test_nobody_can_make_us_flood_a_mailbox(archive: Settings, box: Postbox) -> None:
    site = create_app(archive).test_client()
    for number in range(20):
        answer = site.post(f"/theo-doi?q=cầu+{number}", data={"email": "Victim@example.org"})
        assert answer.status_code == 200  # the same answer: nobody learns who follows
    assert len(box.accepted) == ASKED_A_DAY
    refused = site.post("/theo-doi?q=a", data={"email": "a@example.org"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 400
    assert site.post("/theo-doi?q=a", data=b"email=" + b"a" * 10_000_000).status_code == 413


def test_titles_of_documents_cannot_write_headers_or_markup(archive: Settings, box: Postbox) -> None:
    go(archive)
    with closing(Book(archive.state)) as book:
        book.follow("mail", "a@example.org", "q=cầu", "cầu\r\nBcc: x@example.org\r\n\r\n<b>", "now", live=True)
    add(archive, "la", "Cầu <script>alert(1)</script> \"'&")
    assert go(archive).sent == 1
    (to, mail) = box.accepted[0]
    assert to == "a@example.org" and mail["Bcc"] is None
    html = mail.get_body(("html",))
    assert html is not None and "<script" not in html.get_content() and "<b>" not in html.get_content()


@pytest.mark.parametrize("token", ["", "1", "1-", "1-" + "0" * 32, "x-y", "9" * 30 + "-a", "1-\u00e1", "../../etc"])
def test_made_up_tokens_open_nothing(archive: Settings, token: str) -> None:
    follow(archive, "a@example.org")
    site = create_app(archive).test_client()
    for path in (f"/theo-doi/huy/{token}", f"/theo-doi/xac-nhan/{token}"):
        assert site.post(path).status_code == 404
    with closing(Book(archive.state)) as book:
        one = book.everyone()[0]
        assert site.post(f"/theo-doi/huy/{book.token('confirm', one)}").status_code == 404  # another purpose


def test_a_mail_server_that_is_down_while_somebody_asks(archive: Settings, box: Postbox) -> None:
    box.fails = lambda number: "down"
    site = create_app(archive).test_client()
    assert site.post("/theo-doi?q=cầu", data={"email": "a@example.org"}).status_code == 200
    box.fails = lambda number: ""
    go(archive)
    assert box.to() == ["a@example.org"]
    go(archive)
    assert box.to() == ["a@example.org"]


def test_who_does_not_confirm_is_forgotten(archive: Settings, box: Postbox) -> None:
    create_app(archive).test_client().post("/theo-doi?q=cầu", data={"email": "a@example.org"})
    go(archive, today() + timedelta(3))
    with closing(Book(archive.state)) as book:
        assert len(book.everyone()) == 1
    go(archive, today() + timedelta(4))
    with closing(Book(archive.state)) as book:
        assert book.everyone() == []


# Webhooks


@contextmanager
def receiver(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, list[Any]]]:
    """A web server on loopback: its address, and what it got."""
    got: list[Any] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, dict(self.headers), body))
            answer(self)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", got
        server.shutdown()


def _status(code: int, **headers: str) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return answer


def hook(settings: Settings, url: str) -> None:
    with closing(Book(settings.state)) as book:
        book.follow("webhook", url, "q=cầu", "cầu", "now", live=True)


def test_a_webhook_gets_a_signed_body_once(archive: Settings) -> None:
    go(archive)
    with receiver(_status(204)) as (url, got):
        hook(archive, f"{url}/tin")
        add(archive, "cau-1", "Cầu mới một")
        assert go(archive, private=("127.0.0.1",)).sent == 1
        assert go(archive, private=("127.0.0.1",)).sent == 0
    ((path, headers, body),) = got
    assert path == "/tin"
    told = json.loads(body)
    assert told["type"] == "searchapp.new-articles" and [one["title"] for one in told["articles"]] == ["Cầu mới một"]
    assert told["articles"][0]["url"].startswith(f"{BASE}/bai/")
    with closing(Book(archive.state)) as book:
        key = post.hook_key(book.secret("webhooks"), f"{url}/tin")
    assert base64.b64decode(post.shown_hook_key(key).removeprefix("whsec_")) == key
    moment = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == post.signature(key, headers["webhook-id"], moment, body)
    assert abs(moment - time.time()) < 600


def test_a_webhook_that_leads_inward_is_never_followed(archive: Settings) -> None:
    go(archive)
    with receiver(_status(200)) as (inside, reached):
        hook(archive, f"{inside}/bi-mat")  # straight inward
        with receiver(_status(307, Location=f"{inside}/bi-mat")) as (outside, got):
            port = outside.rpartition(":")[2]
            hook(archive, f"http://localhost:{port}/chuyen")  # by a redirect
            add(archive, "cau-1", "Cầu mới một")
            told = go(archive, private=("localhost",))
        assert len(got) == 1 and reached == []
    assert told.sent == 0 and told.waiting == 2
    assert any("private network" in line for line in told.problems)
    assert any("redirects are not followed" in line for line in told.problems)


def test_a_webhook_that_hangs_holds_nobody_up_for_long(
    archive: Settings, box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("searchapp.crawl.fetch.SECONDS", 0.5)
    go(archive)
    end = threading.Event()
    with receiver(lambda handler: (end.wait(20), None)[1]) as (url, got):
        hook(archive, url)
        follow(archive, "a@example.org")
        add(archive, "cau-1", "Cầu mới một")
        told = go(archive, private=("127.0.0.1",))
        assert told.unsure == 1 and box.to() == ["a@example.org"]
        go(archive, private=("127.0.0.1",))
        assert len(got) == 1  # it may have arrived
        end.set()


def test_a_webhook_that_fails_is_tried_again_with_the_same_id(archive: Settings) -> None:
    go(archive)
    answers = [500, 503, 200]
    with receiver(lambda handler: _status(answers.pop(0))(handler)) as (url, got):
        hook(archive, url)
        add(archive, "cau-1", "Cầu mới một")
        sent = [go(archive, private=("127.0.0.1",)).sent for _ in range(4)]
    assert sent == [0, 0, 1, 0]
    assert len({headers["webhook-id"] for _, headers, _ in got}) == 1


# The operator's side


def test_off_unless_it_is_switched_on(
    sample_settings: Settings, sample_engine: Callable[[], Engine], tmp_path: Path
) -> None:
    site = create_app(replace(sample_settings, state=tmp_path / "state"), sample_engine).test_client()
    assert "/theo-doi" not in site.get("/tim-kiem?q=giáo+dục").text
    assert site.get("/theo-doi?q=a").status_code == 404
    assert not (tmp_path / "state").exists()
    done = CliRunner().invoke(cli, ["alerts", "send", "--index", str(sample_settings.index)])
    assert "nobody can follow" in str(done.exception)


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('[alerts]\nsender = "a@example.vn"', "set public_base_url"),
        ('[alerts]\nsender = "nobody"', "a mail address"),
        ('[alerts]\nsmtp = "mail.example.vn"', "host:port"),
        ('[alerts]\ntls = "ssl"', '"starttls"'),
        ('[alerts]\nsendmail = "sendmail -t"', "the path of a program"),
        ('[alerts]\nsmpt = "a:25"', "did you mean 'smtp'"),
    ],
)
def test_settings_that_cannot_work_are_told(tmp_path: Path, toml: str, says: str) -> None:
    (tmp_path / "searchapp.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(says)):
        config.load(tmp_path / "searchapp.toml", {})


def test_the_password_may_come_from_the_environment() -> None:
    settings = config.load(None, {"SEARCHAPP_ALERTS_PASSWORD": "bí mật", "SEARCHAPP_ALERTS_TLS": "tls"})
    assert settings.alerts.password == "bí mật" and settings.alerts.tls == "tls" and "bí mật" not in repr(settings)


def test_the_commands_tell_export_and_forget(
    archive: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "searchapp.toml").write_text(
        f'public_base_url = "{BASE}"\n[alerts]\nsender = "tra-cuu@example.vn"\nsmtp = "{archive.alerts.smtp}"\n',
        encoding="utf-8",
    )
    say = CliRunner()
    follow(archive, "a@example.org")
    follow(archive, "b@example.org")
    assert stat.S_IMODE((archive.state / FILE).stat().st_mode) == 0o600
    told = say.invoke(cli, ["alerts", "status"]).output
    assert "2  by mail" in told and "@" not in told
    exported = json.loads(say.invoke(cli, ["alerts", "export", "A@example.org"]).output)
    assert [one["target"] for one in exported["subscriptions"]] == ["a@example.org"]
    added = say.invoke(cli, ["alerts", "add-webhook", "https://toa-soan.example.vn/tin", "--query", "cầu"])
    assert "follows: cầu" in added.output and "whsec_" in added.output
    assert say.invoke(cli, ["alerts", "send"]).output.startswith("0 sent, 0 waiting")
    assert say.invoke(cli, ["alerts", "forget", "A@example.org"]).output == "1 subscription deleted\n"
    assert b"a@example.org" not in b"".join(file.read_bytes() for file in archive.state.rglob("*"))
    assert say.invoke(cli, ["alerts", "forget", "--all"]).output == "deleted\n"
    assert [file.name for file in archive.state.iterdir()] == ["alerts.lock"]


def test_sendmail(archive: Settings, tmp_path: Path) -> None:
    program, taken = tmp_path / "sendmail", tmp_path / "taken"
    program.write_text(f'#!/bin/sh\necho "$@" >> {taken}\ncat >> {taken}\n', encoding="utf-8")
    program.chmod(0o755)
    settings = replace(archive, alerts=replace(archive.alerts, sendmail=str(program)))
    go(settings)
    follow(settings, "a@example.org")
    add(settings, "cau-1", "Cầu mới một")
    assert go(settings).sent == 1
    assert taken.read_text(encoding="utf-8").startswith("-i -f tra-cuu@example.vn -- a@example.org\n")
    assert len(following.asked_of(following.query_of("q=cầu&sap_xep=moi-nhat&trang=3"))) < 40


@pytest.mark.parametrize(
    ("server", "said", "vi"),
    [
        ("closed", "subscription 1: Connection refused", "lượt đăng ký 1: máy chủ từ chối kết nối"),
        ("plain", "subscription 1: STARTTLS extension not supported by server.", "máy chủ không có STARTTLS"),
        ("silent", "subscription 1: Connection unexpectedly closed", "máy chủ bất ngờ ngắt kết nối"),
        ("own", "subscription 1: its certificate is not valid: ", "chứng thư của trang không hợp lệ"),
    ],
)  # fmt: skip
def test_why_a_mail_server_cannot_be_used_is_told_in_words(
    archive: Settings, box: Postbox, server: str, said: str, vi: str
) -> None:
    """The reason was "[Errno 111] …" or a line of OpenSSL's source, in English."""
    go(archive)
    follow(archive, "a@example.org")
    add(archive, "cau-1", "Cầu mới một")
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        if server == "closed":
            other.close()
        elif server == "silent":
            threading.Thread(target=lambda: other.accept()[0].close(), daemon=True).start()
        elif server == "own":
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
            threading.Thread(target=_greet, args=(other, context), daemon=True).start()
        tls = {"plain": "starttls", "own": "tls"}.get(server, "none")
        smtp = f"127.0.0.1:{box.port if server == 'plain' else port}"
        found = go(replace(archive, alerts=replace(archive.alerts, smtp=smtp, tls=tls)))
    assert said in found.problems[0] and vi in in_vietnamese(found.problems[0]), found.problems


def _greet(server: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError), context.wrap_socket(server.accept()[0], server_side=True):
        pass


@pytest.mark.parametrize("number", ["INT", "TERM", "KILL"])
def test_a_sendmail_that_was_stopped_may_have_sent(archive: Settings, tmp_path: Path, number: str) -> None:
    """It counted as refused: the mail that it had taken was sent again. Ctrl-C reached it in the first place."""
    program, taken = tmp_path / "sendmail", tmp_path / "taken"
    program.write_text(
        f"#!/bin/sh\ncat >/dev/null\ncut -d' ' -f6 /proc/$$/stat >>{taken}\nkill -{number} $$\n", encoding="utf-8"
    )
    program.chmod(0o755)
    settings = replace(archive, alerts=replace(archive.alerts, sendmail=str(program)))
    go(settings)
    follow(settings, "a@example.org")
    add(settings, "cau-1", "Cầu mới một")
    assert (go(settings).unsure, go(settings).unsure) == (1, 0)
    (session,) = taken.read_text(encoding="utf-8").split()
    assert int(session) != os.getsid(0), "the terminal's Ctrl-C is not for the mail on its way"


def _client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def test_a_private_archive_still_lets_mailboxes_unsubscribe(archive: Settings) -> None:
    closed = replace(archive, read_token="kho-rieng-0123456789")
    follow(closed, "a@example.org")
    with closing(Book(closed.state)) as book:
        leave = f"/theo-doi/huy/{book.token('leave', book.everyone()[0])}"
    site = _client(closed)
    assert site.get("/theo-doi?q=cầu").status_code == 401
    assert site.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200


# What receivers read


LONG = "Nghị quyết về phát triển giáo dục và đào tạo, khoa học và công nghệ, văn hóa và con người của thành phố " * 4
READ = [  # what is followed · the language · what the mail says · what it must not say
    (
        "q=cầu",
        "vi",
        ["“Tra cứu văn kiện” có 23 bài mới về “cầu”:", "Còn 3 bài mới nữa.", "Bạn nhận thư này vì"],
        ["lang="],
    ),
    (
        "q=cầu",
        "en",
        ["has 23 new articles about “cầu”", "There are 3 more new articles.", "You get this mail"],
        ["Bạn "],
    ),
    ("", "vi", ["“Tra cứu văn kiện” có 23 bài mới:"], ["mọi bài mới"]),
    ("", "en", ["“Tra cứu văn kiện” has 23 new articles:"], ["all new articles"]),
    ("tu=2021-01-01&den=2021-12-31", "vi", ["bài mới về “thời gian: 2021”"], ["mọi bài mới"]),
    ("q=cầu&tu=2021-03-02", "en", ["“cầu; date: from 2 March 2021”"], []),
    ("nam=2021", "en", ["“date: 2021”"], []),
    ("ngay=2021-03", "en", ["“date: March 2021”"], []),
    ("ngay=khong-ro&q=cầu", "vi", ["“cầu; thời gian: không rõ ngày”"], ["unknown"]),
    ("nguon=Báo Bến Nhỏ", "vi", ["“nguồn: Báo Bến Nhỏ”"], []),
    ("loai=nghi-quyet", "vi", ["“loại văn bản: Nghị quyết”"], ["nghi-quyet"]),
    ("loai=nghi-quyet", "en", ["“type: Resolution”"], ["nghi-quyet"]),
    ("hieu_luc=het&tai_ngay=2020-01-01", "vi", ["“hiệu lực: Hết hiệu lực; hiệu lực tại ngày 01/01/2020”"], ["het"]),
    ("hieu_luc=con", "en", ["“validity: In force”"], ["con”"]),
    ("dia_ban=ha-noi", "vi", ["“địa bàn: Hà Nội”"], ["ha-noi"]),
]


@pytest.mark.parametrize(("asked", "lang", "says", "never"), READ)
def test_a_mail_tells_what_is_followed_as_the_pages_do(
    archive: Settings, box: Postbox, asked: str, lang: str, says: list[str], never: list[str]
) -> None:
    site = create_app(archive).test_client()
    query = f"/theo-doi?{asked}{'&lang=en' if lang == 'en' else ''}"
    form = site.get(query).text
    site.post(query, data={"email": "an@example.org"})
    (mail,) = [mail for _, mail in box.accepted]
    rows = [
        {"id": "0", "title": "Cầu", "date": "2021-03-05", "source": "", "url": f"{BASE}/bai/0/cau"} for _ in range(20)
    ]
    with closing(Book(archive.state)) as book:
        (one,) = book.everyone()
        told = {"total": 23, "articles": rows, "url": f"{BASE}/tim-kiem?q=a"}
        letter = Letters(archive, book).write("news", one, told)
    title = says[0].partition("“")[2] if "bài mới" not in says[0] and "articles" not in says[0] else ""
    for written in (form, *(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")):
        assert title.rstrip("”") in html.unescape(written)
        assert not any(word in html.unescape(re.sub(r"https?://\S+|<[^>]*>", "", written)) for word in never)
    for part in letter.walk():
        if part.get_content_maintype() == "text":
            text = html.unescape(part.get_content())
            assert [said for said in says if said not in text] == []
            assert not any(word in re.sub(r"https?://\S+|<[^>]*>", "", text) for word in never)


def test_links_of_a_mail_lead_to_pages_in_its_language(archive: Settings, box: Postbox) -> None:
    go(archive)
    with closing(Book(archive.state)) as book:
        for lang in ("vi", "en"):
            assert book.follow("mail", f"{lang}@example.org", "q=cầu", "cầu", "now", lang, live=True)
    add(archive, "cau-1", "Cầu mới một")
    assert go(archive).sent == 2
    site = create_app(archive).test_client()
    for to, mail in box.accepted:
        found = links_of(mail)
        assert len(found) == 3
        assert {f'<html lang="{to[:2]}"' in site.get(link).text for link in found} == {True}


def test_a_long_subject_ends_behind_a_word(archive: Settings, box: Postbox) -> None:
    go(archive)
    site = create_app(archive).test_client()
    site.post("/theo-doi", query_string={"q": LONG[:400]}, data={"email": "an@example.org"})
    with closing(Book(archive.state)) as book:
        (one,) = book.everyone()
        subject = str(Letters(archive, book).write("news", one, {"total": 1, "articles": [], "url": BASE})["Subject"])
    assert len(subject) <= 120 and subject.endswith("…")
    assert one.title.endswith("…") and len(one.title) <= 200
    for cut in (subject.partition(": ")[2], one.title):
        assert LONG.startswith(cut[:-1]) and LONG[len(cut) - 1] in " ,"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["send"], "đã gửi 0, đang chờ 0"),
        (["status"], "qua thư, chưa xác nhận"),
        (["forget", "an@example.org"], "đã xóa 1 lượt đăng ký"),
        (["forget", "--all"], "đã xóa"),
        (["add-webhook", "https://a.example.vn/b", "--query", "cầu"], "theo dõi: cầu\nkhóa của địa chỉ này"),
    ],
)
def test_the_commands_speak_vietnamese(
    archive: Settings, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    with closing(Book(archive.state)) as book:
        book.follow("mail", "an@example.org", "q=cầu", "cầu", "daily")
    monkeypatch.setattr(config, "load", lambda *_: archive)
    monkeypatch.setenv("SEARCHAPP_LANG", "vi")
    assert says in CliRunner().invoke(cli, ["alerts", *arguments]).output


@pytest.mark.parametrize(
    ("theme", "code", "says"),
    [
        ("an-sinh", 0, "chủ đề: An sinh xã hội - lao động"),
        ("An sinh xã hội - lao động", 0, "chủ đề: An sinh xã hội - lao động"),
        ("an-sin", 2, "không có chủ đề 'an-sin': có phải 'an-sinh'?"),
        ("qwerty", 2, "không có chủ đề 'qwerty': mã chủ đề là phần cuối"),
    ],
)
def test_a_webhook_follows_no_theme_that_is_none(
    archive: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], theme: str, code: int,
    says: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(config, "load", lambda *_: archive)
    monkeypatch.setenv("SEARCHAPP_LANG", "vi")
    with suppress(SystemExit):
        main(["alerts", "add-webhook", "https://a.example.vn/b", "--theme", theme])
    told = capsys.readouterr()
    assert says in told.out + told.err
    with closing(Book(archive.state)) as book:
        assert len(book.everyone()) == (code == 0)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/đường dẫn", "http://báo.invalid/", "http://127.0.0.1:1/%"])
def test_a_webhook_of_any_letters_is_tried(url: str) -> None:
    """A letter beside ASCII ended the sending of everything with a traceback."""
    with closing(Hooks(frozenset(["127.0.0.1"]))) as hooks, pytest.raises(post.NotSentError):
        hooks.send(url, b"k", "1", {}, lambda: True)
