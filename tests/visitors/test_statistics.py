"""Queries are counted without those who ask: nothing is written down before enough days or clients have asked it."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from searchapp.cli import cli
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.visitors.statistics import ENOUGH, FILE, Statistics, forget, insights
from searchapp.web import create_app

Visitor = Callable[..., FlaskClient]


class Calendar:
    def __init__(self) -> None:
        self.day = date(2026, 3, 1)

    def __call__(self) -> date:
        return self.day

    def next(self, days: int = 1) -> None:
        self.day += timedelta(days)


@pytest.fixture
def site(sample_settings: Settings, sample_engine: Callable[[], Engine], tmp_path: Path) -> FlaskClient:
    settings = replace(sample_settings, query_statistics=True, state=tmp_path / "state")
    return create_app(settings, sample_engine).test_client()


def ask(site: FlaskClient, path: str, client: int, **headers: str) -> None:
    assert site.get(path, environ_base={"REMOTE_ADDR": f"203.0.113.{client}"}, headers=headers).status_code == 200


def everything(state: Path) -> str:
    """All bytes of the folder, as text."""
    return "".join(file.read_bytes().decode("utf-8", "replace") for file in state.rglob("*") if file.is_file())


def test_a_text_is_written_down_when_enough_clients_have_asked_it(site: FlaskClient, tmp_path: Path) -> None:
    state = tmp_path / "state"
    for client in range(ENOUGH - 1):
        for _ in range(3):  # one client that asks again is one client
            ask(site, "/tim-kiem?q=Giáo+dục", client)
        assert insights(state).queries == () and "giáo dục" not in everything(state)
    ask(site, "/tim-kiem?q=GIÁO+DỤC", 77)
    (row,) = insights(state).queries
    assert (row.text, row.asked, row.empty) == ("giáo dục", 3 * (ENOUGH - 1) + 1, 0)
    assert "203.0.113" not in everything(state)
    assert stat.S_IMODE((state / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


def test_a_text_is_written_down_after_enough_days(tmp_path: Path) -> None:
    calendar = Calendar()
    kept = Statistics(tmp_path, 365, today=calendar)
    for number in range(ENOUGH):
        assert insights(tmp_path).queries == ()
        for _ in range(3):
            kept.asked("query", "phố cổ", "one client")
        if number < ENOUGH - 1:
            calendar.next()
    assert [(row.text, row.asked) for row in insights(tmp_path).queries] == [("phố cổ", 3 * ENOUGH)]


def test_clients_of_two_days_are_not_told_apart(tmp_path: Path) -> None:
    """The salt is gone with its day: four clients today and one tomorrow are not five."""
    calendar = Calendar()
    kept = Statistics(tmp_path, 365, today=calendar)
    for client in "abcd":
        kept.asked("query", "phố cổ", client)
    calendar.next()
    kept.asked("query", "phố cổ", "e")
    assert insights(tmp_path).queries == ()


def test_counts_go_when_their_time_is_over(tmp_path: Path) -> None:
    calendar = Calendar()
    kept = Statistics(tmp_path, 90, today=calendar)
    for client in "abcde":
        kept.asked("query", "phố cổ", client)
    kept.asked("query", "một lần", "a")
    calendar.next(130)
    kept.asked("query", "khác", "a")
    assert insights(tmp_path).queries == ()
    with sqlite3.connect(tmp_path / FILE) as rows:
        assert rows.execute("SELECT count(*) FROM waiting").fetchone() == (1,)


@pytest.mark.parametrize(
    "text",
    [
        "an.nguyen@example.org",
        "0912 345 678",
        "cccd 001099012345",
        "số tài khoản 19-0123-4567-8901",
        "á" * 121,
        "  ",
        "\x00\ud800",
    ],
)  # fmt: skip
def test_what_is_of_one_person_is_never_counted(tmp_path: Path, text: str) -> None:
    kept = Statistics(tmp_path, 365)
    for client in "abcdefgh":
        kept.asked("query", text, client)
    assert insights(tmp_path).queries == ()


def test_what_is_not_asked_by_a_person_is_not_counted(site: FlaskClient, tmp_path: Path) -> None:
    for client in range(ENOUGH + 2):
        ask(site, "/tim-kiem?q=giáo+d", client, **{"X-Draft": "1"})  # while it is typed
        ask(site, "/tim-kiem?q=giáo+dục", client, **{"Sec-GPC": "1"})
        ask(site, "/tim-kiem?q=giáo+dục", client, DNT="1")
        ask(site, "/tim-kiem?q=giáo+dục&trang=2", client)
        ask(site, "/tim-kiem.json?q=giáo+dục", client)
    assert insights(tmp_path / "state").queries == ()


def test_found_and_not_opened_empty_filters_and_spellings(site: FlaskClient, tmp_path: Path) -> None:
    def tell(client: int, **fields: str) -> None:
        where = {"REMOTE_ADDR": f"203.0.113.{client}"}
        assert site.post("/thong-ke", data=fields, environ_base=where).status_code == 204

    for client in range(ENOUGH + 1):
        ask(site, "/tim-kiem?q=giáo+dục&chu_de=giao-duc", client)
        ask(site, "/tim-kiem?q=môi+trường", client)
        tell(client, viec="mo", q="Môi trường")
        ask(site, '/tim-kiem?q="xyzzy+qwerty"', client)
        tell(client, viec="sua", q="giao duc", thanh="giáo dục")
        tell(client, viec="hoi", q="vừa gõ vừa tìm", rong="1")
    found = insights(tmp_path / "state")
    assert [row.text for row in found.seldom_opened] == ["giáo dục"]
    assert {row.text for row in found.nothing_found} == {'"xyzzy qwerty"', "vừa gõ vừa tìm"}
    assert [row.text for row in found.filters] == ["theme=giao-duc"]
    assert [row.text for row in found.spellings] == ["giao duc → giáo dục"]
    assert ("pins.tsv", "giáo dục\t?\t") in set(found.proposals())
    assert ("lay_terms.tsv", "giao duc\tgiáo dục\t") in set(found.proposals())


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, b"viec=mo&q=a", 204),
        ({}, b"viec=mo&q=a", 204),
        ({}, b"viec=gi-do&q=a", 204),
        ({}, b"\xff\xfe", 204),
        ({"Sec-Fetch-Site": "cross-site"}, b"viec=mo&q=a", 400),
        ({"Origin": "https://evil.example"}, b"viec=mo&q=a", 400),
        ({}, b"q=" + b"a" * 10_000_000, 413),
    ],
)
def test_the_beacon_takes_what_a_page_of_ours_sends(
    site: FlaskClient, headers: dict[str, str], body: bytes, status: int
) -> None:
    kind = "application/x-www-form-urlencoded"
    assert site.post("/thong-ke", data=body, content_type=kind, headers=headers).status_code == status


def test_off_unless_it_is_switched_on(
    sample_settings: Settings, sample_engine: Callable[[], Engine], tmp_path: Path
) -> None:
    site = create_app(replace(sample_settings, state=tmp_path / "state"), sample_engine).test_client()
    assert "data-count" not in site.get("/tim-kiem?q=giáo+dục").text
    assert site.post("/thong-ke", data={"viec": "mo", "q": "a"}).status_code in (404, 405)
    assert not (tmp_path / "state").exists()


def test_the_workers_of_a_server_count_together(tmp_path: Path) -> None:
    shared = tmp_path / "memory"
    shared.mkdir()
    workers = [Statistics(tmp_path / "state", 365, shared) for _ in range(ENOUGH)]
    for number, worker in enumerate(workers):
        worker.asked("query", "phố cổ", f"client {number}")
    assert [row.asked for row in insights(tmp_path / "state").queries] == [ENOUGH]


def test_a_folder_that_cannot_be_made_stops_no_visitor(site: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    ask(site, "/tim-kiem?q=giáo+dục", 1)


def test_a_file_that_cannot_be_written_stops_no_visitor(site: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FILE).write_bytes(b"no database at all" * 500)
    ask(site, "/tim-kiem?q=giáo+dục", 1)


def test_the_command_tells_and_forgets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "searchapp.toml").write_text('query_statistics = true\nstate = "kept"\n', encoding="utf-8")
    say = CliRunner()
    assert "nothing yet" in say.invoke(cli, ["insights"]).output
    kept = Statistics(tmp_path / "kept", 365)
    for client in "abcde":
        kept.asked("query", "Phố cổ", client, empty=True)
        kept.asked("query", "bến nước", client)
    assert "phố cổ" in say.invoke(cli, ["insights"]).output
    told = json.loads(say.invoke(cli, ["insights", "--json"]).output)
    assert told["nothing_found"][0] == {"text": "phố cổ", "asked": 5, "empty": 5, "opened": 0}
    assert say.invoke(cli, ["insights", "--proposals"]).output.splitlines()[0] == "lay_terms.tsv\tphố cổ\t?\t"
    assert say.invoke(cli, ["insights", "--forget", "PHỐ CỔ"]).output == "deleted\n"
    assert "phố cổ" not in everything(tmp_path / "kept")
    assert "bến nước" in say.invoke(cli, ["insights"]).output
    assert say.invoke(cli, ["insights", "--forget-all"]).output == "deleted\n"
    assert list((tmp_path / "kept").iterdir()) == []
    kept.asked("query", "bến nước", "a")  # a server that runs meanwhile goes on with a new file
    assert not forget(tmp_path / "kept", "bến nước")
