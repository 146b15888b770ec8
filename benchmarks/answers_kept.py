"""Whether answers are still byte for byte what they were: record 500 of them, change the code, compare.

    python benchmarks/answers_kept.py record INDEX QUERIES.jsonl KEPT.json.gz
    python benchmarks/answers_kept.py compare INDEX QUERIES.jsonl KEPT.json.gz

Each question is asked as JSON and as a page: as typed, without accents, with filters, sorted, paged, and by parts
(`fields=`, `facets=`). What may differ is taken out: the time that it took, the generation, and the release's stamp.
Compares on the same index; ends with 1 and shows the first difference of each answer that is another now.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from answer import SHORT

from searchapp import config, search
from searchapp.text.normalize import fold
from searchapp.web import create_app

QUESTIONS: Final = 150
ODD: Final = (
    '"bảo hiểm xã hội"', "thuế -nhập khẩu", "đất đai OR nhà ở", "giáo*", "UBND tỉnh", "đại hội 13", "covid19", "Lê-nin",
    "quyets ddinhj", "kinh te thi truong dinh huong", "khong co gi nhu the zzzz", "điều 5 luật thanh niên", "TPHCM",
    "tháng 6/2020 thanh niên", "Bình Dương", "hieu-luc:con thuế", "57/2020/QH14", "nghị định", "luat", "TP.HCM", "",
)  # fmt: skip
WAYS: Final[tuple[dict[str, str], ...]] = (
    {"nam": "2020"}, {"sap_xep": "moi-nhat"}, {"trang": "2"}, {"so": "50"}, {"loai": "luat", "trang": "2"},
    {"tu": "2015-01-01", "den": "2020-12-31"}, {"buoc": "4"}, {"nguyen_van": "1"}, {"lang": "en"},
    {"nam": "2019", "ngay": "2019-06"}, {"fields": "title,url"}, {"facets": "none"}, {"facets": "issuer,date"},
)  # fmt: skip
VARYING: Final = re.compile(
    r'"(?:took_ms|generation)":[^,}]*|<span class="took">.*?</span>|\?v=[0-9a-f]{8}|(?<=[?&]sau=)[\w-]+', re.DOTALL
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("do", choices=("record", "compare"))
    parser.add_argument("index", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("kept", type=Path)
    given = parser.parse_args()
    vars(search)["DEADLINE"] = 1e9  # a cold machine leaves nothing out
    client = create_app(replace(config.Settings(), index=given.index, rate_limit="")).test_client()
    answers = {url: VARYING.sub("", client.get(url).get_data(as_text=True)) for url in urls(given.queries)}
    if given.do == "record":
        with gzip.open(given.kept, "wt", encoding="utf-8", compresslevel=3) as kept:
            json.dump(answers, kept, ensure_ascii=False)
        print(f"{len(answers)} answers recorded")
        return
    with gzip.open(given.kept, "rt", encoding="utf-8") as kept:
        before = json.load(kept)
    other = [url for url, text in answers.items() if before.get(url) != text]
    for url in other[:20]:
        print(f"{url}\n{difference(before.get(url, ''), answers[url])}\n")
    print(f"{len(answers) - len(other)} of {len(answers)} answers are what they were")
    sys.exit(1 if other else 0)


def urls(queries: Path) -> Iterator[str]:
    """What is asked, in the order in which it is."""
    with queries.open(encoding="utf-8") as lines:
        questions = [str(json.loads(line)["text"]) for line in lines][:QUESTIONS]
    for number, text in enumerate((*questions, *SHORT, *ODD)):
        for path in ("/api/v1/search", "/tim-kiem"):
            yield f"{path}?{urlencode({'q': text})}"
        way = WAYS[number % len(WAYS)]
        path = "/api/v1/search" if number % 2 or "fields" in way or "facets" in way else "/tim-kiem"
        yield f"{path}?{urlencode({'q': fold(text) if number % 3 else text, **way})}"


def difference(before: str, now: str, around: int = 100) -> str:
    """The first place where two texts differ."""
    same = next((at for at, (one, other) in enumerate(zip(before, now, strict=False)) if one != other), 0)
    begin = max(0, same - around)
    return f"  was: {before[begin : same + around]!r}\n  is:  {now[begin : same + around]!r}"


if __name__ == "__main__":
    main()
