"""A new facet is one row: added to the table alone, it is counted, named, filtered, and told by the API."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import json, sys
from dataclasses import replace
from pathlib import Path

from searchapp import fields

row = fields.Facet("signer", "nguoi_ky", {"vi": "Người ký", "en": "Signer"}, lambda one: (one.facts.signer,))
fields.FACETS = (*fields.FACETS, row)
fields.FACET_NAMES = tuple(facet.name for facet in fields.FACETS)
fields.STORED_FACETS = (*fields.STORED_FACETS, "signer")
fields.VALUED = (*fields.VALUED, "signer")

from searchapp.config import Settings
from searchapp.ingest import reindex
from searchapp.web import create_app

folder = Path(sys.argv[1])
settings = replace(Settings(), index=folder / "index", corpus=(folder / "corpus",))
reindex(settings.corpus, settings.index, settings, jobs=1)
client = create_app(settings).test_client()
api = client.get("/api/v1/search?q=phong").get_json()
narrowed = client.get("/api/v1/search?q=phong&nguoi_ky=Nguyễn Văn A").get_json()
told = client.get("/api/v1/openapi.json").get_json()["paths"]["/search"]["get"]["parameters"]
print(json.dumps({
    "counted": {value["value"]: value["count"] for value in api["facets"]["signer"]["values"]},
    "narrowed": narrowed["total"],
    "told": next(one["description"] for one in told if one["name"] == "nguoi_ky"),
    "vi": "Người ký" in client.get("/tim-kiem?q=phong").text,
    "en": "Signer" in client.get("/tim-kiem?q=phong&lang=en").text,
}))
"""
SIGNED = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

ỦY BAN NHÂN DÂN THÀNH PHỐ LAM GIANG
Số: {number}/QĐ-UBND
Lam Giang, ngày 05 tháng 3 năm 2024

QUYẾT ĐỊNH
Về việc phòng cháy, chữa cháy

Điều 1. Tổ chức phòng cháy, chữa cháy trong toàn thành phố theo kế hoạch đã được duyệt.
Điều 2. Quyết định này có hiệu lực kể từ ngày ký.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

{signer}
"""


def test_a_new_facet_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    for number, signer in ((11, "Nguyễn Văn A"), (12, "Nguyễn Văn A"), (13, "Trần Thị B")):
        text = SIGNED.format(number=number, signer=signer)
        (tmp_path / "corpus" / f"{number}.txt").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert json.loads(ran.stdout.splitlines()[-1]) == {
        "counted": {"Nguyễn Văn A": 2, "Trần Thị B": 1},
        "narrowed": 2,
        "told": "Signer: any of them.",
        "vi": True,
        "en": True,
    }
