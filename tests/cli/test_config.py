import codecs
from pathlib import Path

import pytest

from searchapp.config import Settings, load
from searchapp.errors import SettingsError
from searchapp.text.translated import in_vietnamese


def write(folder: Path, text: str) -> Path:
    file = folder / "searchapp.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(environ={}) == Settings()


def test_a_file_then_the_environment(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        'title = "Kho tư liệu"\nport = 8100\ncorpus = ["bai"]\n[weights]\nk1 = 0.9\n'
        '[sources."Trang tin mẫu"]\nissuer = "Thành ủy TPHCM"\n',
    )
    settings = load(file, {"SEARCHAPP_PORT": "9000", "SEARCHAPP_REQUIRE_BROWSER": "1", "HOME": "/"})
    assert (settings.title, settings.port, settings.weights.k1) == ("Kho tư liệu", 9000, 0.9)
    assert settings.corpus == (tmp_path / "bai",)
    assert settings.sources["Trang tin mẫu"].issuer == "Thành ủy TPHCM"


def test_settings_may_begin_with_the_mark_of_an_editor(tmp_path: Path) -> None:
    file = tmp_path / "searchapp.toml"
    file.write_bytes(codecs.BOM_UTF8 + 'title = "Kho của Huyện"\n'.encode())
    assert load(file, {}).title == "Kho của Huyện"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('titel = "x"', "did you mean 'title'"),
        ("port = '80'", "port must be a whole number"),
        ('title = "  "', "one line of 1 to 200 letters"),
        ('title = "Kho\\nhai dòng"', "one line of 1 to 200 letters"),
        ('host = ""', "a host name or an address"),
        ('host = "http://a.vn"', "without scheme and port"),
        ("port = 99999", "port from 1 to 65535"),
        ("corpus = 'bai'", "list of strings"),
        ("embed_origins = ['*']", "https://host[:port]"),
        ("embed_origins = ['https://a.vn/trang']", "https://host[:port]"),
        ("embed_origins = ['https://a.vn; script-src *']", "https://host[:port]"),
        ('embed_origins = ["https://a.vn\\nX: y"]', "https://host[:port]"),
        ("embed_origins = ['null']", "https://host[:port]"),
        ("public_base_url = 'a.vn'", "https://host[:port]"),
        ("public_base_url = 'https://a.vn/kho'", "without a path"),
        ("public_base_url = 'javascript:alert(1)'", "https://host[:port]"),
        ("public_path = 'tra-cuu'", 'as "/tra-cuu"'),
        ("public_path = '/tra cuu?'", 'as "/tra-cuu"'),
        ("trusted_hosts = ['https://a.vn']", "host names"),
        ("trusted_hosts = ['*']", "host names"),
        ("trusted_proxies = -1", "from 0 to 8"),
        ("trusted_proxies = true", "a whole number"),
        ("rate_limit = 'many'", "20 per second"),
        ("rate_limit = '5 per second; '", "20 per second"),
        ("rate_store = 'memcached://x'", "memory://"),
        ("workers = 65", "0 for one a core"),
        ("threads = 0", "from 1 to 64"),
        ("log_queries = 1", "true or false"),
        ("metrics_from = ['10.0.0.1/8']", "10.0.0.0/8"),
        ("max_index_age_hours = -1", "hours"),
        ("read_token = 'kurz'", "16 to 200"),
        ("read_token = 'hai chu cach nhau ra'", "16 to 200"),
        ("[weights]\nk1 = -1", "number from 0 to 100"),
        ("[weights]\nkk = 1", "unknown setting 'kk'"),
        ('[sources."A"]\nisuer = "x"', "did you mean 'issuer'"),
        ("title = ", "searchapp.toml"),
    ],
)
def test_a_wrong_setting_stops_with_the_file_and_the_nearest_name(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError, match=r"searchapp\.toml") as error:
        load(write(tmp_path, text), {})
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('\n\ntitel = "x"', ":3: unknown"),
        ("# port = 1\nhost = 'a'\nport = '80'", ":3: port"),
        ("[weights]\nb = 2", ":2: [weights]: b"),
        ('port = 1\n[alerts]\nsmtp = "a:25"\nsmpt = "a:25"', ":4: [alerts]"),
        ('[sources."Báo A"]\nissuer = "x"\n\n[sources."Báo B"]\nisuer = "x"', ':5: [sources."Báo B"]'),
        ('[sites.a]\nstart = ["http://a.vn/"]\ncontact = "a@a.vn"\ndelay = 0', ":4: [sites.a]: delay"),
        ('[sites.a]\ncontact = "a@a.vn"', ":1: [sites.a]"),
        ("alerts.smtp = 'x'", ":1: [alerts]: smtp"),
        ("threads = 3\nweights = 3", ":2: [weights]"),
        ('[sites.a]\ncontact = "a@b.vn"\nstart = ["a.vn"]', ":3: [sites.a]: start 'a.vn' is no http"),
        ('[sites.a]\nstart = ["http://a.vn"]\ncontact = "a@b.vn"\ndeny = ["tin"]', ":4: [sites.a]: deny 'tin' must"),
        ('[sites.a]\nstart = ["http://a.vn"]\ncontact = "a@b.vn"\ndate_at = "["', ":4: [sites.a]: date_at '['"),
        ('threads = 3\nsites = {a = {contact = "a@b.vn", start = ["a.vn"]}}', ":2: [sites.a]: start"),
        ('[look]\nsubtitle = "a"\naccent = "đỏ"', ":3: [look]: accent"),
        ("alerts = {smtp = 'x'}", ":1: [alerts]: smtp"),
        ("corpus = [\n  1,\n]", ":1: corpus"),
        ('corpus = [""]', ":1: corpus must be paths, none of them empty"),
        ('title = "a"\nindex = "D:\\bai"', ":2: index must be a path without control characters"),
        ('index = "a\\u0000"', ":1: index must be a path without control characters"),
        ("PORT = 1", ":1: unknown setting 'PORT'; did you mean 'port'?"),
        ("port = 1\nhost = 'a'\nport = 2", ":3: port stands twice, first in line 1; keep one"),
        ("[weights]\nb = 1\n[look]\n[weights]\nk1 = 1", ":4: weights stands twice, first in line 1"),
        ("[alerts]\nsmtp = 'a:99999'", ":2: [alerts]: smtp must be host:port"),
        ("host = '0.0.0.0:80'", ":1: host must be a host name or an address, without scheme and port"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(tmp_path: Path, text: str, place: str) -> None:
    """A file of a hundred lines has `port` in several tables."""
    with pytest.raises(SettingsError) as error:
        load(write(tmp_path, text), {})
    assert f"searchapp.toml{place}" in str(error.value)
    assert in_vietnamese(str(error.value)) != str(error.value)


def test_an_address_without_its_last_stroke(tmp_path: Path) -> None:
    settings = load(write(tmp_path, 'public_base_url = "https://tracuu.example.vn/"\nrate_limit = ""'), {})
    assert (settings.public_base_url, settings.rate_limit) == ("https://tracuu.example.vn", "")


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"SEARCHAPP_PROT": "1"}, "did you mean 'SEARCHAPP_PORT'"),
        ({"SEARCHAPP_ALERTS_PASWORD": "1"}, "did you mean 'SEARCHAPP_ALERTS_PASSWORD'"),
        ({"SEARCHAPP_PORT": "x"}, "whole number"),
        ({"SEARCHAPP_LOG_QUERIES": "yes"}, "true or false"),
        ({"SEARCHAPP_RATE_LIMIT": "rất nhiều"}, "20 per second"),
    ],
)
def test_a_wrong_variable_stops(tmp_path: Path, environ: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load(write(tmp_path, ""), environ)


def test_a_file_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load(tmp_path / "none.toml", {})
    file = tmp_path / "latin.toml"
    file.write_bytes(b'title = "\xe9"')
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(file, {})
