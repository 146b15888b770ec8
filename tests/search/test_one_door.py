"""Every form of an answer comes through one door: page, API, feed, CSV, JSON lines and Python agree on every query."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from itertools import islice, product

import pytest
from flask.testing import FlaskClient

from searchapp.collection import Collection
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.evaluation import ranked
from searchapp.text.keyboard import telex
from searchapp.text.normalize import fold
from searchapp.web import create_app

QUERIES = 300
TOPICS = (
    "giáo dục", "chuyển đổi số", "xây dựng Đảng", "cải cách hành chính", "phòng chống dịch", "an sinh xã hội",
    "đại hội đảng bộ", "nhà ở xã hội", "kinh tế số", "công tác cán bộ", "văn hóa", "đoàn viên", "dân vận",
)  # fmt: skip
FORMS: tuple[Callable[[str], str], ...] = (
    lambda topic: topic,
    fold,
    lambda topic: f'"{topic}"',
    lambda topic: f'"{topic} sốo"',  # nobody wrote it: letters, plain words, a likelier spelling
    lambda topic: f'"{fold(topic)}"',
    lambda topic: " ".join(map(telex, topic.lower().split())),
    lambda topic: f"{topic} -nghị",
    lambda topic: f"{topic[:-1]}",
    lambda topic: f"{topic} xyzabc",
    lambda topic: f'"{topic}" "chuyển đổi sốo"',
    lambda topic: f"{topic} OR 05-NQ/TU",
    lambda topic: f"({topic}) nq 05",
    lambda topic: f"{topic.split()[0][:2]}* {topic.split()[-1]}",
    lambda topic: f"{topic} tu:2021",
)
FIXED = (
    "05-NQ/TU", "nghị quyết 05 của Thành ủy", "99999-QĐ/XYZ",
    "xyzabc", '"xyzabc"', "chu-de:giao-duc", "tu:2021 den:2022",
    "quyeest ddinhj", "nghij quyeest 05", "TPHCM", "tphcm", "hoà bình", "hòa bình", "", "van-ban:05-NQ/TU", "a* dang",
)  # fmt: skip


def queries() -> list[str]:
    made = (form(topic) for form, topic in product(FORMS, TOPICS))
    return list(islice(dict.fromkeys([*FIXED, *made, *(f"{a} {b}" for a, b in product(TOPICS, TOPICS))]), QUERIES))


@pytest.fixture(scope="module")
def client(sample_settings: Settings) -> Iterator[FlaskClient]:
    yield create_app(sample_settings).test_client()


@pytest.mark.parametrize("part", range(10))
def test_every_form_says_the_same(client: FlaskClient, sample_engine: Callable[[], Engine], part: int) -> None:
    collection = Collection(sample_engine)
    for text in queries()[part::10]:
        asked = {"q": text, "dang_lai": "rieng"}
        told = client.get("/api/v1/search", query_string=asked).get_json()
        keys = [result["id"] for result in told["results"]]
        page = client.get("/tim-kiem", query_string=asked)
        assert page.status_code == 200, text
        counted = page.text.split('id="con-lai"')[0]  # below it stand others, which no form counts
        assert re.findall(r'<h[23][^>]*><a[^>]* href="/bai/([0-9a-f]{12})', counted) == keys, text
        rows = list(csv.DictReader(io.StringIO(client.get("/tim-kiem.csv", query_string=asked).text.lstrip("\ufeff"))))
        lines = [json.loads(line) for line in client.get("/tim-kiem.jsonl", query_string=asked).text.splitlines()]
        assert len(rows) == len(lines) == told["total"], text
        assert [row["id"] for row in rows][:10] == [line["id"] for line in lines][:10] == keys, text
        found = collection.search(text)
        assert (found.total, [hit.article.key for hit in found.hits]) == (told["total"], keys), text
        dated = {**asked, "sap_xep": "moi-nhat"}
        feed = client.get("/tim-kiem.feed.json", query_string=dated).get_json()
        newest = client.get("/api/v1/search", query_string=dated).get_json()
        assert len(feed["items"]) == min(newest["total"], 50), text
        assert [item["title"] for item in feed["items"]][:10] == [one["title"] for one in newest["results"]], text
        if text and keys:
            ids = ranked(sample_engine(), text)[: len(keys)]  # others that are not counted follow
            held = sample_engine().articles(keys)
            assert sorted(ids) == sorted(one.id for one in held), text


def test_an_article_opened_from_the_fallback_is_marked(client: FlaskClient) -> None:
    text = '"giáo dục" "chuyển đổi sốo"'
    told = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert told["total"] > 0
    opened = client.get(f"/bai/{told['results'][0]['id']}", query_string={"q": text}, follow_redirects=True)
    assert "<mark" in opened.text


def test_a_download_holds_what_the_page_counts(client: FlaskClient) -> None:
    text = '"giáo dục" "chuyển đổi sốo"'
    answer = client.get("/tim-kiem.csv", query_string={"q": text})
    told = client.get("/api/v1/search", query_string={"q": text}).get_json()
    assert int(answer.headers["X-Total-Count"]) == told["total"] > 0
