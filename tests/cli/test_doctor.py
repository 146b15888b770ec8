"""`searchapp doctor`: it sees what is wrong, says what to do, and ends with 1 when something must be done."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from searchapp import report
from searchapp.cli import cli, doctor
from searchapp.config import OpenSearchSettings, Settings
from searchapp.engines import generations
from searchapp.engines.generations import manifest
from searchapp.engines.generations.storage import sync
from searchapp.ingest import reindex
from searchapp.text.translated import in_vietnamese


@pytest.fixture
def settings(sample_settings: Settings, tmp_path: Path) -> Settings:
    """The sample index, copied, so that it may be spoilt."""
    index = tmp_path / "index"
    shutil.copytree(sample_settings.index, index)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "bai.txt").write_text("Đảng bộ", encoding="utf-8")
    base = "https://tracuu.example.vn"
    return Settings(
        index=index, corpus=(corpus,), public_base_url=base, trusted_hosts=("tracuu.example.vn",), trusted_proxies=1
    )


def seen(settings: Settings) -> dict[str, doctor.Finding]:
    return {finding.about: finding for finding in doctor.examine(settings)}


def test_a_sound_site_has_nothing_bad_and_nothing_is_left_behind(settings: Settings) -> None:
    before = sorted(path.name for path in settings.index.iterdir())
    found = list(doctor.examine(settings))
    assert [finding.line() for finding in found if finding.state == "bad"] == []
    assert {"versions", "locking", "fsync", "rename", "disk", "generation", "corpus folder"} <= {f.about for f in found}
    assert all(finding.todo for finding in found if finding.state != "ok")
    assert all("\n" not in finding.line() for finding in found)
    assert sorted(path.name for path in settings.index.iterdir()) == before


def test_a_cluster_is_asked_itself(settings: Settings) -> None:
    cluster = OpenSearchSettings(hosts=("http://127.0.0.1:1",))
    found = seen(replace(settings, engine="opensearch", opensearch=cluster))["generation"]
    assert (found.state, found.todo) == ("bad", "start it, or check hosts in [opensearch]")
    assert "127.0.0.1:1" in found.seen


Spoil = Callable[[Settings], Settings]


def damaged(settings: Settings) -> Settings:
    live = generations.current(settings.index)
    shutil.copytree(live, settings.index / f"{live.name[:5]}0-abcdef")  # an older one
    (live / manifest.NAME).write_text("{}", encoding="utf-8")
    return settings


def spoilt(settings: Settings) -> Settings:
    """Each file of the live generation has its size, one has another content."""
    (settings.corpus[0] / "bai.txt").write_text("Đảng bộ phường bàn việc nước.", encoding="utf-8")
    reindex(settings.corpus, settings.index, settings, jobs=1, add=True)
    (file,) = generations.current(settings.index).glob("columns/date.npy")
    data = bytes(file.stat().st_size)
    file.unlink()  # older generations may link to it
    file.write_bytes(data)
    return settings


def without(settings: Settings) -> Settings:
    shutil.rmtree(settings.index)
    return settings


def open_to_all(settings: Settings) -> Settings:
    settings.index.chmod(0o777)
    return settings


def emptied(settings: Settings) -> Settings:
    (settings.corpus[0] / "bai.txt").unlink()
    return settings


def failed(settings: Settings) -> Settings:
    report.save_run(settings.index, exit_code=74, seconds=1)
    return settings


def ahead(settings: Settings) -> Settings:
    """The clock was a year ahead when the index was made."""
    report.save_run(settings.index, exit_code=0, seconds=1)
    file = settings.index / "LAST_RUN.json"
    values = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**values, "ended": values["ended"] + 365 * 86_400}), encoding="utf-8")
    return settings


@pytest.mark.parametrize(
    ("spoil", "about", "state", "todo"),
    [
        (without, "index folder", "bad", "searchapp reindex"),
        (without, "generation", "bad", "searchapp reindex"),
        (open_to_all, "index folder", "bad", "chmod"),
        (damaged, "generation", "bad", "searchapp"),
        (spoilt, "generation", "bad", "searchapp check"),
        (failed, "last reindex", "bad", "by hand"),
        (ahead, "clock", "bad", "set the clock"),
        (emptied, "corpus folder", "warning", "mounted"),
        (lambda s: replace(s, corpus=(Path("/none"),)), "corpus folder", "bad", "mount"),
        (lambda s: replace(s, state=s.corpus[0] / "bai.txt", query_statistics=True), "state folder", "bad", "`state`"),
        (lambda s: replace(s, featured=("khong-co",)), "featured", "warning", "12 letters"),
        (lambda s: replace(s, trusted_proxies=0), "proxy", "warning", "trusted_proxies"),
        (lambda s: replace(s, trusted_hosts=()), "hosts", "warning", "trusted_hosts"),
        (lambda s: replace(s, public_base_url=""), "address", "warning", "sitemaps"),
        (lambda s: replace(s, host="0.0.0.0", rate_limit=""), "limit", "warning", "set one"),
        (lambda s: replace(s, admin=True), "token", "warning", "set it for `serve`"),
        (lambda s: replace(s, public_base_url="http://a.vn", read_token="x" * 20), "token", "bad", "https"),
    ],
)
def test_each_trouble_is_seen_and_says_what_to_do(
    settings: Settings, spoil: Spoil, about: str, state: str, todo: str
) -> None:
    finding = seen(spoil(settings))[about]
    assert finding.state == state and todo in finding.line()
    english = re.compile(r"\b(?:is|its|has|run|the|with|since|by)\b")
    assert not english.search(finding.line(in_vietnamese).replace(str(settings.index.parent), ""))


def test_a_file_system_that_cannot_keep_its_word_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, os.strerror(95))

    monkeypatch.setattr(doctor, "sync", refuse)
    monkeypatch.setattr(doctor.fcntl, "flock", lambda *_: None)  # a network disk that lets everybody lock
    monkeypatch.setattr(doctor.os, "link", refuse)
    found = seen(settings)
    assert [found[about].state for about in ("locking", "fsync", "rename", "hard links")] == [
        "bad",
        "bad",
        "ok",
        "warning",
    ]
    monkeypatch.setattr(doctor, "sync", sync)
    assert seen(settings)["fsync"].state == "ok"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "sink", [">/dev/full", "| true", ">/dev/full 2>&1", "--json >/dev/full", ">/dev/full --json | true"]
)
def test_a_report_that_cannot_be_written_makes_no_failed_run(settings: Settings, sink: str) -> None:
    ours = (
        f"{sys.executable} -m searchapp reindex {settings.corpus[0]} --index {settings.index} --allow-shrink --jobs 1"
    )
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {ours} {sink}"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "SEARCHAPP_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert "unchanged" not in done.stderr
    assert ("the run itself ended well" in done.stderr) == (
        sink in (">/dev/full", "--json >/dev/full", ">/dev/full --json | true")
    )
    assert report.last_run(settings.index)["exit"] == 0


def test_a_full_disk_is_told_before_it_is_full(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(settings.index)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage._replace(free=1 << 20))
    assert seen(settings)["disk"].state == "warning" and "free 511 MB" in seen(settings)["disk"].line()


def test_the_command_prints_lines_or_json_and_its_code_says_whether_to_act(settings: Settings) -> None:
    run = CliRunner().invoke(cli, ["doctor", "--index", str(settings.index)])
    assert run.exit_code == 0 and "\nok      locking" in run.output
    told = CliRunner().invoke(cli, ["doctor", "--json", "--index", str(settings.index / "none")])
    assert told.exit_code == 1
    assert any(row["state"] == "bad" and row["todo"] for row in json.loads(told.output))
