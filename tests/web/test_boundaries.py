"""No address answers 5xx: every route with every parameter at the edges of what it takes."""

import os
import random
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from searchapp.config import Settings
from searchapp.fields import FACETS
from searchapp.web import create_app

REQUESTS = int(os.environ.get("SEARCHAPP_TEST_BOUNDARIES", "1500"))
EDGES = (
    "", "0", "-1", "1", "9" * 20, "1e9", "NaN", "0001-01-01", "0001-01", "0001", "9999-12-31", "9999-12", "9999",
    "2021-02-29", "khong-ro", "2021-09-15", "31/12/9999", "1/1/1", "\u0000", "\ud7ff", "🙂", "đ" * 600, "a" * 9000, "%",
    "../..", "' OR 1", '"', "(" * 40, "-a", "a*", "*", "05-NQ/TU", "none", "rieng", "f" * 12,
    "trung-uong/x/khoa-xii", "vi", "en", "1.5",
)  # fmt: skip
NAMES = (
    "q", "tu", "den", "tu_2", "den_2", "ngay", "sap_xep", "so", "trang", "sau", "dang_lai", "nguyen_van",
    "lang", "fields", "facets", "trong", "url", "maxwidth", "maxheight", "format", "offset",
    "tai_ngay", "toan-van", "dia_gioi",
    *(facet.parameter for facet in FACETS),
)  # fmt: skip
ALLOWED = (501, 503)


def addresses(app: Flask, chance: random.Random) -> Iterator[tuple[str, dict[str, list[str]]]]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    for number in range(REQUESTS):
        rule = rules[number % len(rules)]
        values = {name: chance.choice(EDGES) or "x" for name in rule.arguments}
        path = rule.rule
        for name, value in values.items():
            plain = value.replace("?", "").replace("#", "")
            path = re.sub(rf"<(?:[^<>]*:)?{name}>", lambda _, plain=plain: plain, path)
        chosen = chance.sample(NAMES, chance.choice((0, 1, 2, 3, 6)))
        yield path, {name: [chance.choice(EDGES) for _ in range(chance.choice((1, 1, 2)))] for name in chosen}


def test_no_address_answers_5xx(sample_settings: Settings) -> None:
    app = create_app(sample_settings)
    client, chance = app.test_client(), random.Random(26)
    failed = []
    for path, query in addresses(app, chance):
        try:
            status = client.get(path, query_string=query).status_code
        except UnicodeError:
            continue  # no client can send it
        if status >= 500 and status not in ALLOWED:
            failed.append((status, path, query))
    assert failed == []


@pytest.mark.parametrize(
    "address",
    [
        "/so-sanh?den=9999-12-31", "/so-sanh?tu=0001-01-01", "/so-sanh?den_2=9999-12-31", "/so-sanh?tu_2=0001-01-01",
        "/so-sanh?nam=9999", "/so-sanh?nam=0001", "/sitemap/bai-99999999999999999999.xml", "/sitemap/ngay-0.xml",
        "/ngay/9999-12-31", "/ngay/0001-01-01", "/ngay/9999-12", "/ngay/0001-01", "/ngay/9999-12-31.atom",
    ],
)  # fmt: skip
def test_the_ends_of_the_calendar_and_of_numbers_are_ordinary(sample_settings: Settings, address: str) -> None:
    assert create_app(sample_settings).test_client().get(address).status_code in (200, 404, 400)
