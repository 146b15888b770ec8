"""Addresses: parameters of the query language, and what no parameter is."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote


class Address(NamedTuple):
    """url, status; method; says: in the answer; lacks: not in it."""

    id: str
    url: str
    status: int
    says: str = ""
    method: str = "GET"
    body: bytes = b""
    lacks: str = ""


def results(parameters: str) -> str:
    return f"/api/v1/search?q=dang&{parameters}"


CASES = (
    *(Address(f"U1 {v}", results(f"trang={v}"), 400, "trang") for v in ("0", "-1", "1.0", "1e3", "NaN", "0x10")),
    Address("U1 empty", results("trang="), 200),
    *(Address(f"U2 {v}", results(f"trang={quote(v)}"), 400, "trang") for v in ("１", "٣", "1_0", " 7 ", "+5")),
    Address("U3 beyond", results("trang=1000000"), 400, "trang"),
    Address("U3 the page after 100", results("trang=101"), 400, "trang"),
    Address("U3 hit 1,000", results("so=50&trang=20"), 200),
    Address("U3 hit 1,001", results("so=50&trang=21"), 400, "trang"),
    Address("U3 behind the last", results("trang=100"), 200),
    Address("U4 digits", results("trang=" + "9" * 5000), 400, "trang"),
    *(Address(f"U5 {v}", results(f"so={v}"), 400, "so") for v in ("0", "-1", "1000000000", "None", "51")),
    Address("U6 twice", "/api/v1/search?q=dang&q=khac", 200, '"q":"dang"'),
    Address("U6 a hundred", "/api/v1/search?" + "&".join(f"a{n}=1" for n in range(100)), 200),
    Address("U6 one more", "/api/v1/search?" + "&".join(f"a{n}=1" for n in range(101)), 400),
    Address("U6 many", "/api/v1/search?" + "&".join(f"a{n}=1" for n in range(200)), 400),
    Address("U6 very many", "/api/v1/search?" + "&".join(f"a{n}=1" for n in range(2000)), 414),
    Address("U7 long", "/tim-kiem?q=" + "a" * 1_000_000, 414),
    Address("U8 no UTF-8", "/tim-kiem?q=%ff", 400),
    Address("U8 surrogate", "/tim-kiem?q=%ed%a0%80", 400),
    Address("U8 nul", "/tim-kiem?q=a%00b", 400),
    Address("U8 path", "/bai/%ff%fe", 404),
    *(
        Address(f"U9 {v}", results(f"tu={v}"), 400, "tu")
        for v in ("2020-02-30", "0000-01-01", "x", "31/02/2021", "10000-01-01", "2021-00")
    ),
    Address("U9 crossed", results("tu=2022&den=2020"), 400),
    Address("U9 last day", results("den=9999-12-31"), 200),
    *(Address(f"U10 {v}", results(f"sap_xep={v}"), 400, "moi-nhat") for v in ("../../", "__class__", "date", "NEWEST")),
    Address("U10 unknown facet", results("__class__=x"), 200),
    Address("U11 long value", results("chu_de=" + "x" * 5000), 400),
    Address("U11 many values", results("&".join(f"chu_de=t{n}" for n in range(150))), 400),
    Address("U12 callback", results("callback=alert(1)"), 200, '"ok":true', lacks="alert(1)"),
    Address("U13 next", "/tim-kiem?q=dang&next=javascript:alert(1)", 200, lacks='="javascript:'),
    Address("U13 url", "/?url=//evil.example", 200, lacks='="//evil'),
    *(Address(f"U14 {v}", f"/tim-kiem?q=a&lang={quote(v)}", 400) for v in ("../x", "fr", "EN", '"><')),
    Address("U14 theme of the frame", "/nhung?q=a&theme=%22%3E%3Cx", 200, lacks='"><x'),
    Address("U14 frame", "/nhung?q=a&lang=../x", 400),
    Address("U15 slashes", "/bai/../../etc/passwd", 404),
    Address("U15 encoded", "/bai/..%2f..%2fetc%2fpasswd", 404),
    Address("U15 nul", "/api/v1/articles/a%00b", 404),
    Address("U15 long", "/api/v1/articles/" + "a" * 5000, 404),
    Address("U15 document", "/van-ban/../../../etc/passwd", 404),
    Address("U15 document nul", "/van-ban/%00", 404),
    *(Address(f"U16 {m}", "/tim-kiem", 405, method=m) for m in ("POST", "PUT", "DELETE", "PATCH")),
    Address("U16 body", "/api/v1/citations", 413, method="POST", body=b"a" * 1_100_000),
    # Our own.
    Address("+ only a negative word, but a filter", "/api/v1/search?q=-dang&nam=2021", 200),
    Address("+ no day", "/ngay/2021-02-30", 404),
    Address("+ day of words", "/ngay/hom-qua", 404),
    Address("+ day in digits of others", "/ngay/٢٠٢١-٠٩", 404),
    Address("+ page of an unknown theme", "/chu-de/khong-co", 404),
    Address("+ theme with dots", "/chu-de/..%2f..%2f", 404),
    Address("+ cursor of nobody", results("sau=abc.def"), 400),
    Address("+ cursor of nonsense", results("sau=%3Cscript%3E"), 400),
    Address("+ cursor and page", results("sau=&trang=2"), 200),
    Address("+ year of words", results("nam=hai"), 400),
    Address("+ year 0", results("nam=0000"), 400),
    Address("+ day out of range", results("ngay=2021-13"), 400),
    Address("+ unknown fields", results("fields=secret"), 400),
    Address("+ verbatim of something", results("nguyen_van=2"), 400),
    Address("+ sitemap of nothing", "/sitemap/x-1.xml", 404),
    Address("+ sitemap beyond", "/sitemap/bai-999999.xml", 404),
    Address("+ suggest nothing", "/api/v1/suggest?q=", 200),
    Address("+ suggest control", "/api/v1/suggest?q=%00", 200),
    Address("+ suggest long", "/api/v1/suggest?q=" + "a" * 3000, 200),
    Address("+ page of an unknown place", "/khong-co", 404),
    Address("+ static out of its folder", "/static/../searchapp.toml", 404),
    Address("+ static encoded", "/static/..%2f..%2fconfig.py", 404),
    Address("+ double slash", "/%2F%2Fevil.example", 404),
    Address("+ compare crossed", "/so-sanh?q=a&tu=2021&den=2020", 400),
    Address("+ citations of nothing", "/api/v1/citations", 200, method="POST", body=b"\xff\xfe\xfa"),
    Address("+ export of an absurd query", "/tim-kiem.csv?q=%00", 400),
    Address("+ feed of an absurd query", "/tim-kiem.atom?q=%00", 400),
)
