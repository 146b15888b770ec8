"""`[look]`: what an operator may change of the page, and what is refused."""

import re
from pathlib import Path

import pytest

from searchapp import config
from searchapp.config.look import READABLE, LookSettings, contrast
from searchapp.errors import SettingsError

ROOT = Path(__file__).parents[1]

BAD = [
    ('accent = "#ffff00"', "choose a darker one"),
    ('accent_dark = "#202020"', "choose a lighter one"),
    ('accent = "#727272"', "its own tint"),
    ('link_dark = "#80858a"', "a card"),
    ('link = "red"', "is no colour"),
    ('header = ["Trang chủ"]', "is no link"),
    ('foot = ["Bấm | javascript:alert(1)"]', "is no link"),
    ('facets = ["themes"]', "did you mean 'theme'"),
    ('logo = "none.svg"', "no such file"),
    ('logo = "logo.exe"', "use .svg"),
    ("shown = 0", "from 1 to 40"),
    ('acent = "#1d5f4f"', "did you mean 'accent'"),
]


@pytest.mark.parametrize(("line", "told"), BAD, ids=[line for line, _ in BAD])
def test_looks_that_nobody_can_read_are_refused_in_one_line(tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "searchapp.toml").write_text(f"[look]\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        config.load(tmp_path / "searchapp.toml", {})
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1.0


@pytest.mark.parametrize("accent", ["#1d5f4f", "#000000", "#5b2a86", "#7a3e00"])
def test_tints_follow_from_the_accent_and_stay_readable(accent: str) -> None:
    light = dict(re.findall(r"--([a-z0-9-]+):(#\w{6})", LookSettings(accent=accent).css()))
    assert contrast("#1d2126", light["s3"]) >= READABLE and contrast(light["on-s4"], light["s4"]) >= READABLE
    assert contrast(accent, light["accent-soft"]) >= READABLE


@pytest.mark.parametrize("accent", ["#7fd1b3", "#ffffff", "#e8b45a"])
def test_tints_of_dark_screens_stay_readable(accent: str) -> None:
    dark = dict(re.findall(r"--([a-z0-9-]+):(#\w{6})", LookSettings(accent_dark=accent).css()))
    assert contrast("#e8e6e1", dark["s3"]) >= READABLE and contrast(dark["on-s4"], dark["s4"]) >= READABLE


def test_our_own_colours_stay_without_a_look() -> None:
    assert LookSettings().css() == ""
    assert LookSettings(facets=("theme",)).ordered(["document", "theme"]) == ["theme", "document"]


def test_text_has_the_colours_of_its_scheme_and_what_is_hidden_is_not_seen() -> None:
    """A fixed colour of text is readable on light pages or on dark ones, not on both."""
    styles = {path.name: path.read_text("utf-8") for path in (ROOT / "searchapp/web/static").glob("*.css")}
    fixed = {name: found for name, css in styles.items() if (found := re.findall(r"(?<![-\w])color: ?#\w+", css))}
    assert fixed == {} and "[hidden] { display: none !important }" in styles["searchapp.css"]
    tokens = re.findall(r"--(good|warn|bad|card|paper): (#\w{3,6})", styles["searchapp.css"])
    light, dark = dict(tokens[:5]), dict(tokens[5:10])  # behind them: paper, in print
    for scheme in (light, dark):
        for ground in ("card", "paper"):
            below = "#ffffff" if scheme[ground] == "#fff" else scheme[ground]
            assert min(contrast(scheme[name], below) for name in ("good", "warn", "bad")) >= READABLE
