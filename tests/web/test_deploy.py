"""The files of a deployment say only what exists: commands, options, settings, addresses, packages."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest
import trustme

from searchapp.cli import cli
from searchapp.config import Settings, load
from searchapp.engines import open_index
from searchapp.ingest import reindex

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".socket", ".timer"))
SETTINGS = {field.name for field in fields(Settings)}


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.iterdir()))
def test_every_command_and_setting_exists(name: str) -> None:
    page = text(name)
    run = re.findall(
        r"(?:bin/searchapp|(?<![\w./-])searchapp)(?: --config \S+)? ([a-z]+)\b(?! in the)", _commands(page)
    )
    assert set(run) <= set(cli.list_commands(click.Context(cli))), run
    assigned = [] if name.endswith(".py") else re.findall(r"\b([a-z_]+) = [\"\[\d]", page)
    named = re.findall(r"SEARCHAPP_([A-Z_]+)", page) + assigned
    assert {setting.lower() for setting in named} <= SETTINGS


def _commands(page: str) -> str:
    """The lines that run something."""
    lines = page.splitlines()
    return "\n".join(line for line in lines if re.match(r"\s*(ExecStart|CMD|\d+ |# podman exec)", line))


def test_the_container_copies_what_exists_and_installs_by_hash() -> None:
    page = text("Containerfile")
    sources = [name for line in re.findall(r"^COPY (.+)$", page, re.MULTILINE) for name in line.split()[:-1]]
    assert sources and all((ROOT / name).exists() for name in sources)
    assert "--require-hashes -r requirements.lock" in page and re.search(r"^USER (?!root)", page, re.MULTILINE)
    environ = dict(re.findall(r"(SEARCHAPP_[A-Z]+)=(\S+)", page))
    settings = load(None, environ)
    assert settings.port == 8000 and str(settings.index) == "/index"
    assert "/readyz" in page and "exec searchapp serve" in page
    assert "HEALTHCHECK" in page and "build --format docker" in page, "the format of OCI has no health check"


def test_units_are_well_formed_and_fit_together() -> None:
    assert len(UNITS) == 4
    for unit in UNITS:
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(unit, encoding="utf-8")
        assert {"Unit"} < set(parser.sections())
    for writer in ("searchapp.service", "searchapp-reindex.service"):  # who follows is written down under systemd too
        assert re.search(r"^ReadWritePaths=.*-/srv/searchapp/state", text(writer), re.MULTILINE)
    assert "SuccessExitStatus=3" in text("searchapp-reindex.service") and "127.0.0.1:8000" in text("searchapp.socket")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        page = unit.read_text(encoding="utf-8").replace("/srv/searchapp/venv/bin/searchapp", "/bin/true")
        (tmp_path / unit.name).write_text(page.replace("User=searchapp", "User=root"), encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    told = [line for line in run.stderr.splitlines() if any(unit.name in line for unit in UNITS)]
    assert told == []


def test_nginx_sets_what_the_site_believes_and_logs_no_query() -> None:
    page = text("nginx.conf")
    assert "X-Forwarded-For $remote_addr;" in page and "X-Forwarded-Proto $scheme;" in page and "Host $host;" in page
    assert "trusted_proxies = 1" in page and "location = /metrics { return 404; }" in page
    form = re.search(r"log_format no_query '([^']*)'", page)
    assert form and not re.search(r"\$request\b|\$request_uri|\$args|\$query", form[1])
    assert "searchapp-error.log crit;" in page, "lines of a lower level repeat the request"


RSYNC = """#!/bin/sh
# What rsync -a --delete-after does, with a publish in the moment before.
for last; do from=$to; to=$last; done
{python} -m searchapp reindex --index index corpus >/dev/null
echo >>corpus/a.md
rm -rf copy.new && cp -a "$from" copy.new && rm -rf copy && mv copy.new copy
echo "${{to#backup:}}" >>asked
"""


@pytest.mark.parametrize("page", ["docs/operations.md", "docs/operations.vi.md", "deploy/crontab"])
def test_a_backup_is_whole_whatever_is_published_meanwhile(tmp_path: Path, page: str) -> None:
    """CURRENT named a generation that was not copied, and every night left a generation behind."""
    told = re.search(r"rm -rf \.backup .*?/index/\n", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    assert told
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("Nghị quyết về công tác dân vận của Đảng bộ tỉnh.", encoding="utf-8")
    (tmp_path / "rsync").write_text(RSYNC.format(python=sys.executable), encoding="utf-8")
    (tmp_path / "rsync").chmod(0o755)
    settings = Settings(index=tmp_path / "index", corpus=(tmp_path / "corpus",))
    reindex(settings.corpus, settings.index, settings)
    for _ in range(2):
        (tmp_path / "corpus" / "b.md").write_text(f"Bài {_} về công tác dân vận của tỉnh.", encoding="utf-8")
        environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        subprocess.run(["sh", "-c", told[0]], check=True, cwd=tmp_path, env=environ, timeout=120)
        problem, conditions = open_index(Settings(index=tmp_path / "copy")).check(deep=True)
        assert (problem, [one.problems for one in conditions]) == ("", [()]), "one generation, whole, and named"
    assert set((tmp_path / "asked").read_text(encoding="utf-8").split()) == {"/srv/backup/searchapp/index/"}


def test_a_service_of_systemd_finds_what_its_first_lines_made() -> None:
    """A fresh machine had no index, no folder to write, no timer; the reindex had no passwords."""
    page = text("searchapp.service")
    steps = page[: page.index("[Unit]")]
    for unit in ("searchapp.service", "searchapp-reindex.service"):
        for folder in re.findall(r"^ReadWritePaths=(.+)$", text(unit), re.MULTILINE)[0].split():
            assert re.search(rf"install -d .*{folder.removeprefix('-')}$", steps, re.MULTILINE), folder
        assert "EnvironmentFile=-/etc/searchapp.env" in text(unit)
    order = [
        steps.index(step) for step in ("useradd", "init /srv", "daemon-reload", "start searchapp-reindex", "--now")
    ]
    assert order == sorted(order) and "searchapp-reindex.timer" in steps
    (log,) = set(re.findall(r">>(\w+)/", text("crontab")))
    assert f"/srv/searchapp/{log}\n" in text("crontab")


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
@pytest.mark.parametrize("private", [False, True], ids=["open", "with passwords"])
def test_nginx_reads_its_file(tmp_path: Path, private: bool) -> None:
    """As Debian's nginx reads it, with the lines of docs/operations.md for a private collection too."""
    page = text("nginx.conf")
    if private:
        asked = re.search(
            r"```\n(auth_basic .*?)```", (ROOT / "docs/operations.md").read_text(encoding="utf-8"), re.DOTALL
        )
        assert asked
        page = page.replace("location / {\n", "location / {\n" + asked[1], 1)
    certificate = trustme.CA().issue_cert("tracuu.example.vn")
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "fullchain.pem"))
    certificate.private_key_pem.write_to_path(str(tmp_path / "privkey.pem"))
    page = page.replace("/etc/letsencrypt/live/tracuu.example.vn", str(tmp_path)).replace(
        "/var/log/nginx", str(tmp_path)
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {page} }}", encoding="utf-8"
    )
    run = subprocess.run(["nginx", "-t", "-c", whole], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr


def test_the_lock_file_has_every_dependency_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    wanted = {
        re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace("_", "-")  # type: ignore[index]
        for line in project["dependencies"]
    }
    assert wanted - locked == set(), (
        "run: uv pip compile --universal --generate-hashes pyproject.toml -o requirements.lock"
    )
    entries = re.split(r"\n(?=[A-Za-z0-9._-]+==)", lock.strip())
    assert len(entries) == len(re.findall(r"^\S+==", lock, re.MULTILINE)) and all(
        "--hash=sha256:" in e for e in entries
    )


def test_the_threat_model_names_tests_that_exist() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)`", page)
    assert len(set(named)) >= 6 and [name for name in named if not (ROOT / name).exists()] == []
