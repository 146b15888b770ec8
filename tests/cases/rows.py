"""Rows of JSONL, and plain text."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

from cases.foreign import Foreign, P

LONG = "đ" * (1 << 20)


def rows(*values: object) -> Callable[[], str]:
    return lambda: "\n".join(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values)


CASES = (
    Foreign("J1 marks and ends", "a.jsonl", lambda: b"\xef\xbb\xbf" + json.dumps({"text": P}).encode() + b"\r\n\r\n" + json.dumps({"text": P, "id": "2"}).encode(), text="ngày hội", count=2),
    Foreign("J1 UTF-16", "a.jsonl", lambda: json.dumps({"text": P}).encode("utf-16"), text="ngày hội", count=1),
    Foreign("J1 ends of old Macs", "a.jsonl", lambda: "".join(json.dumps({"text": P, "id": n}) + "\r" for n in "12"), text="ngày hội", count=2),
    Foreign("J2 trailing comma", "a.jsonl", rows({"text": P}, '{"text": "a",}', {"text": P, "id": "2"}), bad="not JSON", count=2),
    Foreign("J2 half a line", "a.jsonl", rows({"text": P}, '{"text": "a'), bad="not JSON", count=1),
    Foreign("J3 nested", "a.jsonl", rows("[" * 200_000, {"text": P}), bad="nested too deep", count=1),
    Foreign("J4 digits", "a.jsonl", rows('{"text": "a", "id": ' + "1" * 5000 + "}"), bad="not JSON"),
    Foreign("J4 NaN", "a.jsonl", rows('{"text": "a", "id": NaN}'), bad="NaN"),
    Foreign("J5 twice", "a.jsonl", rows('{"text": "a", "text": "b"}'), bad="the same key twice"),
    Foreign("J6 surrogate", "a.jsonl", rows('{"text": "Một\\ud800 hai"}'), text="Một hai", lacks=("\ud800",)),
    *(Foreign(f"J7 {v}", "a.jsonl", rows(v), bad=says) for v, says in (("[]", "not an object"), ("null", "not an object"), ("{}", "no text"))),
    Foreign("J8 a line of 33 MB", "a.jsonl.gz", lambda: gzip.compress(b'{"text": "' + b"a" * (33 << 20) + b'"}\n' + json.dumps({"text": P}).encode()), bad="longer than 32 MB", count=1),
    Foreign("J9 forged fields", "a.jsonl", rows({"text": P, "_stored_title": "giả", "_boost": 9, "_body_boost": 9}), note="keys", lacks=("giả",), count=1),
    *(Foreign(f"J10 {type(v).__name__}", "a.jsonl", rows({"text": P, "title": v}), bad="title must be text") for v in (5, ["a"], {"a": 1}, True)),
    Foreign("J11 long id", "a.jsonl", rows({"text": P, "id": "đ" * 300}), bad="id longer than 512 bytes"),
    Foreign("J11 no id", "a.jsonl", rows({"text": P}), text="ngày hội", count=1),
    Foreign("J12 surrogate in the id", "a.jsonl", rows('{"text": "a", "id": "\\ud800"}'), bad="lone surrogate"),
    *(Foreign(f"J13 {v}", "a.jsonl", rows({"text": P, "date": v}), text=v) for v in ("30/04/1975", "1945", "9999-12-31", "1975-04")),
    *(Foreign(f"J13 no date {v}", "a.jsonl", rows({"text": P, "date": v}), note="date", lacks=(v,)) for v in ("31/02/2021", "0000-01-01", "hôm qua")),
    Foreign("J13 with a zone", "a.jsonl", rows({"text": P, "date": "2021-09-15T23:30:00-05:00"}), text="2021-09-15"),
    Foreign("J13 in the future", "a.jsonl", rows({"text": P, "date": "9998-12-31"}), text="9998-12-31", note="date"),
    Foreign("J14 a large number", "a.jsonl", rows({"text": P, "id": 2**62}), text=str(2**62)),
    Foreign("J14 a huge number", "a.jsonl", rows('{"text": "a", "id": ' + str(2**70) + "}"), bad="id must be text"),
    Foreign("J15 a path", "a.jsonl", rows({"text": P, "path": "../../etc/passwd"}), note="keys", lacks=("passwd",), count=1),
    Foreign("J18 a token of a megabyte", "a.jsonl", rows({"text": LONG, "id": "1"}), text="đđđ", count=1),
    Foreign("+ empty archive", "a.jsonl.gz", lambda: gzip.compress(b""), bad="empty file"),
    Foreign("+ no archive", "a.jsonl.gz", lambda: b"text", bad="breaks off"),
    Foreign("+ two objects in a line", "a.jsonl", rows('{"text": "a"} {"text": "b"}'), bad="not JSON"),
    Foreign("+ themes of numbers", "a.jsonl", rows({"text": "a", "themes": [1]}), bad="themes must be"),
    Foreign("+ themes without end", "a.jsonl", rows({"text": P, "themes": [f"t{n}" for n in range(5000)]}), bad="more than 20 themes"),
    Foreign("+ text of spaces", "a.txt", lambda: " \n \n", bad="empty file"),
    Foreign("+ text of dashes", "a.txt", lambda: "-----\n_____", count=1),
    Foreign("+ binary text", "a.txt", lambda: bytes(range(32)) * 50, bad="binary"),
    Foreign("+ no reader", "a.exe", lambda: b"MZ", bad="no reader"),
)  # fmt: skip
