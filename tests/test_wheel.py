"""The wheel holds everything that a page needs."""

import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path

import pytest
import uv

from searchapp.config import Settings

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.status, response.read().decode()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    (built,) = folder.glob("*.whl")
    return built


def borrow(site: Path, folder: Path) -> None:
    """Let a venv see the packages of this one, but not this checkout's own editable install."""
    ours = next(Path(p) for p in sys.path if p.endswith("site-packages"))
    folder.mkdir()
    for entry in ours.iterdir():
        if "searchapp" not in entry.name:
            (folder / entry.name).symlink_to(entry)
    (site / "borrowed.pth").write_text(str(folder), encoding="utf-8")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean venv with only the wheel in it; its dependencies are borrowed from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True, timeout=120)
    python = folder / "venv" / "bin" / "python"
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(site), str(wheel)],
        check=True, timeout=120,
    )  # fmt: skip
    borrow(site, folder / "borrowed")
    return python


def test_a_page_is_served_from_the_wheel(installed: Path, sample_settings: Settings, tmp_path: Path) -> None:
    port = free_port()
    where = subprocess.run(
        [str(installed), "-c", "import searchapp; print(searchapp.__file__)"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    ).stdout  # fmt: skip
    assert str(ROOT / "searchapp") not in where
    command = [str(installed), "-m", "searchapp", "serve", "--index", str(sample_settings.index), "--port", str(port)]
    server = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        page = ""
        for _ in range(100):
            try:
                status, page = fetch(f"http://127.0.0.1:{port}/tim-kiem?q=dang+bo")
                break
            except OSError:
                time.sleep(0.2)
        assert "<mark>" in page, server.stdout.read() if server.poll() is not None and server.stdout else "no answer"
        assert status == 200
        sheets = [part.split('"')[0] for part in page.split('href="')[1:] if ".css" in part.split('"')[0]]
        assert sheets
        assert fetch(f"http://127.0.0.1:{port}{sheets[0]}")[0] == 200
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_uv_installs_the_wheel_as_a_tool_and_it_begins_an_archive(wheel: Path, tmp_path: Path) -> None:
    """In an empty folder, without network: uv is told to leave the dependencies out, which are borrowed."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    left = tmp_path / "left-out.txt"
    left.write_text("".join(f"{re.match(r'[A-Za-z0-9_.-]+', one)[0]} ; sys_platform == 'never'\n" for one in named))
    places = {"UV_TOOL_DIR": "tools", "UV_TOOL_BIN_DIR": "bin", "UV_CACHE_DIR": "cache"}
    environ = {**os.environ, "UV_OFFLINE": "1"} | {name: str(tmp_path / place) for name, place in places.items()}
    command = [uv.find_uv_bin(), "tool", "install", "-q", "--no-config", "--python", sys.executable]
    subprocess.run([*command, "--overrides", str(left), str(wheel)], check=True, env=environ, timeout=60)
    tool = tmp_path / "tools" / "searchapp"
    assert sorted(path.name for path in (tool / "share" / "man").rglob("*.1")) == ["searchapp.1", "searchapp.1"]
    (site,) = (tool / "lib").glob("python*/site-packages")
    borrow(site, tmp_path / "borrowed")
    for arguments in (["init", "kho"], ["--config", "kho/searchapp.toml", "reindex", "--jobs", "1"]):
        command = [str(tmp_path / "bin" / "searchapp"), *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 article in generation 1")
