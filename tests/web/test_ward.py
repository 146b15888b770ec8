"""A ward's folder: its resolution, its plan and two newspaper articles give a card, a full text, a chain, a chooser."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from searchapp.cli import cli
from searchapp.config import Settings
from searchapp.web import create_app

RESOLUTION = """ĐẢNG BỘ THÀNH PHỐ CẦN THƠ
ĐẢNG ỦY PHƯỜNG AN BÌNH
*
Số 05-NQ/ĐU
ĐẢNG CỘNG SẢN VIỆT NAM
An Bình, ngày 12 tháng 9 năm 2025

NGHỊ QUYẾT
về chuyển đổi số của phường

Căn cứ Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị,
Ban Chấp hành Đảng bộ phường quyết nghị:
1. Mọi thủ tục của phường được làm trên mạng.
2. Giao Ủy ban nhân dân phường xây dựng kế hoạch.
Nơi nhận:
- Thành ủy Cần Thơ,
- Lưu Văn phòng Đảng ủy.
T/M ĐẢNG ỦY
BÍ THƯ
Lê Văn Bền
"""
PLAN = """ỦY BAN NHÂN DÂN
PHƯỜNG AN BÌNH
Số: 20/KH-UBND
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
An Bình, ngày 30 tháng 9 năm 2025

KẾ HOẠCH
Chuyển đổi số năm 2026

Thực hiện Nghị quyết số 05-NQ/ĐU ngày 12/9/2025 của Đảng ủy phường An Bình, thành phố Cần Thơ, Ủy ban nhân dân phường
ban hành kế hoạch như sau:
1. Mở điểm hỗ trợ ở từng khu vực.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Trần Thị Sen
"""
NEWS = """---
title: Phường An Bình đưa thủ tục lên mạng
date: 2025-10-05
---
Nghị quyết số 05-NQ/ĐU ngày 12/9/2025 của Đảng ủy phường An Bình, thành phố Cần Thơ đi vào cuộc sống. Đảng ủy phường
nhắc lại Nghị quyết 05-NQ/ĐU nhiều lần.
"""
ELSEWHERE = """---
title: Một xã làm đường
date: 2025-10-09
---
Quyết định số 7/QĐ-UBND ngày 3/9/2025 của UBND xã Tân Thành (Cà Mau) khác Quyết định số 7/QĐ-UBND ngày 5/9/2025 của UBND
xã Tân Thành (Lâm Đồng).
Đảng ủy xã Bản Lầu, tỉnh Lào Cai ban hành Nghị quyết số 05-NQ/ĐU ngày 3/9/2025 về đường nông thôn.
"""
OWN = "dang-uy-phuong-an-binh-can-tho/nghi-quyet-05-nq-du/2025-07"
OTHER = "dang-uy-xa-ban-lau-lao-cai/nghi-quyet-05-nq-du/2025-07"
CARRIES_OUT = "ubnd-phuong-an-binh-can-tho/ke-hoach-20-kh-ubnd/2025-07"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("ward")
    texts = {"nghi-quyet.txt": RESOLUTION, "ke-hoach.txt": PLAN, "bao-1.md": NEWS, "bao-2.md": ELSEWHERE}
    (folder / "corpus").mkdir()
    for name, text in texts.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    run = CliRunner().invoke(cli, ["reindex", str(folder / "corpus"), "--index", str(folder / "index")])
    assert run.exit_code == 0, run.output
    return create_app(Settings(index=Path(folder / "index"))).test_client()


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_resolution_has_a_page_with_its_full_text(client: FlaskClient) -> None:
    shown = page(client, f"/van-ban/{OWN}")
    assert "Đảng ủy phường An Bình, thành phố Cần Thơ" in shown
    assert "Đọc toàn văn" in shown
    assert "đánh số lại từ 7/2025" in shown


def test_a_query_by_number_opens_the_choice_of_those_that_bear_it(client: FlaskClient) -> None:
    choice = page(client, "/van-ban/05-NQ/ĐU")
    assert f"/van-ban/{OWN}" in choice
    assert f"/van-ban/{OTHER}" in choice
    assert f"/van-ban/{OWN}" in page(client, "/tim-kiem?q=05-NQ/ĐU")


def test_a_query_that_says_whose_it_is_gets_the_card_of_that_one(client: FlaskClient) -> None:
    found = client.get("/api/v1/search", query_string={"q": "nghị quyết 05-NQ/ĐU của đảng ủy xã Bản Lầu, tỉnh Lào Cai"})
    assert found.get_json()["total"] == 1


def test_the_plan_carries_the_resolution_out(client: FlaskClient) -> None:
    document = client.get(f"/api/v1/documents/{OWN}").get_json()
    chain = document.get("document", document)
    assert [row["id"] if "id" in row else row["document"]["id"] for row in chain["carried_out_by"]] == [CARRIES_OUT]


def test_the_ward_and_its_committee_are_facet_values(client: FlaskClient) -> None:
    issuers = client.get("/api/v1/documents").get_json()["facets"]["issuer"]["values"]
    assert {row["value"] for row in issuers} >= {
        "Đảng ủy phường An Bình, thành phố Cần Thơ", "Ủy ban nhân dân phường An Bình, thành phố Cần Thơ",
        "Đảng ủy xã Bản Lầu, tỉnh Lào Cai",
    }  # fmt: skip


def test_an_address_without_the_province_leads_to_the_one_or_to_the_choice(client: FlaskClient) -> None:
    answer = client.get("/van-ban/dang-uy-phuong-an-binh/nghi-quyet-05-nq-du/2025")
    assert answer.status_code == 301
    assert answer.location.endswith(OWN)


def test_an_address_that_was_split_offers_those_that_it_meant(client: FlaskClient) -> None:
    answer = client.get("/van-ban/ubnd-xa-tan-thanh/quyet-dinh-07-qd-ubnd/2025")
    assert answer.status_code == 300
    shown = answer.get_data(as_text=True)
    assert "/van-ban/ubnd-xa-tan-thanh-ca-mau/quyet-dinh-07-qd-ubnd/2025-07" in shown
    assert "/van-ban/ubnd-xa-tan-thanh-lam-dong/quyet-dinh-07-qd-ubnd/2025-07" in shown
