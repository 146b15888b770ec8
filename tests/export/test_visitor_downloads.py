"""What a visitor may take: the files that `/xuat` offers, and nothing of a private collection."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import unescape

import pytest

from searchapp import export
from searchapp.config import Settings
from searchapp.web import create_app

TOKEN = "0123456789abcdef-reader"
ASKED = "q=%22nghị+quyết%22&nam=2021"


def test_the_page_offers_the_files_of_a_query_and_they_are_there(sample_settings: Settings) -> None:
    client = create_app(sample_settings).test_client()
    assert "/xuat?q=" in client.get(f"/tim-kiem?{ASKED}").text
    offered = [
        unescape(url) for url in re.findall(r'<dt><a href="([^"]+)" download', client.get(f"/xuat?{ASKED}").text)
    ]
    assert [url.partition("?")[0] for url in offered] == ["/tim-kiem.csv", "/tim-kiem.jsonl", "/xuat/vien-dan.csv"]
    assert all("nam=2021" in url and client.get(url).status_code == 200 for url in offered)


def test_citations_of_a_query_are_rows_as_the_command_writes_them(sample_settings: Settings, sample_engine) -> None:
    client = create_app(sample_settings).test_client()
    listed = csv.DictReader(io.StringIO(client.get("/tim-kiem.csv?nam=2021").get_data(as_text=True).lstrip("\ufeff")))
    keys = {row["id"] for row in listed}
    answer = client.get("/xuat/vien-dan.csv?nam=2021")
    assert answer.mimetype == "text/csv" and "vien-dan.csv" in answer.headers["Content-Disposition"]
    table = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    whole = io.StringIO()
    export.write_csv(sample_engine(), whole)
    expected = [row for row in csv.reader(io.StringIO(whole.getvalue().lstrip("\ufeff"))) if row[0] in keys]
    assert tuple(table[0]) == export.COLUMNS and len(table) > 5
    assert sorted(table[1:]) == sorted(expected)


@pytest.mark.parametrize("path", ["/xuat", "/xuat/vien-dan.csv", "/tim-kiem.csv", "/tim-kiem.jsonl"])
def test_a_private_collection_gives_nothing_without_its_token(path: str, sample_settings: Settings) -> None:
    client = create_app(replace(sample_settings, read_token=TOKEN)).test_client()
    assert client.get(path).status_code == 401
    answer = client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200 and "private" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("asked", ["q=" + "a" * 3000, "tu=hom-qua", "nam=xyz"])
def test_what_cannot_be_answered_is_told_before_a_byte_is_sent(asked: str, sample_settings: Settings) -> None:
    answer = create_app(sample_settings).test_client().get(f"/xuat/vien-dan.csv?{asked}")
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or "vien-dan.csv" in answer.headers["Content-Disposition"]
