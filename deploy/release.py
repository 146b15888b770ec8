"""Builds what a release is made of: wheel, source, list of parts (SBOM), checksums, signature. `make release`.

    python deploy/release.py [--out dist] [--key ~/.ssh/id_ed25519]

The same source gives the same wheel: its times are those of SOURCE_DATE_EPOCH, else of the last commit. The list of
parts is CycloneDX 1.6, from requirements.lock. Check a signature with
`ssh-keygen -Y verify -f allowed_signers -I NAME -n searchapp -s SHA256SUMS.sig < SHA256SUMS`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SUMS = "SHA256SUMS"
NAMESPACE = "searchapp"


def build(out: Path) -> None:
    """Wheel and source into a folder."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={"SOURCE_DATE_EPOCH": epoch(), **os.environ})


def epoch() -> str:
    """Seconds since 1970 of the last commit; of 2020 where there is none."""
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True)
    return asked.stdout.strip() or "1577836800"


def locked() -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and hashes of every package of requirements.lock."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", line):
            yield found[1].lower().replace("_", "-"), found[2], re.findall(r"--hash=sha256:([0-9a-f]{64})", line)


def licence(name: str) -> list[dict[str, Any]]:
    """The licence that an installed package says; nothing for one that is not installed."""
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return []
    if expression := said.get("License-Expression"):
        return [{"expression": expression}]
    named = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    return [{"license": {"name": one}} for one in named]


def parts(version: str) -> dict[str, Any]:
    """The list of parts, CycloneDX 1.6."""
    own = {"type": "application", "name": "searchapp", "version": version, "bom-ref": "searchapp"}
    held = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{number}",
            "name": name,
            "version": number,
            "purl": f"pkg:pypi/{name}@{number}",
            "licenses": licence(name),
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": f"https://pypi.org/project/{name}/{number}/",
                    "hashes": [{"alg": "SHA-256", "content": one} for one in hashes],
                }
            ],
        }
        for name, number, hashes in locked()
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**own, "licenses": [{"license": {"id": "GPL-3.0-or-later"}}]}},
        "components": held,
        "dependencies": [{"ref": "searchapp", "dependsOn": [one["bom-ref"] for one in held]}],
    }


def release(out: Path, key: Path | None) -> list[Path]:
    """Write everything; the files, the checksums last."""
    out.mkdir(parents=True, exist_ok=True)
    if old := sorted(out.iterdir()):
        sys.exit(f"{old[0]} is there already: choose an empty folder")
    build(out)
    (wheel,) = out.glob("*.whl")
    version = wheel.name.split("-")[1]
    bom = out / f"searchapp-{version}.cdx.json"
    bom.write_text(json.dumps(parts(version), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    files = sorted(out.iterdir())
    sums = out / SUMS
    told = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    sums.write_text("".join(told), encoding="utf-8")
    if key is not None:
        subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(sums)], check=True)
    return [*files, sums]


def main() -> None:
    """The command."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--out", type=Path, default=ROOT / "dist")
    asked.add_argument("--key", type=Path, help="SSH key that signs the checksums; without it they are not signed.")
    given = asked.parse_args()
    for file in release(given.out, given.key):
        print(file)
    if given.key is None:
        print(f"{SUMS} is not signed: give --key (make release KEY=~/.ssh/id_ed25519)")


if __name__ == "__main__":
    main()
