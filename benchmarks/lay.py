"""Questions in everyday words: how many of the first ten articles name the thing as the law does.

    python benchmarks/lay.py ../shared/data

Our own questions, others than those that the table of terms was written for, each with the law's word for what it asks.
"without" leaves out what stands for a word (`verbatim`). The index is that of `benchmarks/sets.py`, kept in .bench/.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sets import engine_of

from searchapp.engine import Engine
from searchapp.query import Query
from searchapp.search import find
from searchapp.text.normalize import fold

QUESTIONS = {
    "mất bằng lái xe xin cấp lại ở đâu": "giấy phép lái xe",
    "thủ tục sang tên sổ đỏ cho con": "quyền sử dụng đất",
    "bị đuổi việc không báo trước được đền bù gì": "chấm dứt hợp đồng lao động",
    "vượt đèn đỏ phạt bao nhiêu tiền": "tín hiệu giao thông",
    "nghỉ đẻ được mấy tháng": "thai sản",
    "rút bảo hiểm một lần cần giấy tờ gì": "bảo hiểm xã hội một lần",
    "đi lính có được tạm hoãn khi đang học đại học": "nghĩa vụ quân sự",
    "ly dị chia tài sản thế nào": "ly hôn",
    "mở công ty cần bao nhiêu vốn": "thành lập doanh nghiệp",
    "trốn nghĩa vụ bị phạt thế nào": "nghĩa vụ quân sự",
    "hóa đơn đỏ viết sai xử lý ra sao": "hóa đơn",
    "ăn trộm xe máy đi tù mấy năm": "trộm cắp tài sản",
    "chó cắn người ai bồi thường": "súc vật",
    "tiền thất nghiệp tính thế nào": "trợ cấp thất nghiệp",
    "nhập tịch việt nam điều kiện": "quốc tịch",
    "giấy độc thân xin ở đâu": "tình trạng hôn nhân",
    "lấn chiếm vỉa hè bị phạt bao nhiêu": "hè phố",
    "uống rượu lái xe ô tô phạt bao nhiêu": "nồng độ cồn",
    "thuế trước bạ ô tô": "lệ phí trước bạ",
    "về hưu sớm bị trừ bao nhiêu phần trăm": "nghỉ hưu trước tuổi",
    "xây nhà không phép bị phạt": "giấy phép xây dựng",
    "bán hàng đa cấp phải đăng ký ở đâu": "đa cấp",
    "sáp nhập xã thì giấy tờ có phải đổi": "đơn vị hành chính",
}
FIRST = 10


def named(engine: Engine, text: str, official: str, *, verbatim: bool) -> float:
    """The share of the first ten that have the law's word in their title or beginning, accents left aside."""
    answer = find(engine, Query(text=text, size=FIRST, beyond=True, verbatim=verbatim)).answer
    articles = [match.article for match in (*answer.matches, *answer.rest)]
    return sum(fold(official) in fold(f"{one.title} {one.text[:3000]}") for one in articles) / FIRST


def main() -> None:
    """Index where needed, ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", type=Path, help="the folder with retrieval/")
    engine = engine_of("sets-law", options.parse_args().data / "retrieval" / "phapdien" / "corpus.jsonl.gz")
    print("| lay questions | typed | folded |")
    for name, verbatim in (("with what stands for a word", False), ("without", True)):
        rows = [
            [named(engine, text, word, verbatim=verbatim) for text, word in ((q, w), (fold(q), w))]
            for q, w in QUESTIONS.items()
        ]
        typed, folded = (sum(column) / len(rows) for column in zip(*rows, strict=True))
        print(f"| {name:<27} | {typed:.2f} | {folded:.2f} |".replace("0.", "."))


if __name__ == "__main__":
    main()
