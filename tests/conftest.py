"""Fixtures shared by the suite: the sample corpus, indexed once a process."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest

from searchapp import config, search
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.engines import generations, open_engine
from searchapp.ingest import reindex
from searchapp.query import Query

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

# A suite that was started in the background, or with nohup, would hand its deafness on to what is told to end here.
for number in (signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

os.environ["SEARCHAPP_LANG"] = "en"  # whatever the locale of this machine

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What measures a clock is asked again before it fails: a fault fails each time, a busy machine does not."""
    for item in items:
        if item.get_closest_marker("clock") or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(autouse=True)
def swept_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a publish replaced goes without the minute for slow requests: tests publish more often than operators."""
    monkeypatch.setattr(generations, "GRACE", 0)


@pytest.fixture(autouse=True)
def extras_in_any_case(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that a busy machine holds up goes out without its extras; only tests of the clock ask for that."""
    if not request.node.get_closest_marker("clock"):
        monkeypatch.setattr(search, "DEADLINE", 60.0)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real texts beside the project, for measuring; skipped where they are not."""
    if not SHARED.is_dir():
        pytest.skip("no shared data beside the project")
    return SHARED


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an index of corpus/, built once."""
    index = tmp_path_factory.mktemp("sample") / "index"
    settings = replace(config.load(ROOT / "searchapp.toml", {}), index=index, corpus=(ROOT / "corpus",))
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert not report.skipped, report.lines()
    return settings


@pytest.fixture(scope="session")
def sample_engine(sample_settings: Settings) -> Iterator[Callable[[], Engine]]:
    """The engine over the sample corpus, as the web layer gets it."""
    yield open_engine(sample_settings)


@pytest.fixture(scope="session")
def sample_pages(sample_engine: Callable[[], Engine]) -> dict[str, str]:
    """Key and slug of an article and a document that the sample corpus surely has."""
    engine = sample_engine()
    document = max(engine.documents("05-NQ/TU"), key=lambda one: one.date == "2021-09-15")
    found = engine.search(Query(filters={"document": (document.slug,), "date": ("2021-09-16",)}))
    return {"document": document.slug, "article": found.matches[0].article.key}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of the reliability tests: what was survived, tried and found in this run."""
    figures: dict[str, list[str]] = {}
    for report in terminalreporter.getreports("passed"):
        if report.when == "call":
            for name, value in report.user_properties:
                figures.setdefault(name, []).append(str(value))
    if figures:
        terminalreporter.section("figures")
    for name, values in sorted(figures.items()):
        terminalreporter.write_line(f"{name}: {'; '.join(values)}")
