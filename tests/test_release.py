"""What `make release` leaves: files that install, a list of their parts, sums, a signature that holds."""

import hashlib
import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / "deploy" / "release.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_list_of_parts_is_that_of_the_lock_file(maker: ModuleType) -> None:
    told = json.loads(json.dumps(maker.parts("1.0")))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    names = [one["name"] for one in told["components"]]
    assert {"flask", "numpy", "whoosh3", "gunicorn"} <= set(names)
    assert len({one["bom-ref"] for one in told["components"]}) == len(names)
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for one in told["components"]:
        assert one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}" == one["bom-ref"]
        hashes = one["externalReferences"][0]["hashes"]
        assert hashes and all(f"sha256:{each['content']}" in locked for each in hashes)
    assert told["dependencies"][0]["dependsOn"] == [one["bom-ref"] for one in told["components"]]
    flask = next(one for one in told["components"] if one["name"] == "flask")
    assert flask["licenses"]


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen")
def test_a_release_is_whole_and_signed(maker: ModuleType, tmp_path: Path) -> None:
    key, out = tmp_path / "key", tmp_path / "dist"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    files = maker.release(out, key)
    assert sorted(file.name.rpartition(".")[2] for file in files) == ["SHA256SUMS", "gz", "json", "whl"]
    sums = dict(reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text().splitlines())
    assert sums == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files[:-1]}
    allowed = tmp_path / "allowed"
    allowed.write_text(f"us@example.vn {(tmp_path / 'key.pub').read_text()}")
    check = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "us@example.vn", "-n", "searchapp"]
    check += ["-s", out / "SHA256SUMS.sig"]
    for text, good in (((out / "SHA256SUMS").read_bytes(), True), (b"other", False)):
        assert (subprocess.run(check, input=text, capture_output=True).returncode == 0) is good
    with pytest.raises(SystemExit, match="empty folder"):
        maker.release(out, None)
