"""A document that the gazette prints in several issues: files in, one document with all of its text out."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.web import create_app

HEAD = "VĂN BẢN QUY PHẠM PHÁP LUẬT\nBỘ TÀI CHÍNH"
NAME = (
    "Thông tư số 05/2025/TT-BTC ngày 02 tháng 01 năm 2025 của Bộ trưởng Bộ Tài chính\nquy định về quản lý bến đò ngang"
)
FIRST = f"""CÔNG BÁO/Số 1121 + 1122/Ngày 15-01-2025
{HEAD}
BỘ TÀI CHÍNH
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 05/2025/TT-BTC
Hà Nội, ngày 02 tháng 01 năm 2025
THÔNG TƯ
Quy định về quản lý bến đò ngang
Căn cứ Nghị định số 10/2024/NĐ-CP ngày 5 tháng 2 năm 2024 của Chính phủ;
Bộ trưởng Bộ Tài chính ban hành Thông tư quy định về quản lý bến đò ngang.
Điều 1. Phạm vi điều chỉnh
Thông tư này quy định về quản lý bến đò ngang trên sông Lam.
Điều 2. Người quản lý bến
Người quản lý bến trực tại bến từ năm giờ sáng mỗi ngày.
(Xem tiếp Công báo số 1123 + 1124)"""
SECOND = f"""{HEAD}
{NAME}
(Tiếp theo Công báo số 1121 + 1122)
Điều 3. Áo phao
Mỗi chuyến đò có đủ áo phao cho mọi hành khách trên đò.
Điều 4. Hiệu lực thi hành
Thông tư này có hiệu lực thi hành kể từ ngày 01 tháng 3 năm 2025 và thay thế Thông tư số 77/2015/TT-BTC ngày 1 tháng
7 năm 2015 của Bộ trưởng Bộ Tài chính.
(Xem tiếp Công báo số 3 + 4)"""
THIRD = f"""{HEAD}
(Tiếp theo và hết Công báo số 1123 + 1124)
{NAME}
PHỤ LỤC
DANH MỤC BẾN ĐÒ
Bến Vạn Rú, bến Phương Tích và bến Chợ Củi thuộc diện kiểm tra hằng năm."""
SLUG = "bo-tai-chinh/thong-tu-05-2025-tt-btc"
PARTS = {"a-cuoi.txt": THIRD, "b-giua.txt": SECOND, "c-dau.txt": FIRST}
"""In an order of names that is not the order of the text."""


def client(folder: Path, *names: str) -> FlaskClient:
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for name in names:
        (corpus / name).write_text(PARTS[name], encoding="utf-8")
    settings = Settings(index=folder / "index", corpus=(corpus,))
    report = reindex(settings.corpus, settings.index, settings, jobs=1)
    assert len([line for line in report.skipped_lines() if "part of a document" in line]) == 0
    return create_app(settings).test_client()


def test_parts_make_one_document_in_the_order_of_the_gazette(tmp_path: Path) -> None:
    asking = client(tmp_path, *PARTS)
    document = asking.get(f"/api/v1/documents/{SLUG}").get_json()["document"]
    assert (document["title"], document["date"]) == ("Quy định về quản lý bến đò ngang", "2025-01-02")
    assert document["in_force"] == "2025-03-01"  # the second part says so
    assert document["parts"][0]["article"] == document["article"]
    assert (len(document["parts"]), document["missing_parts"]) == (3, [])
    article = asking.get(f"/api/v1/articles/{document['article']}").get_json()["article"]
    places = [article["text"].find(said) for said in ("Phạm vi điều chỉnh", "Điều 3. Áo phao", "Bến Vạn Rú")]
    assert places == sorted(places) and places[0] >= 0
    assert {"dieu-1", "dieu-3", "dieu-4"} <= {node["id"] for node in article["outline"]}
    cited = {c["key"]: article["text"][c["start"] : c["end"]] for c in article["citations"]}
    assert cited["77/2015/TT-BTC"] == "Thông tư số 77/2015/TT-BTC"
    page = asking.get(f"/van-ban/{SLUG}").get_data(as_text=True)
    assert "thành 3 phần" in page and "chưa có phần" not in page
    third = asking.get(f"/van-ban/{SLUG}/dieu-3")
    assert third.status_code == 302 and document["article"] in third.location
    found = asking.get("/api/v1/search?q=điều 3 thông tư 05/2025/TT-BTC").get_json()
    assert "áo phao cho mọi hành khách" in str(found)
    address = f"/bai/{document['article']}"
    for words, name in (
        ("", "c-dau.txt"),
        ("bến trực", "c-dau.txt"),
        ("áo phao", "b-giua.txt"),
        ("Vạn Rú", "a-cuoi.txt"),
    ):
        shown = asking.get(address, query_string={"q": words}, follow_redirects=True).get_data(as_text=True)
        assert f"<b>{name}</b>" in shown, words  # the file that holds the first hit


@pytest.mark.parametrize(
    ("held", "missing", "said"),
    [
        (("a-cuoi.txt", "c-dau.txt"), ["1123 + 1124"], "Bến Vạn Rú"),
        (("b-giua.txt", "c-dau.txt"), ["3 + 4"], "Áo phao"),
        (("a-cuoi.txt", "b-giua.txt"), ["1121 + 1122"], "Bến Vạn Rú"),
        (("c-dau.txt",), ["1123 + 1124"], "Phạm vi"),
    ],
)
def test_missing_parts_are_told(tmp_path: Path, held: tuple[str, ...], missing: list[str], said: str) -> None:
    asking = client(tmp_path, *held)
    document = asking.get(f"/api/v1/documents/{SLUG}").get_json()["document"]
    assert document["missing_parts"] == missing
    assert said in asking.get(f"/api/v1/articles/{document['article']}").get_json()["article"]["text"]
    page = asking.get(f"/van-ban/{SLUG}").get_data(as_text=True)
    assert all(f"Công báo số {issue}" in page for issue in missing)


def test_a_part_joins_when_it_comes_later(tmp_path: Path) -> None:
    client(tmp_path, "c-dau.txt")
    asking = client(tmp_path, "b-giua.txt")
    document = asking.get(f"/api/v1/documents/{SLUG}").get_json()["document"]
    assert "Áo phao" in asking.get(f"/api/v1/articles/{document['article']}").get_json()["article"]["text"]
