"""The wheel holds everything that a page needs."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

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
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean venv with only the wheel in it; its dependencies are borrowed from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True, timeout=120)
    python = folder / "venv" / "bin" / "python"
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(site), str(wheel)],
        check=True, timeout=120,
    )  # fmt: skip
    ours = next(Path(p) for p in sys.path if p.endswith("site-packages"))
    borrowed = folder / "borrowed"
    borrowed.mkdir()
    for entry in ours.iterdir():  # everything but this checkout's own editable install
        if "searchapp" not in entry.name:
            (borrowed / entry.name).symlink_to(entry)
    (site / "borrowed.pth").write_text(str(borrowed), encoding="utf-8")
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
