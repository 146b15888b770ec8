"""The fuzzers run for a moment with every test run; `make fuzz` lets them go on."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="no atheris for this Python: pip install -e '.[fuzz]'")
FUZZ = Path(__file__).parents[2] / "fuzz" / "text.py"
SECONDS = int(os.environ.get("SEARCHAPP_TEST_FUZZ_SECONDS", "3"))


@pytest.mark.parametrize("target", ["parser", "citations", "normaliser", "readers"])
def test_a_fuzzer_finds_nothing(target: str, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    command = [sys.executable, str(FUZZ), target, f"-max_total_time={SECONDS}", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS + 300, check=False)
    said = done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace")
    assert done.returncode == 0, said[-3000:]
    runs = re.search(r"Done (\d+) runs", said)
    assert runs
    record_property("inputs fuzzed", f"{target} {int(runs[1]):,}")
