"""Related articles and reprints, on the pages and in the API, over the sample corpus."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from searchapp.article import Article
from searchapp.config import Settings
from searchapp.engine import Engine
from searchapp.search.related import related, reprints
from searchapp.web import create_app

Current = Callable[[], Engine]
PRINTED_TWICE = [
    ("tram-y-te-luu-dong", "bac-si-cach-nha-muoi-phut"),
    ("hai-cap-ngay-dau-tien", "phuong-moi-to-mat-ma-xa"),
]


@pytest.fixture(scope="module")
def client(sample_settings: Settings, sample_engine: Current) -> FlaskClient:
    return create_app(sample_settings, sample_engine).test_client()


@pytest.fixture(scope="module")
def articles(sample_engine: Current) -> dict[str, Article]:
    engine = sample_engine()
    return {article.id: article for article in engine.articles([key for key, _ in engine.titles()])}


def test_exactly_what_is_printed_twice_is_a_reprint(sample_engine: Current, articles: dict[str, Article]) -> None:
    found = {name: [match.article.id for match in reprints(sample_engine(), one)] for name, one in articles.items()}
    pairs = {name: [other] for first, second in PRINTED_TWICE for name, other in ((first, second), (second, first))}
    assert {name: others for name, others in found.items() if others} == pairs


@pytest.mark.parametrize(
    ("name", "among"),
    [
        ("nghi-quyet-98-tom-luoc", "mot-tram-ngay-nghi-quyet-98"),  # shares a document that few cite
        ("dai-hoi-dang-bo-thanh-pho-lan-xi", "dai-hoi-dang-bo-lan-i"),  # shares its words
        ("bac-si-cach-nha-muoi-phut", "tram-y-te-hen-kham-qua-dien-thoai"),
        ("lam-giang-05-nq-tu-tom-luoc", "lam-giang-nghi-quyet-nong-nghiep-cong-nghe-cao"),
    ],
)
def test_articles_on_the_same_matter_are_related(
    sample_engine: Current, articles: dict[str, Article], name: str, among: str
) -> None:
    assert among in [match.article.id for match in related(sample_engine(), articles[name], 5)]


def test_an_article_is_never_related_to_itself_or_its_reprints(
    sample_engine: Current, articles: dict[str, Article]
) -> None:
    engine = sample_engine()
    for article in articles.values():
        same = {article.key, *(match.article.key for match in reprints(engine, article))}
        keys = [match.article.key for match in related(engine, article, 5)]
        assert same.isdisjoint(keys)
        assert len(keys) == len(set(keys))
        groups = [
            frozenset({key, *(m.article.key for m in reprints(engine, engine.articles([key])[0]))}) for key in keys
        ]
        assert len(set(groups)) == len(groups)


def test_nothing_is_related_to_an_article_without_words(sample_engine: Current) -> None:
    alone = Article(id="x", key="f" * 12, title="", text="...")
    assert related(sample_engine(), alone, 5) == ()
    assert reprints(sample_engine(), alone) == ()


def test_results_fold_reprints_and_lead_to_them(client: FlaskClient, articles: dict[str, Article]) -> None:
    asked = {"q": '"trạm y tế lưu động"'}
    listed = client.get("/tim-kiem", query_string=asked).get_data(as_text=True)
    told = client.get("/api/v1/search", query_string={**asked, "so": "50"}).get_json()
    apart = client.get("/api/v1/search", query_string={**asked, "so": "50", "dang_lai": "rieng"}).get_json()
    assert "đã gộp 1 bản đăng lại" in listed
    assert (told["total"], told["folded"], len(told["results"])) == (apart["total"], 1, apart["total"] - 1)
    assert (apart["folded"], len(apart["results"])) == (0, apart["total"])
    best = told["results"][0]
    assert best["id"] in {articles[name].key for name in PRINTED_TWICE[0]}
    assert best["reprints"] == 1
    more = re.search(r'<a href="([^"]+)">\+1 bản đăng lại</a>', listed)
    assert more
    opened = client.get(unescape(more[1])).get_data(as_text=True)
    assert opened.count('class="hit"') == 2
    assert "+1 bản đăng lại" not in opened
    assert "Bài và các bản đăng lại" in opened
    both = client.get(best["reprints_url"]).get_json()
    assert {row["id"] for row in both["results"]} == {articles[name].key for name in PRINTED_TWICE[0]}


def test_paging_meets_every_listed_article_once(client: FlaskClient, sample_engine: Current) -> None:
    for size in ("10", "20"):
        url: str | None = f"/api/v1/search?so={size}&sap_xep=moi-nhat"
        met: list[str] = []
        last = {}
        while url:
            last = client.get(url).get_json()
            met += [row["id"] for row in last["results"]]
            url = last["next_url"]
        assert len(met) == len(set(met)) == last["total"] - last["folded"]
        assert last["total"] == sample_engine().stats().articles
        assert last["folded"] == len(PRINTED_TWICE)


def test_feeds_and_files_list_every_article(client: FlaskClient) -> None:
    asked = {"q": '"trạm y tế lưu động"'}
    total = client.get("/api/v1/search", query_string=asked).get_json()["total"]
    assert client.get("/tim-kiem.jsonl", query_string=asked).get_data(as_text=True).count("\n") == total
    assert len(client.get("/tim-kiem.feed.json", query_string=asked).get_json()["items"]) == min(total, 50)


def test_an_article_names_its_reprints_and_relatives(client: FlaskClient, articles: dict[str, Article]) -> None:
    first, second = (articles[name] for name in PRINTED_TWICE[1])
    page = client.get(f"/bai/{first.key}", follow_redirects=True).get_data(as_text=True)
    assert "<h2>Bản đăng lại</h2>" in page
    assert second.source in page
    assert "<h2>Bài liên quan</h2>" in page
    told = client.get(f"/api/v1/articles/{first.key}/related").get_json()
    assert [row["id"] for row in told["reprints"]] == [second.key]
    assert told["related"]
    english = client.get(f"/bai/{first.key}?lang=en", follow_redirects=True).get_data(as_text=True)
    assert "<h2>Reprints</h2>" in english
    alone = articles["ma-qr-y-te"]
    assert "Bản đăng lại" not in client.get(f"/bai/{alone.key}", follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize("value", ["x", "RIENG", "0" * 11, "../..", "0" * 13])
def test_a_wrong_value_of_dang_lai_is_refused_with_what_is_allowed(client: FlaskClient, value: str) -> None:
    answer = client.get("/api/v1/search", query_string={"dang_lai": value})
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["allowed"] == ["rieng"]


def test_an_unknown_article_has_no_reprints(client: FlaskClient) -> None:
    assert client.get("/api/v1/search?dang_lai=000000000000").get_json()["total"] == 0
    assert client.get("/api/v1/articles/000000000000/related").status_code == 404


def test_the_query_of_a_page_keeps_its_filters_in_the_list_of_reprints(
    client: FlaskClient, articles: dict[str, Article]
) -> None:
    key = articles["tram-y-te-luu-dong"].key
    told = client.get("/api/v1/search", query_string={"nguon": "Bản tin phường Bến Nhỏ", "dang_lai": key}).get_json()
    assert [row["id"] for row in told["results"]] == [articles["bac-si-cach-nha-muoi-phut"].key]
